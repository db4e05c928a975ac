//! Needs that visits brought up, until somebody has seen to them.

use axum::Json;
use axum::extract::{Path, State};
use care::visits::{NeedLine, Settled};
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::doc::Doc;
use super::shapes::{Code, Day, Named, PersonRef};
use super::{Asked, Given, Page, Paging, cut, region};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::visits::needs;
use crate::state::AppState;

/// Which needs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NeedsQuery")]
pub struct Query {
    /// Only of people who live here.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// One open need.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Need {
    id: i64,
    person: PersonRef,
    need: Named,
    /// The benefit that answers it, where the plan has it.
    benefit: Option<Named>,
    #[schemars(with = "Day")]
    found_on: String,
}

/// How it was seen to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NeedOutcome")]
pub struct Outcome {
    state: SeenTo,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NeedSeenTo")]
enum SeenTo {
    Done,
    PassedOn,
    NotNeeded,
}

/// `GET /api/v1/needs`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Need>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let region = region(opened, "visit.list", query.division)?;
        let all = needs::open(opened, region)?;
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &format!("needs {:?}", query.division), &all, |line| Ok(need(opened, line)))
    });
    page.await.map(Json)
}

fn need(opened: &Opened<'_>, line: &NeedLine) -> Need {
    let (label, benefit) = needs::said(opened, line);
    let named = |rule: &policy::model::Rule| Named {
        id: rule.id.to_string(),
        label: opened.desk.voice.of(&rule.label).to_owned(),
    };
    Need {
        id: line.id,
        person: PersonRef::of(&opened.desk, line.person),
        need: Named { id: line.need.clone(), label },
        benefit: benefit.map(named),
        found_on: line.found_on.to_string(),
    }
}

/// `POST /api/v1/needs/{need}/outcome`
pub async fn settle(
    State(app): State<AppState>,
    ask: Ask,
    Path(need): Path<i64>,
    Given(outcome): Given<Outcome>,
) -> Result<axum::http::StatusCode, Problem> {
    let settled = match outcome.state {
        SeenTo::Done => Settled::Done,
        SeenTo::PassedOn => Settled::PassedOn,
        SeenTo::NotNeeded => Settled::NotNeeded,
    };
    app.open_night(&ask, move |opened| needs::see_to(opened, need, settled)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

pub fn list_doc() -> Doc {
    Doc::of::<Page<Need>>("needs-list").query::<Query>()
}

pub fn settle_doc() -> Doc {
    Doc::silent("needs-settle").takes::<Outcome>().once().refuses(&["conflict"])
}
