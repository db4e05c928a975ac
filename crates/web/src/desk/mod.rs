//! A published night as pages read it: values, places, people and rules in the reader's language, masked.
//!
//! Borrows everything and decides nothing; the same night gives the same words.

mod divisions;
mod facts;
mod people;
mod rules;

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, PersonId};
use performance::Measured;
use policy::column::{Population, Table};
use policy::{CheckReport, Determinations, Pack, Program};

use crate::edge::Within;
use crate::frame::{Voice, figures};

pub use divisions::Region;
pub use rules::{at_risk_groups, every_word, glyph_of};

/// Names by person, unmasked; they leave only masked.
pub trait Names: Send + Sync {
    fn name(&self, person: PersonId) -> Option<&str>;
}

/// An indicator's judged values by division.
pub type MeasuredBy = BTreeMap<String, BTreeMap<DivisionCode, Measured>>;

/// One night in one language.
#[derive(Clone, Copy)]
pub struct Desk<'w> {
    pub voice: Voice<'w>,
    pub as_of: Date,
    pub pack: &'w Pack,
    pub program: &'w Program,
    pub population: &'w Population,
    pub found: &'w Determinations,
    pub measured: &'w MeasuredBy,
    pub check: &'w CheckReport,
    pub names: &'w dyn Names,
    /// How far the permission behind the page reaches.
    pub within: &'w Within,
}

impl<'w> Desk<'w> {
    /// The person table; an empty region has none.
    #[must_use]
    pub fn people(&self) -> Option<&'w Table> {
        self.population.table("person")
    }

    /// The person's row, when the night knows them.
    #[must_use]
    pub fn row(&self, person: PersonId) -> Option<usize> {
        self.people()?.row_of(person.0)
    }

    /// `11-24` or `2025-11-24`, seen from the night.
    #[must_use]
    pub fn day(&self, date: Date) -> String {
        figures::short_date(date, self.as_of)
    }

    /// Title and version of the plan in force.
    #[must_use]
    pub fn plan_name(&self) -> String {
        format!("{} {}", self.voice.of(&self.pack.title), self.pack.version)
    }

    #[must_use]
    pub fn judged(&self, indicator: &str, division: DivisionCode) -> Option<&'w Measured> {
        self.measured.get(indicator)?.get(&division)
    }
}
