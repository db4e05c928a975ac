//! Pairs that wait for a person, the surest first.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

use super::PairLine;
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::pages::linkage::queue::{Chosen, open};
use crate::state::AppState;

/// Which pairs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only rows of this kind of list, or `people` for two registered persons.
    #[serde(default)]
    source: String,
    /// Only rows this department sent.
    #[serde(default)]
    department: String,
    /// Only people living here.
    #[serde(default)]
    #[schemars(with = "Option<Code>")]
    division: String,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// `GET /api/v1/linkage/pairs`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<PairLine>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let chosen =
            Chosen { source: query.source, department: query.department, scope: query.division, ..Chosen::default() };
        let pairs = open(opened, &chosen)?;
        let question = format!("pairs {} {} {}", chosen.source, chosen.department, chosen.scope);
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &pairs, |line| Ok(PairLine::of(opened, &line.pair)))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<PairLine>>("linkage-queue").query::<Query>()
}
