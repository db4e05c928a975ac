//! Several departments on one fact: all are kept, the one of highest precedence is current; among equals the one that
//! spoke last.

use policy::column::ColumnBuilder;
use policy::value::Value;

use super::source_table::{Since, SourceTable};

/// What one source says.
pub(super) type Voice = (usize, Value);

/// What sources say of one fact, by precedence, the source read first among equals.
pub(super) struct Voices(Vec<Heard>);

struct Heard {
    precedence: i64,
    table: usize,
    column: ColumnBuilder,
    since: Since,
}

impl Voices {
    /// Takes the fact's columns out of the sources.
    pub fn take(tables: &mut [SourceTable], key: &str) -> Self {
        let mut heard: Vec<Heard> = Vec::new();
        for (table, of) in tables.iter_mut().enumerate() {
            if let Some((precedence, column, since)) = of.take(key) {
                heard.push(Heard { precedence, table, column, since });
            }
        }
        // Of equal precedence and day the source read first counts.
        heard.sort_by_key(|voice| (-voice.precedence, voice.table));
        Self(heard)
    }

    /// The current column, if any source speaks; `differ` is told each row of which sources say different things, the
    /// current one first.
    pub fn merge(self, tables: &[SourceTable], mut differ: impl FnMut(usize, &[Voice])) -> Option<ColumnBuilder> {
        let mut heard = self.0;
        let (first, rest) = heard.split_first_mut()?;
        let spoken = rest.iter().map(|voice| voice.column.known().clone()).reduce(|one, other| one.or(&other));
        for row in spoken.iter().flat_map(|spoken| spoken.ones()) {
            let said = |voice: &Heard| {
                let value = voice.column.get(row);
                let order = (-voice.precedence, std::cmp::Reverse(tables[voice.table].since(&voice.since, row)));
                (!value.is_null()).then_some((order, voice.table, value))
            };
            let mut others: Vec<_> = rest.iter().filter_map(said).collect();
            let own = said(first);
            let current = own.as_ref().map(|(_, table, _)| *table);
            others.splice(0..0, own);
            others.sort_by_key(|(order, ..)| *order);
            let voices: Vec<Voice> = others.into_iter().map(|(_, table, value)| (table, value)).collect();
            if current != Some(voices[0].0) {
                first.column.set(row, &voices[0].1).expect("both columns are of the fact's type");
            }
            if voices.iter().any(|(_, value)| *value != voices[0].1) {
                differ(row, &voices);
            }
        }
        Some(heard.swap_remove(0).column)
    }
}
