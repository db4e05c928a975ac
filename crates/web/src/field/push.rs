//! `POST /f/sync/push`: what was done in the field comes in; a receipt for each.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use axum::response::{IntoResponse, Response};
use care::OperationId;
use care::devices::{Contact, Met};
use care::journal::{self, Receipt, Sender};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::beside::Rooms;
use super::wire::{self, Refused};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

#[derive(Deserialize)]
struct Sent {
    device: String,
    sent_at: DateTime<Utc>,
    operations: Vec<Json>,
}

#[derive(Serialize)]
struct Answer {
    now: DateTime<Utc>,
    clock_off_ms: i64,
    receipts: Vec<Receipt>,
}

/// Whoever asks, with which device; the same for everything a device asks.
pub(super) struct Caller {
    pub device: OperationId,
    pub label: String,
    pub sent_at: DateTime<Utc>,
}

impl Caller {
    /// # Errors
    /// 400 for a device that names itself wrongly.
    pub fn read(device: &str, sent_at: DateTime<Utc>, label: String) -> Result<Self, Refused> {
        let device = device.parse().map_err(|_| Refused(StatusCode::BAD_REQUEST, "device"))?;
        Ok(Self { device, label, sent_at })
    }

    /// Takes the device down, or says why it is not answered.
    ///
    /// # Errors
    /// Those of the database.
    pub fn meet(&self, app: &AppState, ask: &Ask) -> Result<Result<Sender, Refused>, Problem> {
        let signed = ask.viewer.signed().ok_or(Problem::NotFound)?;
        let (user, now) = (signed.user, app.clock().now());
        let contact = Contact { device: &self.device, user, label: &self.label, now, sent_at: self.sent_at };
        let met = care::devices::meet(&mut app.session()?, &contact).map_err(Problem::internal)?;
        Ok(match met {
            Met::Known { clock_off_ms } => Ok(Sender { user, device: self.device.clone(), now, clock_off_ms }),
            Met::OfAnother => Err(Refused(StatusCode::CONFLICT, "device_of_another")),
            Met::Lost => Err(Refused(StatusCode::GONE, "device_lost")),
        })
    }
}

/// What the browser calls itself.
pub(super) fn label(request: &Request) -> String {
    request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

pub async fn push(State(app): State<AppState>, ask: Ask, request: Request) -> Result<Response, Problem> {
    let label = label(&request);
    let sent: Sent = match wire::read(request).await {
        Ok(sent) => sent,
        Err(refused) => return Ok(refused.into_response()),
    };
    let caller = match Caller::read(&sent.device, sent.sent_at, label) {
        Ok(caller) => caller,
        Err(refused) => return Ok(refused.into_response()),
    };
    if sent.operations.len() > journal::MOST {
        return Ok(Refused(StatusCode::PAYLOAD_TOO_LARGE, "too_many").into_response());
    }
    let done = app.work(move |app| take(app, &ask, &caller, &sent.operations)).await?;
    Ok(match done {
        Ok(answer) => wire::answer(&answer),
        Err(refused) => refused.into_response(),
    })
}

fn take(app: &AppState, ask: &Ask, caller: &Caller, operations: &[Json]) -> Result<Result<Answer, Refused>, Problem> {
    let sender = match caller.meet(app, ask)? {
        Ok(sender) => sender,
        Err(refused) => return Ok(Err(refused)),
    };
    let published = app.published()?;
    let mut rooms = Rooms {
        accounts: app.door().map(|door| &door.accounts),
        who: ask.viewer.signed().map(|signed| &signed.principal),
        published: &published,
        keys: app.keys(),
        now: sender.now,
    };
    let forms = Arc::clone(&published.forms);
    let mut session = app.session()?;
    let receipts = journal::receive(&mut session, app.keys(), &forms, &sender, &mut rooms, operations);
    let receipts = receipts.map_err(Problem::internal)?;
    Ok(Ok(Answer { now: sender.now, clock_off_ms: sender.clock_off_ms, receipts }))
}
