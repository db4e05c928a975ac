//! Assessments of somebody's ability: how far each has come, the level, how long it holds. Answers stay sealed.

use axum::Json;
use axum::extract::{Path, State};
use care::assessments::{self, AssessmentLine};
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// One assessment by two assessors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Assessment {
    id: i64,
    scale: String,
    state: Progress,
    /// How many of the two have answered.
    sheets: usize,
    #[schemars(with = "Day")]
    opened_on: String,
    #[schemars(with = "Option<Day>")]
    assessed_on: Option<String>,
    #[schemars(with = "Option<Day>")]
    valid_until: Option<String>,
    /// As the scale numbers them; null until both agree.
    level: Option<i64>,
}

/// How far it has come.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AssessmentState")]
enum Progress {
    /// One has answered.
    Open,
    /// Both have, and differ.
    Differs,
    /// One has proposed what both should have answered.
    Proposed,
    Done,
}

impl From<assessments::State> for Progress {
    fn from(state: assessments::State) -> Self {
        match state {
            assessments::State::Open => Self::Open,
            assessments::State::Differs => Self::Differs,
            assessments::State::Proposed => Self::Proposed,
            assessments::State::Done => Self::Done,
        }
    }
}

/// `GET /api/v1/people/{person}/assessments`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Assessment>>, Problem> {
    let all = app.open_night(&ask, move |opened| {
        let person = reached(opened, "assessment.see", &asked)?;
        let all = opened.ask(|session| assessments::of_person(session, opened.keys(), person))?;
        Ok(all.into_iter().map(Assessment::of).collect())
    });
    all.await.map(Json)
}

impl Assessment {
    fn of(line: AssessmentLine) -> Self {
        Self {
            id: line.id,
            scale: line.scale,
            state: line.state.into(),
            sheets: line.sheets.len(),
            opened_on: line.opened_on.to_string(),
            assessed_on: line.assessed_on.map(|day| day.to_string()),
            valid_until: line.valid_until.map(|day| day.to_string()),
            level: line.sealed.outcome.map(|outcome| outcome.final_level),
        }
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Assessment>>("people-assessments")
}
