//! Notes which papers of an application were seen.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::matters::find;
use crate::state::AppState;

/// All that were seen so far.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PapersSeen")]
pub struct Seen {
    /// By their place in the benefit's list of papers, from 0.
    #[schemars(length(max = 20))]
    papers: Vec<usize>,
}

/// `POST /api/v1/applications/{number}/papers`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Given(seen): Given<Seen>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "work_item.act")?;
        act(opened, |office, tx, by| office.papers(tx, matter.id, by, &seen.papers))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-papers").takes::<Seen>().once().refuses(&["conflict"])
}
