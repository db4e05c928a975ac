//! What one source says of every row on a day: a column per fact, the newest statement in force counting.

use std::collections::HashMap;

use policy::column::{Bits, ColumnBuilder};
use policy::value::{Value, ValueType, date_of};
use store::{Keys, Row, Session};

use super::known::{Known, Times};
use crate::RegistryError;
use crate::ingest::layout::{Layout, values};
use crate::ingest::pending::statement;
use crate::linking::{Aliases, many_at_once};
use crate::rows::SEPARATOR;
use crate::sources::{FactColumn, Source};

/// Rows of a table by subject id.
pub(super) struct Rows {
    pub ids: Vec<i64>,
    row_of: Vec<u32>,
    /// Rows of entries below zero, those of linked rows, by their number.
    row_of_linked: Vec<u32>,
}

/// One source's columns.
pub(super) struct SourceTable {
    pub source: String,
    pub facts: Vec<FactColumn>,
    /// The part in which each fact is kept, until facts are taken out.
    pub parts: Vec<i64>,
    pub columns: Vec<ColumnBuilder>,
    /// Of the newest statement about each row, when it began; `i32::MIN`: none is in force.
    pub newest: Vec<i32>,
    /// The same by fact, parallel to the columns, where each statement speaks of one; else empty maps.
    since: Vec<HashMap<usize, i32>>,
    by_fact: bool,
    /// Rows of which the source says anything.
    pub spoken: Bits,
    /// Rows about people whose name the source writes differently.
    pub other_name: Vec<u32>,
    /// Whether some facts are kept apart.
    apart: bool,
    /// Every recorded statement of facts of which several count, for the newest valid one to be picked.
    pub assessed: Vec<Assessed>,
    /// Where it is to be kept: later days on which a statement begins or ends, and whom it is about.
    pub turns: Option<Vec<(i32, i64)>>,
}

/// Where a layout's values belong.
struct Placed {
    layout: usize,
    plain: Vec<Option<usize>>,
    sealed: Vec<Option<usize>>,
    name_at: Option<usize>,
    /// Whether anything sealed is asked for.
    open: bool,
}

/// By what statements are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    pub keys: &'r Keys,
    pub known: &'r Known,
    pub rows: &'r Rows,
    pub layouts: &'r [Layout],
}

/// Where it is kept since when something is said.
pub(super) enum Since {
    /// With the row: a statement speaks of all facts.
    Rows,
    /// By row, for a register whose statements speak of one fact each.
    Facts(HashMap<usize, i32>),
}

/// One of several statements about a person.
pub(super) struct Assessed {
    pub row: u32,
    pub statement: i64,
    pub layout: usize,
    pub payload: Box<str>,
    pub sealed: Option<Box<[u8]>>,
}

impl Rows {
    /// `ids` ascending, none of them merged into another; merged entries have the row of the one they are read as.
    pub fn new(ids: Vec<i64>, aliases: &Aliases) -> Self {
        let highest = ids.iter().copied().chain(aliases.iter().map(|(gone, _)| gone)).max().unwrap_or(0);
        let last = usize::try_from(highest).unwrap_or(0);
        let mut row_of = vec![u32::MAX; last + 1];
        for (row, id) in ids.iter().enumerate() {
            if let Some(slot) = usize::try_from(*id).ok().and_then(|at| row_of.get_mut(at)) {
                *slot = u32::try_from(row).expect("fewer than 2^32 rows");
            }
        }
        let lowest = aliases.iter().map(|(gone, _)| gone).min().unwrap_or(0).min(0);
        let mut row_of_linked = vec![u32::MAX; usize::try_from(-lowest).unwrap_or(0) + 1];
        for (gone, root) in aliases.iter() {
            let row = usize::try_from(root).ok().and_then(|at| row_of.get(at)).copied().unwrap_or(u32::MAX);
            let (rows, at) = if gone < 0 { (&mut row_of_linked, -gone) } else { (&mut row_of, gone) };
            if let Some(slot) = usize::try_from(at).ok().and_then(|at| rows.get_mut(at)) {
                *slot = row;
            }
        }
        Self { ids, row_of, row_of_linked }
    }

    pub fn row(&self, id: i64) -> Option<usize> {
        let (rows, at) = if id < 0 { (&self.row_of_linked, -id) } else { (&self.row_of, id) };
        let row = usize::try_from(at).ok().and_then(|at| rows.get(at)).copied()?;
        (row != u32::MAX).then_some(row as usize)
    }
}

impl SourceTable {
    /// A table of which nothing is read yet; facts in `several` are to be kept apart, statement by statement. Only facts
    /// that are wanted get a column.
    pub fn new(source: &Source, rows: &Rows, several: &[&str], wants: impl Fn(&str) -> bool) -> Self {
        let mut facts: Vec<FactColumn> = Vec::new();
        for fact in source.facts() {
            if !facts.iter().any(|f| f.key == fact.key) && !several.contains(&fact.key.as_str()) {
                facts.push(fact.clone());
            }
        }
        let (parts, facts): (Vec<i64>, Vec<FactColumn>) = (1..).zip(facts).filter(|(_, fact)| wants(&fact.key)).unzip();
        Self {
            source: source.id.clone(),
            columns: facts.iter().map(|fact| ColumnBuilder::new(fact.value_type)).collect(),
            newest: Vec::new(),
            since: vec![HashMap::new(); facts.len()],
            by_fact: source.own.as_ref().is_some_and(|own| own.by_fact),
            facts,
            parts,
            spoken: Bits::filled(rows.ids.len(), false),
            other_name: Vec::new(),
            apart: !several.is_empty(),
            assessed: Vec::new(),
            turns: None,
        }
    }

    /// Reads the source's statements: all of them, or those about some entries, ascending.
    pub fn read(
        &mut self,
        session: &mut Session,
        reading: Reading<'_>,
        about: Option<&[i64]>,
    ) -> Result<(), RegistryError> {
        for (at, layout) in reading.layouts.iter().enumerate() {
            if layout.source != self.source {
                continue;
            }
            let place = |key: &String| self.facts.iter().position(|f| f.key == *key);
            let sealed: Vec<Option<usize>> = layout.sealed.iter().map(place).collect();
            let placed = Placed {
                layout: at,
                plain: layout.plain.iter().map(place).collect(),
                name_at: layout.plain.iter().position(|key| key == "name_differs"),
                open: sealed.iter().any(Option::is_some),
                sealed,
            };
            let cut = reading.known.closed_before(layout.id);
            match about {
                None => session.query_each(include_str!("../../sql/statement_all.sql"), &cut, |row| {
                    self.take_row(reading, &placed, row)
                })?,
                Some(entries) => {
                    for some in many_at_once(entries) {
                        let params: Vec<store::Value> = cut.iter().cloned().chain(some).collect();
                        session.query_each(include_str!("../../sql/statement_all_of.sql"), &params, |row| {
                            self.take_row(reading, &placed, row)
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes a fact out, when the source gives it and says anything: its precedence, its values, and since when each is
    /// said.
    pub fn take(&mut self, key: &str) -> Option<(i64, ColumnBuilder, Since)> {
        self.spoken.ones().next()?;
        let place = self.facts.iter().position(|f| f.key == key)?;
        let fact = self.facts.remove(place);
        let since = self.since.remove(place);
        let since = if self.by_fact { Since::Facts(since) } else { Since::Rows };
        Some((fact.precedence, self.columns.remove(place), since))
    }

    /// When what the source says of a row began.
    pub fn since(&self, since: &Since, row: usize) -> i32 {
        match since {
            Since::Rows => self.newest[row],
            Since::Facts(days) => days.get(&row).copied().unwrap_or(i32::MIN),
        }
    }

    fn take_row(
        &mut self,
        Reading { keys, known, rows, .. }: Reading<'_>,
        placed: &Placed,
        row: &Row<'_>,
    ) -> Result<(), RegistryError> {
        let times = Times::read(row, 4)?;
        let subject = row.int(1)?;
        if let Some(turns) = &mut self.turns {
            turns.extend(known.later_turns(&times).map(|day| (days(day).unwrap_or(i32::MIN), subject)));
        }
        let Some(at_row) = rows.row(subject) else { return Ok(()) };
        if self.apart && known.is_recorded(&times) && !known.is_closed(&times) {
            self.assessed.push(Assessed {
                row: u32::try_from(at_row).unwrap_or(u32::MAX),
                statement: row.int(0)?,
                layout: placed.layout,
                payload: row.text(2)?.into(),
                sealed: row.opt_blob(3)?.map(Into::into),
            });
        }
        let from = days(times.from).unwrap_or(i32::MIN);
        self.make_room(rows.ids.len());
        if !known.is_in_force(&times) || (from < self.newest[at_row] && !self.by_fact) {
            return Ok(());
        }
        self.newest[at_row] = from.max(self.newest[at_row]);
        if self.spoken.get(at_row) && !self.by_fact {
            self.forget(at_row);
        }
        self.spoken.set(at_row, true);
        self.always(at_row);
        for (value, place) in values(row.text(2)?).zip(&placed.plain) {
            self.set(at_row, from, *place, value);
        }
        if placed.name_at.is_some_and(|i| values(row.text(2).unwrap_or("")).nth(i) == Some("1")) {
            self.other_name.push(u32::try_from(at_row).unwrap_or(u32::MAX));
        }
        if let Some(blob) = row.opt_blob(3)?.filter(|_| placed.open) {
            let text = open_text(keys, row.int(0)?, blob)?;
            for (value, place) in text.split(SEPARATOR).zip(&placed.sealed) {
                self.set(at_row, from, *place, value);
            }
        }
        Ok(())
    }

    /// Memory for every row, only where there is anything to say.
    pub fn make_room(&mut self, rows: usize) {
        if self.newest.is_empty() {
            self.newest = vec![i32::MIN; rows];
            self.columns.iter_mut().for_each(|column| column.resize(rows));
        }
    }

    fn forget(&mut self, row: usize) {
        for column in &mut self.columns {
            column.set(row, &Value::Null).expect("null fits every column");
        }
    }

    fn always(&mut self, row: usize) {
        for (fact, column) in self.facts.iter().zip(&mut self.columns) {
            if let Some(value) = &fact.always {
                // The catalogue was checked against the dictionary; a misfit stays unknown.
                let _ = column.set(row, value);
            }
        }
    }

    fn set(&mut self, row: usize, from: i32, place: Option<usize>, form: &str) {
        if let Some(place) = place.filter(|_| !form.is_empty()) {
            if self.by_fact {
                let since = self.since[place].entry(row).or_insert(i32::MIN);
                if from < *since {
                    return;
                }
                *since = from;
            }
            set_form(&mut self.columns[place], row, form);
        }
    }
}

/// The sealed values of a statement.
pub(super) fn open_text(keys: &Keys, id: i64, blob: &[u8]) -> Result<String, RegistryError> {
    let text = keys.open(&statement(id), blob).map_err(|cause| RegistryError::Seal { table: "statement", cause })?;
    String::from_utf8(text)
        .map_err(|_| RegistryError::Damaged { table: "statement", cause: "sealed values are no text" })
}

/// Sets a cell from its canonical form; a form that does not fit (the fact's type has changed) stays unknown.
pub(super) fn set_form(column: &mut ColumnBuilder, row: usize, form: &str) {
    if column.ty() == ValueType::Text {
        column.set_text(row, form).expect("the column holds text");
    } else if column.ty() == ValueType::Date {
        if let Some(days) = days(form) {
            column.set_days(row, days).expect("the column holds dates");
        }
    } else if let Some(value) = value_of(column.ty(), form) {
        let _ = column.set(row, &value);
    }
}

/// A value from its canonical form.
pub(super) fn value_of(ty: ValueType, form: &str) -> Option<Value> {
    if form.is_empty() {
        return None;
    }
    Some(match ty {
        ValueType::Bool => Value::Bool(form == "1"),
        ValueType::Int => Value::Int(form.parse().ok()?),
        ValueType::Fen => Value::Fen(form.parse().ok()?),
        ValueType::Decimal(scale) => {
            let (whole, part) = form.split_once('.').unwrap_or((form, ""));
            let places = usize::from(scale);
            Value::Decimal { units: format!("{whole}{part:0<places$.places$}").parse().ok()?, scale }
        }
        ValueType::Float => Value::Float(form.parse().ok()?),
        ValueType::Date => Value::Date(date_of(days(form)?)),
        ValueType::Text => Value::text(form),
    })
}

/// Days since 1970-01-01 of an ISO date, by arithmetic: a snapshot reads a million of them.
pub(super) fn days(text: &str) -> Option<i32> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i32> {
        b[from..to].iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + i32::from(d - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // March-based years, so that the leap day comes last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (y.div_euclid(400), y.rem_euclid(400));
    let day_of_year = (153 * m + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_as_the_calendar_does() {
        let mut date = kernel::parse_date("1899-12-28").unwrap();
        for _ in 0..80_000 {
            assert_eq!(days(&date.to_string()), Some(policy::value::days_of(date)));
            date = date.succ_opt().unwrap();
        }
        assert_eq!(days("2026-13-01"), None);
    }

    #[test]
    fn forms_become_values() {
        assert_eq!(value_of(ValueType::Decimal(2), "12.5"), Some(Value::Decimal { units: 1250, scale: 2 }));
        assert_eq!(value_of(ValueType::Decimal(2), "-0.05"), Some(Value::Decimal { units: -5, scale: 2 }));
        assert_eq!(value_of(ValueType::Bool, "0"), Some(Value::Bool(false)));
        assert_eq!(value_of(ValueType::Int, ""), None);
    }
}
