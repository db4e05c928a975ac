//! The decision about a list that would close too much: let it in, or send it back.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ListId;
use registry::RegistryError;
use registry::ingest::{self, ListReport, Settling};
use serde::Deserialize;

use super::show::{demand_scope, report};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Word {
    #[serde(default)]
    verdict: String,
}

/// `POST /d/lists/{list}/settle`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(list): Path<String>,
    Form(word): Form<Word>,
) -> Result<Response, Problem> {
    let list: ListId = list.parse().map_err(|_| Problem::NotFound)?;
    let settling = match word.verdict.as_str() {
        "release" => Some(Settling::Release),
        "reject" => Some(Settling::Reject),
        _ => None,
    };
    app.open_night(&ask, move |opened| settle(opened, list, settling)).await?;
    Ok(Redirect::to(&ask.href(&format!("/d/lists/{list}"))).into_response())
}

/// Notes the decision.
///
/// # Errors
/// `NotFound`; `NotAllowed` beyond the viewer's part; `Unreadable` without a decision; `Conflict` when nothing is left to
/// decide.
pub fn settle(opened: &Opened<'_>, list: ListId, settling: Option<Settling>) -> Result<ListReport, Problem> {
    let scope = report(opened, "list.release", list)?.scope;
    demand_scope(opened, "list.release", scope)?;
    let settling = settling.ok_or(Problem::Unreadable)?;
    let (actor, now) = (opened.viewer.actor(), opened.app.clock().now());
    opened.try_ask(|session| {
        ingest::settle(session, opened.keys(), list, settling, (&actor, now)).map_err(|fault| match fault {
            RegistryError::ListState { .. } => Problem::Conflict,
            fault => Problem::internal(fault),
        })
    })
}
