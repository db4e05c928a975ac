//! Where a row belongs: by its own word, else by its person's home, else by the list it stands in.

use kernel::{DivisionCode, DivisionLevel};

use super::layout;
use super::prepare::Prepared;
use super::work::ListWork;
use crate::sources::ScopeBy;

/// Facts that say where, the first that is given counts.
const SAID: [&str; 3] = ["residence_division", "hukou_division", "division"];

impl ListWork<'_> {
    /// The division of a row that is about `person`, if it is about someone known.
    pub fn place_of(&self, row: &Prepared, person: Option<i64>) -> Option<DivisionCode> {
        let said = SAID.iter().find_map(|key| self.said(row, key));
        let home = || person.and_then(|person| self.index.division(person, ScopeBy::Residence));
        said.or_else(home).or(match self.scope[..] {
            [one] => Some(one),
            _ => None,
        })
    }

    /// The township of the row at hand, as parts of lists are counted.
    pub fn township(&self) -> Option<DivisionCode> {
        self.place.map(|place| place.at(DivisionLevel::Township).unwrap_or(place))
    }

    fn said(&self, row: &Prepared, key: &str) -> Option<DivisionCode> {
        let at = self.layout.plain.iter().position(|plain| plain == key)?;
        layout::values(&row.checked.plain).nth(at)?.parse().ok()
    }
}
