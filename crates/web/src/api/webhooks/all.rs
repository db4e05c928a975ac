//! One's own webhooks.

use axum::Json;
use axum::extract::State;
use exchange::subscriptions;

use super::{Webhook, owner};
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `GET /api/v1/webhooks`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<Webhook>>, Problem> {
    let all = app.open_night(&ask, |opened| {
        let owner = owner(opened)?;
        let all = opened.ask(|session| subscriptions::of_account(session, owner))?;
        Ok(all.iter().map(Webhook::of).collect())
    });
    all.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Webhook>>("webhooks-list").refuses(&["not-found"])
}
