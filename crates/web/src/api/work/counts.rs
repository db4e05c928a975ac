//! How much is open and overdue, by kind of work and rule.

use axum::Json;
use axum::extract::State;
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::api::doc::Doc;
use crate::api::shapes::{Code, count};
use crate::api::{Asked, region};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

/// Of which part of the region.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part; else all that one may see.
    #[schemars(with = "Option<Code>")]
    pub division: Option<DivisionCode>,
}

/// Open items of one kind and rule.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WorkCount")]
pub struct Count {
    kind: Kind,
    /// Null where several rules wait for one fact.
    rule: Option<String>,
    label: String,
    open: u64,
    overdue: u64,
}

/// `GET /api/v1/work-items/counts`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Vec<Count>>, Problem> {
    app.open_night(&ask, move |opened| read(opened, query.division)).await.map(Json)
}

/// The counts of a part of the region.
///
/// # Errors
/// `NotAllowed` outside one's reach; those of the database.
pub fn read(opened: &Opened<'_>, division: Option<DivisionCode>) -> Result<Vec<Count>, Problem> {
    let desk = opened.desk;
    let region = region(opened, "work_item.list", division)?;
    let counts = opened.ask(|session| opened.published.counts(session, region.scope()))?;
    let line = |counted: &worklist::Count| Count {
        kind: counted.kind.into(),
        rule: Some(counted.rule.clone()).filter(|rule| !rule.is_empty()),
        label: match counted.rule.as_str() {
            "" => desk.voice.word(&format!("work-{}", counted.kind)),
            rule => desk.rule_label(rule),
        },
        open: count(counted.open),
        overdue: count(counted.overdue),
    };
    Ok(counts.iter().map(line).collect())
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Count>>("work-counts").query::<Query>()
}
