//! A value on its way into a list, before a department's spelling is put on it.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode};

/// One value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A code of the dictionary, which a list may write as code or as label.
    Code(String),
    Int(i64),
    /// Written as code, or by name where the column asks for a village.
    Division(DivisionCode),
    Bool(bool),
    Date(Date),
    /// A number as written, such as `19.5`.
    Decimal(String),
}

/// A row by what its columns give: fact keys, `name`, `id_number`, `valid_from` …
pub type Row = BTreeMap<&'static str, Cell>;

impl Cell {
    /// The plain form used in the truth files.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Code(text) | Self::Decimal(text) => text.clone(),
            Self::Int(n) => n.to_string(),
            Self::Division(at) => at.to_string(),
            Self::Bool(yes) => yes.to_string(),
            Self::Date(date) => date.to_string(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<DivisionCode> for Cell {
    fn from(at: DivisionCode) -> Self {
        Self::Division(at)
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A code of the dictionary.
pub(crate) fn code(value: &str) -> Cell {
    Cell::Code(value.to_owned())
}

/// A number with two decimals at most.
pub(crate) fn decimal(value: f64) -> Cell {
    let text = format!("{value:.2}");
    Cell::Decimal(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}
