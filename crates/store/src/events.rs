//! What happened, told in the transaction of the change: as durable as the change itself.
//!
//! An event is a job of its own kind; whoever spreads events claims it. Rooms that tell need not know who listens.

use chrono::{DateTime, Utc};
use kernel::DivisionCode;
use serde_json::{Value as Json, json};

use crate::jobs::{self, Job, NewJob};
use crate::{Session, StoreError, stamp};

/// The kind of job.
pub const KIND: &str = "event";

const ATTEMPTS: u32 = 20;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `night.published`: what, and what became of it.
    pub name: String,
    pub at: DateTime<Utc>,
    /// Where; none: it concerns the region as a whole.
    pub division: Option<DivisionCode>,
    /// Ids and codes, never people's data.
    pub detail: Json,
}

/// Tells it, in the caller's transaction.
///
/// # Errors
/// Every `StoreError` of an insert.
pub fn tell(session: &mut Session, event: &Event) -> Result<(), StoreError> {
    let payload = json!({
        "event": event.name,
        "at": stamp(event.at),
        "division": event.division.map(|division| division.to_string()),
        "detail": event.detail,
    });
    let job = NewJob { kind: KIND, key: None, payload: &payload, due: event.at, most_attempts: ATTEMPTS };
    jobs::enqueue(session, &job, event.at).map(drop)
}

/// The event of a claimed job; none when something else was written there.
#[must_use]
pub fn read(job: &Job) -> Option<Event> {
    let at = DateTime::parse_from_rfc3339(job.payload["at"].as_str()?).ok()?;
    Some(Event {
        name: job.payload["event"].as_str()?.to_owned(),
        at: at.with_timezone(&Utc),
        division: job.payload["division"].as_str().and_then(|text| text.parse().ok()),
        detail: job.payload["detail"].clone(),
    })
}
