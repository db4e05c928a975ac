//! Facts of which a person has several: the newest one that was made by a day and still valid on it counts.

use std::collections::BTreeMap;

use chrono::{Days, Months};
use kernel::Date;
use policy::Pack;
use policy::column::{Column, ColumnBuilder};
use policy::model::{Fact, FromStatements, Parameter};
use policy::value::{date_of, days_of};
use store::Keys;

use super::source_table::{Assessed, days, open_text, set_form};
use crate::RegistryError;
use crate::ingest::layout::{Layout, values};
use crate::rows::SEPARATOR;

/// Fills the columns of `facts`, all of which come from these statements.
pub(super) fn columns(
    pack: &Pack,
    keys: &Keys,
    layouts: &[Layout],
    assessed: &[&Assessed],
    facts: &[&Fact],
    (rows, as_of): (usize, Date),
    date_column: impl Fn(&str) -> Option<Column>,
) -> Result<BTreeMap<String, Column>, RegistryError> {
    let mut assessed = assessed.to_vec();
    assessed.sort_by_key(|one| one.row);
    let mut rest: Vec<(&Fact, &FromStatements)> =
        facts.iter().filter_map(|fact| Some((*fact, fact.from_statements.as_ref()?))).collect();
    let mut done = BTreeMap::new();
    // Facts that pick the same statements are filled together: each is picked, and opened, once.
    while let Some((_, picks)) = rest.first().copied() {
        let (alike, others) = rest.into_iter().partition(|(_, other)| picks_alike(picks, other));
        rest = others;
        let mut columns: Vec<Filled> = alike.into_iter().map(|fact| Filled::new(fact, layouts, rows)).collect();
        let validity = Validity::new(pack, layouts, picks);
        let at = if picks.valid_at == "as_of" { None } else { date_column(&picks.valid_at) };
        for statements in assessed.chunk_by(|one, other| one.row == other.row) {
            let row = statements[0].row as usize;
            let day = match &at {
                None if picks.valid_at == "as_of" => Some(as_of),
                None => None,
                Some(column) => column.get(row).as_date(),
            };
            let Some(day) = day else { continue };
            let newest = statements
                .iter()
                .filter_map(|a| Some((validity.of(a)?, *a)))
                .filter(|((on, until), _)| *on <= day && until.is_none_or(|until| day <= until))
                .max_by_key(|((on, _), a)| (*on, a.statement));
            if let Some(((_, until), picked)) = newest {
                let mut opened = None;
                columns.iter_mut().try_for_each(|column| column.fill(keys, row, (picked, until), &mut opened))?;
            }
        }
        done.extend(columns.into_iter().map(|filled| (filled.key, filled.column.finish())));
    }
    Ok(done)
}

/// Whether the same of several statements is picked for both.
fn picks_alike(one: &FromStatements, other: &FromStatements) -> bool {
    let by = |from: &FromStatements| {
        [Some(from.valid_at.clone()), from.on.clone(), from.until.clone(), from.validity_months.clone()]
    };
    by(one) == by(other)
}

/// From when to when statements are valid.
struct Validity<'p> {
    /// By layout, where a payload says so.
    on: Vec<Option<usize>>,
    until: Vec<Option<usize>>,
    /// Where it gives no last day.
    months: Option<&'p Parameter>,
}

impl<'p> Validity<'p> {
    fn new(pack: &'p Pack, layouts: &[Layout], from: &FromStatements) -> Self {
        let place = |key: &Option<String>| {
            let at = |layout: &Layout| layout.plain.iter().position(|plain| Some(plain) == key.as_ref());
            layouts.iter().map(at).collect()
        };
        let months = from.validity_months.as_deref().and_then(|id| pack.parameter(id));
        Self { on: place(&from.on), until: place(&from.until), months }
    }

    /// When it was made and its last valid day; none when its date is not known.
    fn of(&self, assessed: &Assessed) -> Option<(Date, Option<Date>)> {
        let date = |at: Option<usize>| Some(date_of(days(values(&assessed.payload).nth(at?)?)?));
        let on = date(self.on[assessed.layout])?;
        let until = date(self.until[assessed.layout]).or_else(|| {
            let parameter = self.months?;
            let months = parameter.on(on).or_else(|| parameter.values.first())?.value.as_units()?;
            let end = on.checked_add_months(Months::new(u32::try_from(months).ok()?))?;
            end.checked_sub_days(Days::new(1))
        });
        Some((on, until))
    }
}

/// A fact's column, and where a statement says it.
struct Filled {
    key: String,
    column: ColumnBuilder,
    place: Place,
}

enum Place {
    /// It is the last valid day.
    Until,
    /// By layout, among what is plain or what is sealed.
    Said(Vec<Option<Said>>),
}

enum Said {
    Plain(usize),
    Sealed(usize),
}

impl Filled {
    fn new((fact, from): (&Fact, &FromStatements), layouts: &[Layout], rows: usize) -> Self {
        let mut column = ColumnBuilder::new(fact.value_type);
        column.resize(rows);
        let among = |keys: &[String]| keys.iter().position(|key| *key == from.value);
        let said =
            |layout: &Layout| among(&layout.plain).map(Said::Plain).or_else(|| among(&layout.sealed).map(Said::Sealed));
        let is_until = from.until.as_ref() == Some(&from.value);
        let place = if is_until { Place::Until } else { Place::Said(layouts.iter().map(said).collect()) };
        Self { key: fact.key.clone(), column, place }
    }

    /// Takes what the picked statement says; `opened` is what is sealed in it, once somebody needed it.
    fn fill(
        &mut self,
        keys: &Keys,
        row: usize,
        (picked, until): (&Assessed, Option<Date>),
        opened: &mut Option<String>,
    ) -> Result<(), RegistryError> {
        let said = match &self.place {
            Place::Until => {
                if let Some(until) = until {
                    // A last day where the fact is no date stays unknown.
                    let _ = self.column.set_days(row, days_of(until));
                }
                return Ok(());
            }
            Place::Said(said) => said[picked.layout].as_ref(),
        };
        let form = match (said, &picked.sealed) {
            (Some(Said::Plain(at)), _) => values(&picked.payload).nth(*at),
            (Some(Said::Sealed(at)), Some(blob)) => {
                let text = match opened {
                    Some(text) => text,
                    None => opened.insert(open_text(keys, picked.statement, blob)?),
                };
                text.split(SEPARATOR).nth(*at)
            }
            _ => None,
        };
        if let Some(form) = form.filter(|form| !form.is_empty()) {
            set_form(&mut self.column, row, form);
        }
        Ok(())
    }
}
