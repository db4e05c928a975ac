//! Who came to see somebody, or called, and when.

use axum::Json;
use axum::extract::{Path, State};
use registry::snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, ListNumber, Named};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// One visit or call on record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Visit {
    /// What sort of visit, as the plan's dictionary has it.
    kind: Named,
    #[schemars(with = "Day")]
    on: String,
    /// The kind of list that says so, with its name.
    source: Named,
    #[schemars(with = "ListNumber")]
    list: String,
    #[schemars(with = "Day")]
    list_date: String,
    row: u64,
}

/// `GET /api/v1/people/{person}/visits`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Visit>>, Problem> {
    let visits = app.open_night(&ask, move |opened| {
        let (person, desk) = (reached(opened, "visit.list", &asked)?, &opened.desk);
        let mut lines = opened.ask(|session| snapshot::visits_of(session, person))?;
        lines.reverse();
        let named = |source: String| {
            let known = opened.published.world.catalogue.get(&source);
            let label = known.map_or_else(|| source.clone(), |known| desk.voice.of(&known.label).to_owned());
            Named { id: source, label }
        };
        let visit = |line: snapshot::VisitLine| Visit {
            kind: Named { label: desk.visit_kind(&line.kind), id: line.kind },
            on: line.on.to_string(),
            source: named(line.source),
            list: line.list.to_string(),
            list_date: line.list_date.to_string(),
            row: line.row,
        };
        Ok(lines.into_iter().map(visit).collect())
    });
    visits.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Visit>>("people-visits")
}
