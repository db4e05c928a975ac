//! Confirms a proposed merge as the second person, or splits one.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Grounds, number, word};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::linkage::journal::settle;
use crate::state::AppState;

/// What to do with it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settling {
    verdict: Verdict,
    /// Why, in one's own words; no name or number of a person.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
    /// Who decides, where nobody signs in.
    #[serde(default)]
    #[schemars(length(max = 60))]
    by: String,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "MergeVerdict")]
enum Verdict {
    Confirm,
    Split,
}

/// `POST /api/v1/linkage/merges/{merge}`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(merge): Path<String>,
    Given(given): Given<Settling>,
) -> Result<StatusCode, Problem> {
    let merge = number(&merge)?;
    let verdict = match given.verdict {
        Verdict::Confirm => "confirm",
        Verdict::Split => "split",
    };
    let word = word(&ask, verdict, Grounds { reason: given.reason, by: given.by });
    app.open_night(&ask, move |opened| match settle(opened, merge, &word)? {
        None => Ok(StatusCode::NO_CONTENT),
        Some(fault) => Err(Problem::Invalid(vec![fault])),
    })
    .await
}

pub fn doc() -> Doc {
    Doc::silent("linkage-settle").takes::<Settling>().once()
}
