//! The decision about a held list: let in, or sent back.

use axum::Json;
use axum::extract::{Path, State};
use registry::ingest::Settling;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{List, number};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::lists::settle::settle;
use crate::pages::lists::show::source_label;
use crate::state::AppState;

/// The decision.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ListDecision")]
pub struct Decision {
    verdict: Verdict,
}

/// Either can be changed until the list is taken.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ListVerdict")]
enum Verdict {
    /// It is taken the next time it is met: by the night from the inbox, or when it is sent again.
    Release,
    Reject,
}

/// `POST /api/v1/lists/{list}/decision`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(list): Path<String>,
    Given(decision): Given<Decision>,
) -> Result<Json<List>, Problem> {
    let list = number(&list)?;
    let settling = match decision.verdict {
        Verdict::Release => Settling::Release,
        Verdict::Reject => Settling::Reject,
    };
    let done = app.open_night(&ask, move |opened| {
        let report = settle(opened, list, Some(settling))?;
        Ok(List::of(&opened.desk, source_label(opened, &report), &report))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<List>("lists-decide").takes::<Decision>().once().refuses(&["conflict"])
}
