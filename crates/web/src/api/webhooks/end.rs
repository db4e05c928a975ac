//! Ends one's webhook; what was on its way is dropped.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use exchange::ExchangeError;
use exchange::subscriptions::{self, SubscriptionId};

use super::owner;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `DELETE /api/v1/webhooks/{webhook}`
pub async fn end(State(app): State<AppState>, ask: Ask, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = id.parse().map(SubscriptionId).map_err(|_| Problem::NotFound)?;
    app.open_night(&ask, move |opened| {
        let (owner, now) = (owner(opened)?, opened.app.clock().now());
        match opened.try_ask(|session| Ok(subscriptions::end(session, owner, id, now)))? {
            Ok(()) => Ok(StatusCode::NO_CONTENT),
            Err(ExchangeError::NoSubscription) => Err(Problem::NotFound),
            Err(other) => Err(Problem::internal(other)),
        }
    })
    .await
}

pub fn doc() -> Doc {
    Doc::silent("webhooks-end")
}
