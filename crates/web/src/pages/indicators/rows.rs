//! The rows behind an indicator: who or what counts, is missing, or is not decided.

use cycle::Drill;
use kernel::{DivisionCode, PersonId};
use policy::IndicatorTable;
use policy::column::{Bits, Table};
use policy::model::{Indicator, Measure};
use serde::Serialize;

use super::said;
use crate::desk::{Desk, every_word};
use crate::parts::FactShown;

/// Rows of a drill-down on one page.
pub const ROWS: i64 = 30;

/// A person, place or division of the drill-down.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: Option<String>,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub facts: Vec<FactShown>,
}

/// Which rows of the denominator are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Missing,
    Counted,
    Unknown,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Missing, Self::Counted, Self::Unknown];

    /// The word in addresses and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Counted => "counted",
            Self::Unknown => "unknown",
        }
    }

    /// The side of that name, else what is missing.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|side| side.name() == name).unwrap_or_default()
    }

    /// The rows of this side.
    #[must_use]
    pub fn rows(self, table: &IndicatorTable) -> Bits {
        match self {
            Self::Missing => table.rows.and_not(&table.numerator).and_not(&table.unknown),
            Self::Counted => table.numerator.clone(),
            Self::Unknown => table.unknown.clone(),
        }
    }
}

/// The rows of one division.
pub struct Listed<'t> {
    table: Option<&'t Table>,
    measured: &'t IndicatorTable,
    at: DivisionCode,
    whole: bool,
}

impl<'t> Listed<'t> {
    #[must_use]
    pub fn new(desk: &Desk<'t>, drill: &'t Drill, at: DivisionCode) -> Self {
        let whole = said::whole(desk) == Some(at);
        let population = drill.earlier.as_ref().unwrap_or(desk.population);
        Self { table: population.table(&drill.table.entity), measured: &drill.table, at, whole }
    }

    /// Rows of a side, in table order.
    pub fn rows(&self, side: Side) -> impl Iterator<Item = usize> + '_ {
        let rows: Vec<usize> = side.rows(self.measured).ones().collect();
        rows.into_iter().filter(|row| match self.measured.divisions[*row] {
            Some(own) => self.at.contains(own),
            None => self.whole,
        })
    }

    /// The number of a row: a person's, a place's, a division's code, else where it stands in the table.
    #[must_use]
    pub fn id(&self, indicator: &Indicator, row: usize) -> String {
        match (indicator.entity.as_str(), self.table.map(|table| table.ids()[row])) {
            ("person", Some(id)) => PersonId(id).to_string(),
            ("place", Some(id)) => kernel::PlaceId(id).to_string(),
            ("division", _) => self.measured.divisions[row].map(|code| code.to_string()).unwrap_or_default(),
            (_, id) => id.unwrap_or_default().to_string(),
        }
    }

    /// How many rows a side has.
    #[must_use]
    pub fn count(&self, side: Side) -> i64 {
        i64::try_from(self.rows(side).count()).unwrap_or(0)
    }

    /// One page of a side from its `from`th row, counted from 1.
    pub fn page(&self, side: Side, from: i64) -> impl Iterator<Item = usize> + '_ {
        let skip = usize::try_from(from - 1).unwrap_or(0);
        self.rows(side).skip(skip).take(usize::try_from(ROWS).unwrap_or(0))
    }
}

/// One row with the facts the numerator reads.
#[must_use]
pub fn shown(desk: &Desk<'_>, indicator: &Indicator, listed: &Listed<'_>, row: usize) -> Row {
    let place = listed.measured.divisions[row].map(|code| desk.where_is(code)).unwrap_or_default();
    let Some(table) = listed.table else {
        return Row { href: None, name: row.to_string(), age: None, place, facts: Vec::new() };
    };
    let (Measure::Count(sql) | Measure::Sum(sql)) = &indicator.numerator;
    let facts = every_word(&sql.text)
        .into_iter()
        .filter(|key| desk.pack.dictionary.get(&indicator.entity, key).is_some())
        .filter_map(|key| desk.shown(&indicator.entity, key, &table.get(row, key)))
        .take(3)
        .collect();
    match indicator.entity.as_str() {
        "person" => {
            let person = desk.person(PersonId(table.ids()[row]));
            Row { href: person.href, name: person.name, age: person.age, place, facts }
        }
        _ => {
            let name = table.get(row, "name").as_text().map_or_else(|| place.clone(), str::to_owned);
            Row { href: None, place: if name == place { String::new() } else { place }, name, age: None, facts }
        }
    }
}
