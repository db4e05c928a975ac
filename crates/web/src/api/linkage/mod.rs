//! Who is whom: pairs for a person to decide, decided ones to take back, the journal of merges.

pub mod decide;
pub mod merges;
pub mod queue;
pub mod settle;
pub mod show;
pub mod undo;

use registry::linking::{Other, Pair, State as Stored};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shapes::PersonRef;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::linkage::decide::Word;
use crate::pages::linkage::queue::decider;

/// A pair that may be one person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Pair")]
pub struct PairLine {
    id: i64,
    person: PersonRef,
    /// The other registered person; null: a row of a list.
    other: Option<PersonRef>,
    state: State,
    /// How likely it is one person, 0 to 1.
    probability: f64,
}

/// Where a pair stands.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "PairState")]
enum State {
    Open,
    Same,
    Different,
    Unsure,
    Settled,
    Undone,
}

/// On what grounds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Grounds")]
pub struct Grounds {
    /// Why, in one's own words; no name or number of a person.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
    /// Who decides, where nobody signs in.
    #[serde(default)]
    #[schemars(length(max = 60))]
    by: String,
}

/// Nothing but that it is done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Settled {
    /// The pair to look at next; null: none is left.
    next: Option<i64>,
}

impl From<Stored> for State {
    fn from(state: Stored) -> Self {
        match state {
            Stored::Open => Self::Open,
            Stored::Same => Self::Same,
            Stored::Different => Self::Different,
            Stored::Unsure => Self::Unsure,
            Stored::Settled => Self::Settled,
            Stored::Undone => Self::Undone,
        }
    }
}

impl PairLine {
    pub fn of(opened: &Opened<'_>, pair: &Pair) -> Self {
        let desk = opened.desk;
        Self {
            id: pair.id,
            person: PersonRef::of(&desk, pair.person),
            other: match pair.other {
                Other::Person(other) => Some(PersonRef::of(&desk, other)),
                Other::Row(_) => None,
            },
            state: pair.state.into(),
            probability: pair.probability,
        }
    }
}

/// The word of whoever asks, as the pages' forms give it.
fn word(ask: &Ask, verdict: &str, grounds: Grounds) -> Word {
    Word { verdict: verdict.to_owned(), by: decider(ask, &grounds.by), reason: grounds.reason }
}

/// The number of an address.
fn number(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}
