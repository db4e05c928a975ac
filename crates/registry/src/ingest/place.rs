//! Where a row belongs: by its own word, else by its person's home, else by the list it stands in.

use kernel::{DivisionCode, DivisionLevel};

use super::layout::{self, Layout};
use super::prepare::Prepared;
use super::work::ListWork;
use crate::sources::ScopeBy;

/// Facts that say where, the first that is given counts.
const SAID: [&str; 3] = ["residence_division", "hukou_division", "division"];

/// Where these facts stand in a layout's payloads.
#[derive(Clone, Copy)]
pub(super) struct SaidAt([Option<usize>; SAID.len()]);

impl SaidAt {
    pub fn of(layout: &Layout) -> Self {
        Self(SAID.map(|key| layout.plain.iter().position(|plain| plain == key)))
    }
}

impl ListWork<'_> {
    /// The division of a row that is about `person`, if it is about someone known.
    pub fn place_of(&self, row: &Prepared, person: Option<i64>) -> Option<DivisionCode> {
        let value = |at: usize| layout::values(&row.checked.plain).nth(at)?.parse().ok();
        let said = self.said_at.0.into_iter().flatten().find_map(value);
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
}
