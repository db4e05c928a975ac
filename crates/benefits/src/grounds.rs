//! On what a decision rests: the answer of the rules part by part, with the facts and where each came from.

use kernel::{Bilingual, Date};
use policy::Pack;
use policy::explain::RuleAnswer;
use registry::snapshot::FactLine;
use serde::{Deserialize, Serialize};

/// The grounds of a moment, kept sealed with the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    pub as_of: Date,
    pub pack: String,
    pub pack_version: String,
    /// `met`, `not_met`, `unknown`.
    pub outcome: String,
    pub parts: Vec<GroundPart>,
    /// What it pays, where the pack says so.
    pub amount_fen: Option<i64>,
}

/// One part of the condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundPart {
    pub id: String,
    pub label: Bilingual,
    pub outcome: String,
    pub facts: Vec<GroundFact>,
}

/// A fact that the part read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundFact {
    pub key: String,
    /// As statements write it; empty: not known.
    pub value: String,
    /// The list or register that says so; none: derived, or said by nobody.
    pub source: Option<String>,
    pub list_date: Option<Date>,
    pub row: Option<u64>,
}

impl Grounds {
    /// The answer of the rules on a day with what is said of the person.
    #[must_use]
    pub fn of(pack: &Pack, as_of: Date, answer: &RuleAnswer, lines: &[FactLine]) -> Self {
        let fact = |key: &str, value: &policy::value::Value| {
            let line = lines.iter().find(|line| line.key == key && line.current);
            GroundFact {
                key: key.to_owned(),
                value: registry::acts::form(value),
                source: line.map(|line| line.source.clone()),
                list_date: line.map(|line| line.list_date),
                row: line.map(|line| line.row),
            }
        };
        let part = |reason: &policy::explain::Reason| GroundPart {
            id: reason.id.to_string(),
            label: reason.label.clone(),
            outcome: reason.outcome.name().to_owned(),
            facts: reason.facts.iter().map(|(key, value)| fact(key, value)).collect(),
        };
        Self {
            as_of,
            pack: pack.id.clone(),
            pack_version: pack.version.clone(),
            outcome: answer.outcome.name().to_owned(),
            parts: answer.reasons.iter().map(part).collect(),
            amount_fen: answer.amount.as_ref().and_then(policy::value::Value::as_units),
        }
    }
}
