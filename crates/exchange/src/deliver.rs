//! Spreads what happened over those who subscribed, and delivers it until it arrives or is given up.
//!
//! Both are jobs of the store: a worker that dies in between is followed by another, so a delivery may come twice but is
//! never lost. Its number stays the same.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::DivisionCode;
use serde_json::{Value as Json, json};
use store::events::{self, Event};
use store::jobs::{self, Backoff, Job, NewJob};
use store::{Keys, Session, Value, next_ids, stamp};

use crate::ExchangeError;
use crate::sign::signature;
use crate::subscriptions::{self, Subscription};

const KIND: &str = "delivery";
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Tried again after half a minute, doubling to six hours; given up after about two days.
const BACKOFF: Backoff = Backoff { first: TimeDelta::seconds(30), longest: TimeDelta::hours(6) };
const ATTEMPTS: u32 = 16;

/// Sends one delivery.
pub trait Sender {
    /// The receiver's status.
    ///
    /// # Errors
    /// When there was no answer.
    fn post(&self, address: &str, headers: &[(&str, String)], body: &str) -> Result<u16, SendFault>;
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// Nothing may be sent there, or the name leads nowhere.
    Address,
    Slow,
    Unreachable,
}

impl SendFault {
    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
        }
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Arrived,
    /// Tried again later.
    Later,
    /// Given up.
    Failed,
    /// The subscription has ended.
    Dropped,
}

/// Takes the next event and writes a delivery for every subscription that wants it and may have it. `None`: none waits.
///
/// # Errors
/// Those of the database; the event stays.
pub fn spread(
    session: &mut Session,
    now: DateTime<Utc>,
    mut may: impl FnMut(&mut Session, &Subscription, &Event) -> bool,
) -> Result<Option<usize>, ExchangeError> {
    let Some(job) = jobs::claim(session, events::KIND, now, LEASE)? else { return Ok(None) };
    let Some(event) = events::read(&job) else {
        jobs::fail(session, &job, "unreadable", now, BACKOFF)?;
        return Ok(Some(0));
    };
    let wanted: Vec<Subscription> = subscriptions::open(session)?
        .into_iter()
        .filter(|one| one.events.contains(&event.name) && one.made_at <= event.at && lies_in(one, event.division))
        .collect();
    let told: Vec<Subscription> = wanted.into_iter().filter(|one| may(session, one, &event)).collect();
    session.transaction(|tx| {
        for one in &told {
            let id = next_ids(tx, "delivery", 1)?.start;
            let body = body(id, &event);
            let values =
                [id.into(), one.id.0.into(), event.name.as_str().into(), body.to_string().into(), stamp(now).into()];
            tx.exec(include_str!("../sql/delivery_insert.sql"), &values)?;
            let payload = json!({ "delivery": id });
            let job = NewJob { kind: KIND, key: None, payload: &payload, due: now, most_attempts: ATTEMPTS };
            jobs::enqueue(tx, &job, now)?;
        }
        jobs::complete(tx, &job, now)?;
        Ok(Some(told.len()))
    })
}

/// An event of no division is for everyone; one of a division for whoever reaches all of that.
fn lies_in(subscription: &Subscription, there: Option<DivisionCode>) -> bool {
    match (subscription.division, there) {
        (Some(own), Some(there)) => own.contains(there),
        _ => true,
    }
}

fn body(id: i64, event: &Event) -> Json {
    json!({
        "id": id,
        "event": event.name,
        "at": stamp(event.at),
        "division": event.division.map(|division| division.to_string()),
        "data": event.detail,
    })
}

/// Sends the delivery that has been due longest. `None`: none is due.
///
/// # Errors
/// Those of the database and of the keys.
pub fn deliver(
    session: &mut Session,
    keys: &Keys,
    now: DateTime<Utc>,
    sender: &dyn Sender,
) -> Result<Option<Sent>, ExchangeError> {
    let Some(job) = jobs::claim(session, KIND, now, LEASE)? else { return Ok(None) };
    let id = job.payload["delivery"].as_i64().unwrap_or(0);
    let row = session.query_opt(include_str!("../sql/delivery_get.sql"), &[id.into()])?;
    let found = match &row {
        Some(row) => subscriptions::with_secret(session, keys, row.int(0)?)?,
        None => None,
    };
    let (Some(row), Some((subscription, secret))) = (row, found) else {
        return given_up(session, &job, id, "gone", now);
    };
    if subscription.ended {
        return given_up(session, &job, id, "ended", now);
    }
    let (event, body) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
    let headers = [
        ("yilian-event", event),
        ("yilian-delivery", id.to_string()),
        ("yilian-signature", signature(&secret, &body, now)),
    ];
    let (status, fault) = match sender.post(&subscription.address, &headers, &body) {
        Ok(status) if (200..300).contains(&status) => {
            tried(session, id, ("delivered", Some(status), None), now)?;
            jobs::complete(session, &job, now)?;
            return Ok(Some(Sent::Arrived));
        }
        Ok(status) => (Some(status), "status"),
        Err(fault) => (None, fault.code()),
    };
    let again = jobs::fail(session, &job, fault, now, BACKOFF)?;
    let state = if again.is_some() { "waiting" } else { "failed" };
    tried(session, id, (state, status, Some(fault)), now)?;
    Ok(Some(if again.is_some() { Sent::Later } else { Sent::Failed }))
}

fn given_up(
    session: &mut Session,
    job: &Job,
    id: i64,
    why: &str,
    now: DateTime<Utc>,
) -> Result<Option<Sent>, ExchangeError> {
    tried(session, id, ("failed", None, Some(why)), now)?;
    jobs::complete(session, job, now)?;
    Ok(Some(Sent::Dropped))
}

fn tried(
    session: &mut Session,
    id: i64,
    (state, status, fault): (&str, Option<u16>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<(), ExchangeError> {
    let values = [
        id.into(),
        state.into(),
        Value::from(status.map(i64::from)),
        Value::from(fault.map(str::to_owned)),
        stamp(now).into(),
    ];
    session.exec(include_str!("../sql/delivery_tried.sql"), &values)?;
    Ok(())
}
