//! Who looked at someone's masked values, when and what for.

use accounts::Actor;
use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::api::shapes::{Moment, UserNumber};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// One look.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Look {
    #[schemars(with = "Moment")]
    at: String,
    #[schemars(with = "UserNumber")]
    account: String,
    role: String,
    purpose: String,
    note: Option<String>,
}

/// `GET /api/v1/people/{person}/looks`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Look>>, Problem> {
    let looks = app.open_night(&ask, move |opened| {
        let person = reached(opened, "person.looked", &asked)?;
        let door = opened.app.door().ok_or(Problem::NotFound)?;
        let whom = (person, opened.desk.home(person));
        let lines = opened.ask(|session| door.accounts.looked_at(session, Actor::Command, whom))?;
        let look = |line: accounts::reveals::LookLine| Look {
            at: line.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            account: line.account.to_string(),
            role: line.role,
            purpose: line.purpose,
            note: line.note,
        };
        Ok(lines.into_iter().map(look).collect())
    });
    looks.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Look>>("people-looks")
}
