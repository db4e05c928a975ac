//! A decision on a pair.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use registry::linking::State as Verdict;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Grounds, Settled, number, show, word};
use crate::api::doc::Doc;
use crate::api::{Given, unchanged};
use crate::edge::{Ask, Problem};
use crate::pages::linkage::decide::{Done, decide};
use crate::pages::linkage::queue::Chosen;
use crate::state::AppState;

/// A verdict and its grounds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    verdict: Word,
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
#[schemars(rename = "Verdict")]
enum Word {
    Same,
    Different,
    Unsure,
}

/// `POST /api/v1/linkage/pairs/{pair}/decision`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<String>,
    headers: HeaderMap,
    Given(given): Given<Decision>,
) -> Result<Json<Settled>, Problem> {
    let pair = number(&pair)?;
    let verdict = match given.verdict {
        Word::Same => Verdict::Same,
        Word::Different => Verdict::Different,
        Word::Unsure => Verdict::Unsure,
    };
    let word = word(&ask, "", Grounds { reason: given.reason, by: given.by });
    let next = app.open_night(&ask, move |opened| {
        unchanged(&headers, &show::read(opened, pair)?)?;
        match decide(opened, pair, &Chosen::default(), Some(verdict), &word)? {
            Done::Next(next) => Ok(next),
            Done::Refused(fault) => Err(Problem::Invalid(vec![fault])),
        }
    });
    Ok(Json(Settled { next: next.await? }))
}

pub fn doc() -> Doc {
    Doc::of::<Settled>("linkage-decide").takes::<Decision>().once().matches()
}
