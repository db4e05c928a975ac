//! What was sent to one's webhook: what arrived, what is on its way, what was given up.

use axum::Json;
use axum::extract::{Path, State};
use exchange::subscriptions::{self, DeliveryLine};
use schemars::JsonSchema;
use serde::Serialize;

use super::owner;
use crate::api::doc::Doc;
use crate::api::shapes::Moment;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// One delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Delivery {
    id: i64,
    event: String,
    /// `waiting`, `delivered`, or `failed`: given up.
    state: String,
    attempts: i64,
    /// What the receiver answered last; null: nothing.
    status: Option<i64>,
    /// Why the last attempt failed: `status`, `address`, `slow`, `unreachable`, `ended`.
    fault: Option<String>,
    #[schemars(with = "Moment")]
    made_at: String,
    #[schemars(with = "Option<Moment>")]
    tried_at: Option<String>,
}

impl From<DeliveryLine> for Delivery {
    fn from(line: DeliveryLine) -> Self {
        Self {
            id: line.id,
            event: line.event,
            state: line.state,
            attempts: line.attempts,
            status: line.status,
            fault: line.fault,
            made_at: store::stamp(line.made_at),
            tried_at: line.tried_at.map(store::stamp),
        }
    }
}

/// `GET /api/v1/webhooks/{webhook}/deliveries`: the last 200.
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
) -> Result<Json<Vec<Delivery>>, Problem> {
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let lines = app.open_night(&ask, move |opened| {
        let owner = owner(opened)?;
        let own = opened.ask(|session| subscriptions::of_account(session, owner))?;
        let own = own.iter().map(|one| one.id).find(|own| own.0 == id).ok_or(Problem::NotFound)?;
        let lines = opened.ask(|session| subscriptions::deliveries(session, own))?;
        Ok(lines.into_iter().map(Delivery::from).collect())
    });
    lines.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Delivery>>("webhooks-deliveries")
}
