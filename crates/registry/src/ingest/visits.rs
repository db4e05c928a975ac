//! Visits: events in a person's life, each kept once whoever reports it.

use std::collections::{BTreeMap, HashSet};

use kernel::{DivisionCode, DivisionLevel};
use store::Session;

use super::layout::values;
use super::pending::{NewVisit, write_visits};
use super::prepare::Prepared;
use super::work::ListWork;
use crate::RegistryError;
use crate::sources::ScopeBy;

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
        let mut known: HashSet<(i64, String, String)> = HashSet::new();
        let params = [first.as_str().into(), last.as_str().into()];
        tx.query_each(include_str!("../../sql/visit_between.sql"), &params, |row| {
            known.insert((row.int(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned()));
            Ok::<_, RegistryError>(())
        })?;
        let before = known.clone();
        let mut new = Vec::new();
        for visit in visits {
            let key = (visit.person, visit.kind.clone(), visit.on.clone());
            if known.insert(key.clone()) {
                self.counts.good += 1;
                self.counts.opened += 1;
                new.push(visit);
            } else if before.contains(&key) {
                self.counts.good += 1;
                self.counts.unchanged += 1;
            } else {
                self.counts.repeated += 1;
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
