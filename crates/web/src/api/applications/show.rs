//! One application with what happened to it.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::Application;
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::api::tagged;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::matters::find;
use crate::state::AppState;

/// An application with its history.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Followed {
    #[serde(flatten)]
    application: Application,
    /// Oldest first.
    history: Vec<Deed>,
}

/// One thing done to it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApplicationDeed")]
struct Deed {
    /// `file`, `recommend`, `grant`, `refuse`, …
    deed: &'static str,
    #[schemars(with = "Day")]
    on: String,
    /// Account of whoever did it.
    by: String,
    /// As what they did it: `staff`, `visitor`, `family`, `elder`, `portal`.
    how: &'static str,
    /// How it stood after it.
    state: &'static str,
    words: String,
    /// The clause it rests on.
    clause: Option<String>,
}

/// `GET /api/v1/applications/{number}`
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| tagged(&headers, &read(opened, &number)?)).await
}

/// The application as it stands.
///
/// # Errors
/// `NotFound`, `NotAllowed`; those of the database and of the keys.
pub fn read(opened: &Opened<'_>, number: &str) -> Result<Followed, Problem> {
    let matter = find(opened, number, "application.see")?;
    let history = opened.ask(|session| benefits::history(session, opened.keys(), matter.id))?;
    let deed = |event: benefits::Event| Deed {
        deed: event.deed.name(),
        on: event.on.to_string(),
        by: event.actor,
        how: event.how.name(),
        state: event.state.name(),
        words: event.written.words,
        clause: event.written.clause,
    };
    Ok(Followed { application: Application::of(opened, &matter), history: history.into_iter().map(deed).collect() })
}

pub fn doc() -> Doc {
    Doc::of::<Followed>("applications-show").tagged()
}
