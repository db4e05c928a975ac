//! Every rule of the pack with how many it holds for.

use axum::Json;
use axum::extract::State;
use policy::model::Rule;
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::doc::Doc;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// A rule in short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleLine {
    id: String,
    /// `group`, `benefit`, `visit`, `reminder`, `standard`.
    kind: String,
    /// What it is asked of: `person`, `place`, …
    entity: String,
    label: String,
    summary: String,
    clauses: Vec<String>,
    /// On the night; null: not determined.
    met: Option<u64>,
    unknown: Option<u64>,
}

impl RuleLine {
    pub fn of(desk: &Desk<'_>, rule: &Rule) -> Self {
        let found = desk.found.rule(&rule.id);
        Self {
            id: rule.id.clone(),
            kind: rule.kind().to_owned(),
            entity: rule.entity.clone(),
            label: desk.voice.of(&rule.label).to_owned(),
            summary: desk.voice.of(&rule.summary).to_owned(),
            clauses: rule.clauses.clone(),
            met: found.map(|found| found.outcome.yes.count_ones() as u64),
            unknown: found.map(|found| found.outcome.unknown().count_ones() as u64),
        }
    }
}

/// `GET /api/v1/pack/rules`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<RuleLine>>, Problem> {
    let rules = app
        .open_night(&ask, |opened| Ok(opened.desk.pack.rules.iter().map(|r| RuleLine::of(&opened.desk, r)).collect()));
    rules.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<RuleLine>>("pack-rules")
}
