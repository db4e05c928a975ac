//! Where a source has been heard: what its silence about someone means from then on.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, DivisionCode};
use policy::column::{Bits, Column, ColumnData};
use store::Session;

use super::known::Known;
use crate::RegistryError;
use crate::linking::Aliases;
use crate::sources::{ScopeBy, Source};

/// What full lists have spoken for, by source.
pub(super) struct Heard {
    /// Empty where it is about one person.
    scopes: BTreeMap<String, BTreeSet<Option<DivisionCode>>>,
    /// People whose row is in quarantine: neither known nor absent.
    spared: BTreeMap<String, BTreeSet<i64>>,
    region: Vec<DivisionCode>,
}

fn scopes(known: &Known, as_of: Date) -> BTreeMap<String, BTreeSet<Option<DivisionCode>>> {
    let mut scopes: BTreeMap<String, BTreeSet<Option<DivisionCode>>> = BTreeMap::new();
    for list in known.lists.values().filter(|l| l.full && l.date <= as_of) {
        scopes.entry(list.source.clone()).or_default().insert(list.scope);
    }
    scopes
}

/// A latest list that speaks for someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Speaks {
    pub list: i64,
    pub date: Date,
}

impl Heard {
    pub fn load(
        session: &mut Session,
        known: &Known,
        as_of: Date,
        region: &[DivisionCode],
    ) -> Result<Self, RegistryError> {
        let mut spared: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        let aliases = Aliases::of_persons(session)?;
        session.query_each(include_str!("../../sql/held_row_subjects.sql"), &[], |row| {
            if let Some(list) = known.lists.get(&row.int(0)?) {
                spared.entry(list.source.clone()).or_default().insert(aliases.root(row.int(1)?));
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(Self { scopes: scopes(known, as_of), spared, region: region.to_vec() })
    }

    /// What is enough to ask for the [`Heard::latest`] list about one person, who has these entries in the registry.
    pub fn about(
        session: &mut Session,
        known: &mut Known,
        region: &[DivisionCode],
        (person, entries): (i64, &[i64]),
    ) -> Result<Self, RegistryError> {
        let mut spared: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for entry in entries {
            for row in session.query(include_str!("../../sql/held_row_of_subject.sql"), &[(*entry).into()])? {
                if let Some(list) = known.hear(&row, 0)? {
                    spared.entry(known.lists[&list].source.clone()).or_default().insert(person);
                }
            }
        }
        Ok(Self { scopes: BTreeMap::new(), spared, region: region.to_vec() })
    }

    /// For every row, whether a full list of the source spoke for it.
    pub fn rows(&self, source: &Source, ids: &[i64], residence: Option<&Column>, hukou: Option<&Column>) -> Bits {
        let Some(scopes) = self.scopes.get(&source.id) else { return Bits::filled(ids.len(), false) };
        let mut heard = if source.scope_by == ScopeBy::None {
            Bits::filled(ids.len(), true)
        } else {
            let (first, second) =
                if source.scope_by == ScopeBy::Hukou { (hukou, residence) } else { (residence, hukou) };
            let (first, second) = (Inside::of(first, self, scopes), Inside::of(second, self, scopes));
            let covered = |row| first.get(row).or_else(|| second.get(row)).unwrap_or(false);
            Bits::from_bools((0..ids.len()).map(covered))
        };
        for id in self.spared.get(&source.id).into_iter().flatten() {
            if let Ok(row) = ids.binary_search(id) {
                heard.set(row, false);
            }
        }
        heard
    }

    /// Whether a division lies in one of the scopes.
    fn covers(&self, scopes: &BTreeSet<Option<DivisionCode>>, division: DivisionCode) -> bool {
        scopes.iter().any(|scope| match scope {
            Some(scope) => scope.contains(division),
            None => self.region.iter().any(|root| root.contains(division)),
        })
    }

    /// The newest full list of a source that speaks for someone of this division.
    pub fn latest(
        &self,
        known: &Known,
        source: &Source,
        as_of: Date,
        division: Option<DivisionCode>,
        person: i64,
    ) -> Option<Speaks> {
        if self.spared.get(&source.id).is_some_and(|s| s.contains(&person)) {
            return None;
        }
        let speaks = |scope: Option<DivisionCode>| {
            source.scope_by == ScopeBy::None || division.is_some_and(|d| self.covers(&BTreeSet::from([scope]), d))
        };
        let lists = known.lists.iter().filter(|(_, l)| l.full && l.source == source.id && l.date <= as_of);
        let mine = lists.filter(|(_, l)| speaks(l.scope));
        mine.max_by_key(|(id, l)| (l.date, **id)).map(|(id, l)| Speaks { list: *id, date: l.date })
    }
}

/// Per distinct division of a column, whether the scopes cover it.
struct Inside<'c> {
    column: Option<&'c Column>,
    of_code: Vec<bool>,
}

impl<'c> Inside<'c> {
    fn of(column: Option<&'c Column>, heard: &Heard, scopes: &BTreeSet<Option<DivisionCode>>) -> Self {
        let of_code = match column.map(Column::data) {
            Some(ColumnData::Text { dictionary, .. }) => {
                dictionary.iter().map(|text| text.parse().is_ok_and(|code| heard.covers(scopes, code))).collect()
            }
            _ => Vec::new(),
        };
        Self { column, of_code }
    }

    fn get(&self, row: usize) -> Option<bool> {
        let column = self.column?;
        match column.data() {
            ColumnData::Text { codes, .. } if column.is_known(row) => {
                codes.get(row).and_then(|code| self.of_code.get(*code as usize)).copied()
            }
            _ => None,
        }
    }
}
