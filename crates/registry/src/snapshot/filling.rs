//! The columns of the facts that people's lists give, one after the other on two threads.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use kernel::PersonId;
use policy::column::{Bits, Column, ColumnBuilder, ColumnData, Table};
use policy::model::{Fact, FromDivision};
use policy::value::{Value, ValueType};

use super::heard::Heard;
use super::merge::Voices;
use super::source_table::SourceTable;
use super::{Conflict, Loading};
use crate::sources::Source;

/// What columns are made of.
pub(super) struct Filling<'f> {
    pub loading: &'f Loading<'f>,
    pub tables: &'f [SourceTable],
    pub heard: &'f Heard,
    pub sources: &'f [&'f Source],
    /// People with where they live and are registered.
    pub person: &'f Table,
}

/// The next of some things that nobody has taken.
pub(super) fn taken<'t, T>(next: &AtomicUsize, things: &'t [T]) -> Option<(usize, &'t T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    things.get(at).map(|thing| (at, thing))
}

impl Filling<'_> {
    /// The columns of some facts, in their order.
    pub fn columns(&self, facts: &[&Fact], voices: Vec<Voices>, conflicts: &mut Vec<Conflict>) -> Vec<Column> {
        let next = AtomicUsize::new(0);
        let voices: Vec<Mutex<Option<Voices>>> = voices.into_iter().map(|voices| Mutex::new(Some(voices))).collect();
        let spoke: Vec<OnceLock<Bits>> = self.sources.iter().map(|_| OnceLock::new()).collect();
        let fill = || {
            let (mut columns, mut conflicts) = (Vec::new(), Vec::new());
            while let Some((at, fact)) = taken(&next, facts) {
                let voices = voices[at].lock().unwrap_or_else(PoisonError::into_inner).take();
                columns.push((at, self.column(fact, voices, &spoke, &mut conflicts)));
            }
            (columns, conflicts)
        };
        let (mut columns, found) = thread::scope(|scope| {
            let other = scope.spawn(fill);
            let (mut columns, mut conflicts) = fill();
            let (others, more) = other.join().unwrap_or_else(|panic| resume_unwind(panic));
            columns.extend(others);
            conflicts.extend(more);
            (columns, conflicts)
        });
        conflicts.extend(found);
        columns.sort_by_key(|(at, _)| *at);
        columns.into_iter().map(|(_, column)| column).collect()
    }

    fn column(
        &self,
        fact: &Fact,
        voices: Option<Voices>,
        spoke: &[OnceLock<Bits>],
        conflicts: &mut Vec<Conflict>,
    ) -> Column {
        let ids = &self.loading.rows.ids;
        if fact.key == "person_id" {
            return own_ids(ids);
        }
        let merged = voices.and_then(|voices| self.loading.merged(voices, self.tables, &fact.key, conflicts));
        let mut column = merged.unwrap_or_else(|| {
            let mut empty = ColumnBuilder::new(fact.value_type);
            empty.resize(ids.len());
            empty
        });
        if let Some(absent) = &fact.absent {
            for (source, spoke) in self.sources.iter().zip(spoke) {
                if source.facts().any(|given| given.key == fact.key) {
                    let homes = (self.person.column("residence_division"), self.person.column("hukou_division"));
                    let spoke = spoke.get_or_init(|| self.heard.rows(source, ids, homes.0, homes.1));
                    column.set_unknown(spoke, absent).expect("the dictionary's absent value is of the fact's type");
                }
            }
        }
        if let Some(from) = &fact.from_division {
            fill_from_division(&mut column, from, self.person, self.loading.divisions);
        }
        column.finish()
    }
}

/// Everyone's own id: no two are alike, so none is looked for among the others.
fn own_ids(ids: &[i64]) -> Column {
    let dictionary: Arc<[Arc<str>]> = ids.iter().map(|id| Arc::from(PersonId(*id).to_string())).collect();
    let codes = (0..).take(ids.len()).collect();
    Column::new(ValueType::Text, ColumnData::Text { dictionary, codes }, None).expect("texts in a column of texts")
}

/// A fact of the division a person belongs to: the first known of the division facts counts, whatever it says.
fn fill_from_division(column: &mut ColumnBuilder, from: &FromDivision, person: &Table, divisions: &Table) {
    let value =
        |row| divisions.get(row, "code").as_text().map(|code| (code.to_owned(), divisions.get(row, &from.take)));
    let value_of: HashMap<String, Value> = (0..divisions.rows()).filter_map(value).collect();
    // By home and code of its dictionary.
    let homes: Vec<(&Column, &[u32], Vec<Option<&Value>>)> = from
        .of
        .iter()
        .filter_map(|key| person.column(key))
        .filter_map(|home| match home.data() {
            ColumnData::Text { dictionary, codes } => {
                let values = dictionary.iter().map(|code| value_of.get(&**code).filter(|value| !value.is_null()));
                Some((home, codes.as_slice(), values.collect()))
            }
            _ => None,
        })
        .collect();
    for row in 0..person.rows() {
        let home = homes.iter().find(|(home, ..)| home.is_known(row));
        if let Some(value) = home.and_then(|(_, codes, values)| values[codes[row] as usize]) {
            column.set(row, value).expect("the check compares the types of the two facts");
        }
    }
}
