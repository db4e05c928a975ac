//! The journal of merges: two records read as one person, and two again.

use axum::Json;
use axum::extract::State;
use registry::linking::merge::Merge;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::doc::Doc;
use crate::api::shapes::{Day, PersonNumber};
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::pages::linkage::journal;
use crate::state::AppState;

/// How much at once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// One merge.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Merge")]
pub struct Line {
    id: i64,
    #[schemars(with = "PersonNumber")]
    kept: String,
    #[schemars(with = "PersonNumber")]
    gone: String,
    state: Standing,
    /// Two people decide, because money hangs on it.
    two_people: bool,
    proposed_by: String,
    #[schemars(with = "Day")]
    proposed_on: String,
    reason: String,
    confirmed_by: Option<String>,
    #[schemars(with = "Option<Day>")]
    merged_on: Option<String>,
    split_by: Option<String>,
    #[schemars(with = "Option<Day>")]
    split_on: Option<String>,
    split_reason: Option<String>,
    /// The pair it was decided on.
    pair: Option<i64>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "MergeState")]
#[expect(clippy::enum_variant_names, reason = "the states of a merge, one of which is that it stands")]
enum Standing {
    Proposed,
    Standing,
    Split,
    Refused,
}

impl Line {
    fn of(merge: &Merge) -> Self {
        Self {
            id: merge.id,
            kept: merge.kept.to_string(),
            gone: merge.gone.to_string(),
            state: match (merge.merged_on, merge.split_on) {
                (None, None) => Standing::Proposed,
                (Some(_), None) => Standing::Standing,
                (Some(_), Some(_)) => Standing::Split,
                (None, Some(_)) => Standing::Refused,
            },
            two_people: merge.two_people,
            proposed_by: merge.proposed_by.clone(),
            proposed_on: merge.proposed_on.to_string(),
            reason: merge.reason.clone(),
            confirmed_by: merge.confirmed_by.clone(),
            merged_on: merge.merged_on.map(|day| day.to_string()),
            split_by: merge.split_by.clone(),
            split_on: merge.split_on.map(|day| day.to_string()),
            split_reason: merge.split_reason.clone(),
            pair: merge.pair,
        }
    }
}

/// `GET /api/v1/linkage/merges`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Line>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let mut merges = journal::merges(opened)?;
        merges.reverse();
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, "merges", &merges, |merge| Ok(Line::of(merge)))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Line>>("linkage-merges").query::<Query>()
}
