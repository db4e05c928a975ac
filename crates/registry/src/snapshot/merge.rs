//! Several departments on one fact: all are kept, the one of highest precedence is current.

use policy::column::ColumnBuilder;
use policy::value::Value;

use super::source_table::SourceTable;

/// What one source says.
pub(super) type Voice = (usize, Value);

/// Takes the fact's columns out of the sources and makes the current one; `differ` is told each row of which
/// sources say different things, highest precedence first.
pub(super) fn merge(
    tables: &mut [SourceTable],
    key: &str,
    mut differ: impl FnMut(usize, &[Voice]),
) -> Option<ColumnBuilder> {
    let mut voices: Vec<(i64, usize, ColumnBuilder)> = Vec::new();
    for (at, table) in tables.iter_mut().enumerate() {
        if let Some(place) = table.facts.iter().position(|f| f.key == key) {
            let fact = table.facts.remove(place);
            voices.push((fact.precedence, at, table.columns.remove(place)));
        }
    }
    // Of equal precedence the source read first counts.
    voices.sort_by_key(|(precedence, at, _)| (-precedence, *at));
    if voices.len() < 2 {
        return voices.pop().map(|(.., column)| column);
    }
    let (first, rest) = voices.split_at_mut(1);
    let (_, first_table, current) = &mut first[0];
    for row in 0..current.len() {
        let others = rest.iter().map(|(_, table, column)| (*table, column.get(row)));
        let mut said: Vec<Voice> = others.filter(|(_, value)| !value.is_null()).collect();
        if said.is_empty() {
            continue;
        }
        let own = current.get(row);
        if own.is_null() {
            current.set(row, &said[0].1).expect("both columns are of the fact's type");
        } else {
            said.insert(0, (*first_table, own));
        }
        if said.iter().any(|(_, value)| *value != said[0].1) {
            differ(row, &said);
        }
    }
    Some(voices.swap_remove(0).2)
}
