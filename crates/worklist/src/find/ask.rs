//! Facts that decide something and are not known: who has to be asked what.
//!
//! A fact that nobody has, because its list never came, is not asked of every person: the list is what is missing.
//! and [`lists_missing`] says so.

use std::collections::{BTreeMap, BTreeSet};

use policy::column::Table;

use super::{Findings, Here};
use crate::model::{Kind, Wanted};

pub fn find(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let unheard = never_heard(here.people);
    let mut waiting: BTreeMap<(usize, String), i64> = BTreeMap::new();
    for rule in night.found.rules.iter().filter(|r| r.entity == "person") {
        for (row, keys) in night.program.missing(night.population, &rule.id, &rule.outcome.unknown(), night.as_of) {
            for key in keys.into_iter().filter(|key| !unheard.contains(key.as_str())) {
                *waiting.entry((row, key)).or_default() += 1;
            }
        }
    }
    let items = waiting.into_iter().map(|((row, fact), rules)| {
        // The more rules wait for it, the sooner it is asked.
        Wanted { fact: Some(fact), rank: -rules, ..here.item(Kind::Ask, "", row, "fact_missing") }
    });
    items.collect()
}

/// Facts that no row of the table has.
fn never_heard(table: &Table) -> BTreeSet<&str> {
    let silent = table.columns().iter().filter(|(_, column)| (0..column.len()).all(|row| !column.is_known(row)));
    silent.map(|(key, _)| key.as_str()).collect()
}
