//! One person: facts with their sources, conflicts, family, and what they are due and why.

use serde::Serialize;

use crate::parts::{Class, ClauseLink, Condition, Mood, PersonRef, Stamp};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub face: String,
    pub name: String,
    pub sex_age: String,
    pub birth: Option<Line>,
    pub id_tail: String,
    pub number: String,
    pub classes: Vec<Class>,
    pub level: Option<Level>,
    pub dead: Option<String>,
    /// The answer in one sentence.
    pub answer: String,
    pub pack: String,
    pub facts: Vec<FactGroup>,
    pub family: Vec<Kin>,
    pub benefits: Vec<Entry>,
    pub visits: Vec<Entry>,
    pub groups: Vec<Entry>,
    pub work: Vec<Work>,
    pub conflicts: Vec<Conflict>,
    pub history: Vec<Month>,
}

/// Newest valid ability assessment.
#[derive(Clone, Debug, Serialize)]
pub struct Level {
    pub n: i64,
    pub label: String,
    pub spoken: String,
    pub note: String,
    pub stamp: Option<Stamp>,
}

/// Facts under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct FactGroup {
    pub title: String,
    pub facts: Vec<Line>,
}

/// One fact; none: not known.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub label: String,
    pub value: Option<String>,
    pub stamp: Option<Stamp>,
    pub conflict: bool,
}

/// A relative or member of the household.
#[derive(Clone, Debug, Serialize)]
pub struct Kin {
    pub relation: String,
    pub person: PersonRef,
    pub place: String,
}

/// One rule and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: String,
    pub label: String,
    pub summary: String,
    /// Amount or rhythm.
    pub what: String,
    pub state: Mood,
    pub open: bool,
    pub parts: Vec<Condition>,
    /// What to do next, or what would change the answer.
    pub next: Option<String>,
    pub clauses: Vec<ClauseLink>,
}

/// An open item of work.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    pub glyph: &'static str,
    pub title: String,
    pub href: String,
    pub why: String,
    pub due: Option<String>,
}

/// A fact on which sources differ.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    pub label: String,
    pub says: Vec<Says>,
    pub used: String,
    pub why: String,
}

/// What one source says.
#[derive(Clone, Debug, Serialize)]
pub struct Says {
    pub value: String,
    pub stamp: Option<Stamp>,
}

/// What happened in one month.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub month: String,
    pub events: Vec<Event>,
}

/// A change of a fact or a visit.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub date: String,
    pub day: String,
    pub glyph: String,
    pub title: String,
    pub detail: String,
    pub source: String,
}
