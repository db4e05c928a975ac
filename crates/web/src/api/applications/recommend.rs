//! Recommends to grant or to refuse; a second person decides.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use benefits::Written;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act, show};
use crate::api::doc::Doc;
use crate::api::{Given, unchanged};
use crate::edge::{Ask, Problem};
use crate::pages::matters::{find, grounds};
use crate::state::AppState;

/// What is recommended, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    verdict: Verdict,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
    /// The clause it rests on, where it is to refuse.
    clause: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RecommendedVerdict")]
enum Verdict {
    Grant,
    Refuse,
}

/// `POST /api/v1/applications/{number}/recommendation`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    headers: HeaderMap,
    Given(given): Given<Recommendation>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "work_item.act")?;
        unchanged(&headers, &show::read(opened, &number)?)?;
        let grounds = grounds(opened, matter.person, &matter.rule)?;
        let verdict = match given.verdict {
            Verdict::Grant => benefits::Verdict::Grant,
            Verdict::Refuse => benefits::Verdict::Refuse,
        };
        let written = Written { grounds, clause: given.clause, ..Written::words(&given.words) };
        act(opened, |office, tx, by| office.recommend(tx, matter.id, by, verdict, written))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-recommend").takes::<Recommendation>().once().matches().refuses(&["conflict"])
}
