//! Clauses of the plan and their state, and the cases that show what the pack means.

use kernel::{Bilingual, Date};

use super::Position;
use crate::value::Value;

/// One obligation of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub id: String,
    pub title: Bilingual,
    /// In our own words; the official text is not in the pack.
    pub summary: Bilingual,
    pub section: Option<Bilingual>,
    pub responsible: Vec<Bilingual>,
    pub deadline: Option<Deadline>,
    pub state: ClauseState,
    /// What the clause asks for: `rule`, `workflow`, `standard`, `indicator`, `plan`, `registry`, `admin`, …
    pub kind: String,
    /// What carries it out.
    pub implemented_by: Vec<ElementRef>,
    pub awaits: Option<Awaits>,
    /// What shows that a duty was done.
    pub evidence: Option<Bilingual>,
    /// Where it stands in the official document an installation attaches.
    pub document_anchor: Option<String>,
    pub note: Option<Bilingual>,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    On(Date),
    /// The document states none.
    NoneStated,
    /// Yearly, monthly, … in words.
    Recurring(Bilingual),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClauseState {
    Implemented,
    Duty,
    Awaiting,
}

/// `group:at_risk` as written in `implemented_by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementRef {
    pub kind: String,
    pub id: String,
    pub at: Position,
}

/// The capability a clause waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaits {
    pub capability: String,
    pub label: Bilingual,
    pub at: Position,
}

/// An example and the expected answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub name: String,
    pub as_of: Date,
    pub entity: String,
    pub facts: Vec<CaseFact>,
    /// Household members or related rows; an `entity` key says which table.
    pub others: Vec<OtherRow>,
    pub expect: Vec<Expected<Outcome>>,
    /// In fen; none: the amount is expected to be unknown.
    pub amount: Vec<Expected<Option<i64>>>,
    pub missing: Vec<Expected<Vec<String>>>,
    /// What indicators count over all rows of the case.
    pub measure: Vec<Expected<Measured>>,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CaseFact {
    pub key: String,
    pub value: Value,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OtherRow {
    pub entity: String,
    pub facts: Vec<CaseFact>,
    pub at: Position,
}

/// What is expected of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected<T> {
    pub rule: String,
    pub value: T,
    pub at: Position,
}

/// The figures expected of an indicator for the plan's own division.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub numerator: f64,
    /// None: the numerator stands alone.
    pub denominator: Option<f64>,
    /// Rows of which a fact is missing.
    pub unknown: usize,
}

/// The answer of a rule for one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Met,
    NotMet,
    Unknown,
}

impl Outcome {
    /// `met`, `not_met`, `unknown`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
        }
    }
}

impl ClauseState {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Implemented => "implemented",
            Self::Duty => "duty",
            Self::Awaiting => "awaiting",
        }
    }
}
