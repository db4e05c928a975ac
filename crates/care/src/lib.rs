//! What visitors and assessors do at people's doors, with or without signal.
//!
//! Visits, needs found, what the next visitor needs to know, assessments by two assessors, photos and voice notes, and
//! the journal by which a phone hands all of it in: an operation has an id made on the phone and takes effect once,
//! however often and in whatever order it comes. Answers are sealed. What is asked stands in packs (`forms/`, `scales/`).
//! It must not know a page, a role or a list: who may do what, and what becomes a statement, is asked of [`Beside`].

pub mod assessments;
pub mod attachments;
pub mod devices;
pub mod edits;
mod error;
pub mod forms;
mod ids;
pub mod journal;
mod operation;
mod read;
pub mod visits;

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId, UserId};
use store::keys::Resealer;
use store::{Migration, Session, Value};

pub use error::CareError;
pub use ids::OperationId;
pub use operation::{Body, CheckState, Operation};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "care",
    id: 1,
    name: "visits, edits, assessments, attachments, devices",
    sql: include_str!("../sql/migrations/0001_care.sql"),
}];

/// Where this room keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[
    Resealer {
        table: "care_visit",
        key: &["id"],
        blob: "sealed",
        context: |key| of_row("care_visit", key),
        indexes: &[],
    },
    Resealer {
        table: "care_need",
        key: &["id"],
        blob: "sealed",
        context: |key| of_row("care_need", key),
        indexes: &[],
    },
    Resealer {
        table: "care_edit",
        key: &["id"],
        blob: "sealed",
        context: |key| of_row("care_edit", key),
        indexes: &[],
    },
    Resealer {
        table: "care_assessment",
        key: &["id"],
        blob: "sealed",
        context: |key| of_row("care_assessment", key),
        indexes: &[],
    },
    Resealer {
        table: "care_sheet",
        key: &["id"],
        blob: "sealed",
        context: |key| of_row("care_sheet", key),
        indexes: &[],
    },
    Resealer {
        table: "care_chunk",
        key: &["attachment", "number"],
        blob: "sealed",
        context: |key| of_row("care_chunk", key),
        indexes: &[],
    },
];

fn of_row(table: &str, key: &[Value]) -> String {
    let parts = key.iter().map(|part| match part {
        Value::Int(n) => n.to_string(),
        Value::Text(text) => text.clone(),
        _ => String::new(),
    });
    std::iter::once(table.to_owned()).chain(parts).collect::<Vec<_>>().join(" ")
}

/// The sealing context of a row with a number.
pub(crate) fn sealing(table: &str, id: i64) -> String {
    format!("{table} {id}")
}

/// A visit at which the person was met or spoken to.
#[derive(Clone, Copy, Debug)]
pub struct VisitMade<'v> {
    pub visit: i64,
    pub person: PersonId,
    pub kind: &'v str,
    pub on: Date,
    pub by: UserId,
}

/// A finished assessment.
#[derive(Clone, Debug)]
pub struct Assessed<'a> {
    pub assessment: i64,
    pub person: PersonId,
    pub scale: &'a str,
    pub on: Date,
    pub valid_until: Option<Date>,
    pub result: &'a assess::Assessment,
    pub diagnoses: &'a [String],
    pub by: [UserId; 2],
}

/// A field of a person whose value is settled.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    pub edit: i64,
    pub person: PersonId,
    /// A fact's key, or a field of the visit form.
    pub field: &'t str,
    pub value: &'t serde_json::Value,
    pub on: Date,
    pub by: UserId,
}

/// What the rooms beside this one answer and do; the doing happens inside the operation's transaction.
pub trait Beside {
    /// Whether the sender may do this to the person, or might when it was done.
    fn may(&self, tx: &mut Session, permission: &str, person: PersonId, at: DateTime<Utc>) -> Result<bool, CareError>;
    /// Where the person lives; none: there is no such person.
    fn home(&self, person: PersonId) -> Option<DivisionCode>;
    /// Whether a fact may be told in the field, and the value fits it.
    fn fits(&self, fact: &str, value: &serde_json::Value) -> Option<bool>;
    /// Full months an assessment made on this day holds; none: the pack does not say.
    fn validity_months(&self, scale: &assess::Scale, on: Date) -> Option<u32>;
    fn visit_made(&mut self, tx: &mut Session, visit: &VisitMade<'_>) -> Result<(), CareError>;
    fn assessed(&mut self, tx: &mut Session, assessed: &Assessed<'_>) -> Result<(), CareError>;
    fn told(&mut self, tx: &mut Session, told: &Told<'_>) -> Result<(), CareError>;
}

/// The local day in China of a moment.
#[must_use]
pub fn local_day(at: DateTime<Utc>) -> Date {
    (at + chrono::Duration::hours(8)).date_naive()
}
