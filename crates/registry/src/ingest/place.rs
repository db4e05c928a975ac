//! Where a row belongs: by its own word, else by its person's home, else by the list it stands in.

use kernel::{DivisionCode, DivisionLevel};

use super::layout;
use super::prepare::Prepared;
use super::work::ListWork;
use crate::sources::ScopeBy;

/// Facts that say where, the first that is given counts.
const SAID: [&str; 3] = ["residence_division", "hukou_division", "division"];

/// What a row says of them.
pub(crate) type Said = [Option<DivisionCode>; SAID.len()];

/// Where these facts stand among a row's plain values.
#[derive(Clone, Copy)]
pub(super) struct SaidAt([Option<usize>; SAID.len()]);

impl SaidAt {
    /// `keys` of the plain values, in order.
    pub fn of<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Self {
        Self(SAID.map(|said| keys.clone().position(|key| key == said)))
    }

    pub fn read(&self, plain: &str) -> Said {
        let mut said = Said::default();
        if self.0.iter().any(Option::is_some) {
            for (at, value) in layout::values(plain).enumerate() {
                for (slot, _) in said.iter_mut().zip(self.0).filter(|(_, place)| *place == Some(at)) {
                    *slot = value.parse().ok();
                }
            }
        }
        said
    }
}

/// Where a row belongs by its own word.
pub(super) fn said_place(said: &Said) -> Option<DivisionCode> {
    said.iter().flatten().next().copied()
}

pub(super) fn township_of(place: DivisionCode) -> DivisionCode {
    place.at(DivisionLevel::Township).unwrap_or(place)
}

impl ListWork<'_> {
    /// The division of a row that is about `person`, if it is about someone known.
    pub fn place_of(&self, row: &Prepared, person: Option<i64>) -> Option<DivisionCode> {
        let home = || person.and_then(|person| self.index.division(person, ScopeBy::Residence));
        said_place(&row.said).or_else(home).or(match self.scope[..] {
            [one] => Some(one),
            _ => None,
        })
    }

    /// The township of the row at hand, as parts of lists are counted.
    pub fn township(&self) -> Option<DivisionCode> {
        self.place.map(township_of)
    }
}
