//! A draft pack against the one in force: who gains, who loses, what it costs, where.

use serde::Serialize;

use crate::parts::{Chip, PersonRef};

/// What the page shows: the form, and the result or faults of the last try.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub tabs: Vec<Chip>,
    pub faults: Vec<Fault>,
    pub faults_n: i64,
    pub result: Option<Outcome>,
    pub drafts: Vec<Draft>,
    pub drafts_folder: String,
}

/// A draft folder on this machine.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    pub id: String,
    pub label: String,
    pub current: bool,
}

/// What is wrong with the draft, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    pub at: String,
    pub message: String,
    pub remedy: String,
}

/// The comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub as_of: String,
    pub people: i64,
    pub gains: i64,
    pub losses: i64,
    pub unknown: i64,
    /// Signed yuan a year.
    pub cost: String,
    pub max: i64,
    pub townships: Vec<Township>,
    pub rules: Vec<RuleLine>,
    pub changes: Vec<String>,
    pub gainers: Vec<Sample>,
    pub losers: Vec<Sample>,
}

/// One township's gains and losses.
#[derive(Clone, Debug, Serialize)]
pub struct Township {
    pub name: String,
    pub county: String,
    pub gains: i64,
    pub losses: i64,
    pub cost: String,
}

/// One rule's share in the change.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    pub label: String,
    /// Said when only one side has the rule.
    pub only: Option<String>,
    pub gains: i64,
    pub losses: i64,
    pub cost: String,
}

/// Someone whose answer changes.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    pub face: String,
    pub person: PersonRef,
    pub place: String,
    pub why: String,
    pub before: String,
    pub after: String,
    /// `up` or `dn`.
    pub way: &'static str,
}
