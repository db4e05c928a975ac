//! Visits: events in a person's life, each kept once whoever reports it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState as Fold;
use kernel::{DivisionCode, DivisionLevel};
use store::Session;

use super::layout::values;
use super::pending::{NewVisit, write_visits};
use super::prepare::Prepared;
use super::work::ListWork;
use crate::RegistryError;
use crate::linking::at_once;
use crate::sources::ScopeBy;

/// A list about more people has all visits of its days read.
const FEW: usize = 4096;

impl ListWork<'_> {
    pub(super) fn visit(&self, person: i64, row: &Prepared) -> NewVisit {
        let value = |key: &str| {
            let found = self.layout.plain.iter().zip(values(&row.checked.plain)).find(|(k, _)| *k == key);
            found.map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        NewVisit { person, on: value("on"), kind: value("kind"), by: value("by"), row: row.checked.row }
    }

    /// Writes the visits that are not there yet; gives how many of each township.
    pub fn finish_visits(&mut self, tx: &mut Session) -> Result<BTreeMap<Option<DivisionCode>, u64>, RegistryError> {
        let visits = std::mem::take(&mut self.visits);
        let span = visits.iter().map(|v| &v.on).min().zip(visits.iter().map(|v| &v.on).max());
        let Some((first, last)) = span else { return Ok(BTreeMap::new()) };
        let people: HashSet<i64, Fold> = visits.iter().map(|visit| visit.person).collect();
        let kinds = numbered(visits.iter().map(|visit| &visit.kind));
        let days = numbered(visits.iter().map(|visit| &visit.on));
        // What was known before the list, and what it says itself.
        let mut known: HashMap<(i64, u32, u32), bool, Fold> = HashMap::default();
        let mut note = |row: &store::Row<'_>| {
            let person = row.int(0)?;
            if people.contains(&person)
                && let Some((kind, day)) = kinds.get(row.text(1)?).zip(days.get(row.text(2)?))
            {
                known.insert((person, *kind, *day), true);
            }
            Ok::<_, RegistryError>(())
        };
        let span = [first.as_str().into(), last.as_str().into()];
        if people.len() > FEW {
            tx.query_each(include_str!("../../sql/visit_between.sql"), &span, &mut note)?;
        } else {
            tx.count_anew("visit")?;
            let mut people: Vec<i64> = people.iter().copied().collect();
            people.sort_unstable();
            for some in at_once(&people) {
                let params = [&span[..], &some].concat();
                tx.query_each(include_str!("../../sql/visit_between_of_some.sql"), &params, &mut note)?;
            }
        }
        let mut new = Vec::new();
        for visit in &visits {
            match known.entry((visit.person, kinds[visit.kind.as_str()], days[visit.on.as_str()])) {
                Entry::Vacant(entry) => {
                    entry.insert(false);
                    self.counts.good += 1;
                    self.counts.opened += 1;
                    new.push(visit);
                }
                Entry::Occupied(entry) if *entry.get() => {
                    self.counts.good += 1;
                    self.counts.unchanged += 1;
                }
                Entry::Occupied(_) => self.counts.repeated += 1,
            }
        }
        write_visits(tx, self.list.0, &new)?;
        let mut townships = BTreeMap::new();
        for visit in &new {
            let home = self.index.division(visit.person, ScopeBy::Residence);
            *townships.entry(home.and_then(|home| home.at(DivisionLevel::Township))).or_default() += 1;
        }
        Ok(townships)
    }
}

/// A number for each different text.
fn numbered<'t>(texts: impl Iterator<Item = &'t String>) -> HashMap<&'t str, u32, Fold> {
    let mut numbers = HashMap::default();
    for text in texts {
        let next = numbers.len() as u32;
        numbers.entry(text.as_str()).or_insert(next);
    }
    numbers
}
