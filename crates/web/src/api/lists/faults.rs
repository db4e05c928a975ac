//! Every fault of the rows of a list that wait, with cause and remedy.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Fault, number};
use crate::api::doc::Doc;
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::pages::lists::show::{held, report};
use crate::state::AppState;

/// Which faults.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only faults of this code.
    code: Option<String>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// `GET /api/v1/lists/{list}/faults`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(list): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Fault>>, Problem> {
    let list = number(&list)?;
    let page = app.open_night(&ask, move |opened| {
        report(opened, "row.correct", list)?;
        let held = held(opened, list)?;
        let wanted = |code: &str| query.code.as_ref().is_none_or(|wanted| wanted == code);
        let faults = held.iter().flat_map(|line| line.faults.iter().map(move |fault| (line.id, fault)));
        let faults: Vec<_> = faults.filter(|(_, fault)| wanted(fault.code.name())).collect();
        let question = format!("faults {list} {:?}", query.code);
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &faults, |(id, fault)| Ok(Fault::of(&opened.desk, Some(*id), fault)))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Fault>>("lists-faults").query::<Query>()
}
