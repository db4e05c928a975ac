//! Every file received, the newest first.

use axum::Json;
use axum::extract::State;
use registry::ingest;
use registry::part;
use schemars::JsonSchema;
use serde::Deserialize;

use super::List;
use crate::api::doc::Doc;
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::pages::lists::show::source_label;
use crate::state::AppState;

/// Which files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only those of this kind of list.
    source: Option<String>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// `GET /api/v1/lists`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<List>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let mut all = opened.ask(ingest::all)?;
        if let Some(within) = opened.desk.cut() {
            all = opened.ask(|session| part::cut(session, all, &within))?;
        }
        all.retain(|report| query.source.as_ref().is_none_or(|source| *source == report.source));
        all.reverse();
        let question = format!("lists {:?}", query.source);
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &all, |report| Ok(List::of(&opened.desk, source_label(opened, report), report)))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<List>>("lists-list").query::<Query>()
}
