//! Facts that decide something and are not known: who has to be asked what.
//!
//! A fact that nobody has, because its list never came, is not asked of every person: the list is what is missing.
//! and [`lists_missing`] says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy::column::Table;

use super::{Findings, Here};
use crate::model::{Kind, Wanted};

pub fn find(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let unheard = never_heard(here.people);
    let waiting = night.program.waiting(night.population, night.found, "person");
    let (no_rule, cause): (Arc<str>, Arc<str>) = ("".into(), "fact_missing".into());
    let mut facts: BTreeMap<&str, Arc<str>> = BTreeMap::new();
    let mut wanted = Vec::with_capacity(waiting.iter().filter(|waits| !unheard.contains(waits.fact)).count());
    wanted.extend(waiting.iter().filter(|waits| !unheard.contains(waits.fact)).map(|waits| {
        let fact = facts.entry(waits.fact).or_insert_with(|| waits.fact.into());
        // The more rules wait for it, the sooner it is asked.
        let rank = -i64::from(waits.rules);
        Wanted { fact: Some(Arc::clone(fact)), rank, ..here.item(Kind::Ask, &no_rule, waits.row, &cause) }
    }));
    wanted
}

/// Facts that no row of the table has.
fn never_heard(table: &Table) -> BTreeSet<&str> {
    let silent = table.columns().iter().filter(|(_, column)| match column.known() {
        Some(known) => known.count_ones() == 0,
        None => column.is_empty(),
    });
    silent.map(|(key, _)| key.as_str()).collect()
}
