//! Every clause of the plan, what carries it and how it stands.

use axum::Json;
use axum::extract::State;
use policy::model::{Clause as Written, ClauseState, Deadline};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::pages::plan::cells::{self, Cell};
use crate::pages::plan::show::tracked;
use crate::state::AppState;

/// One obligation of the plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Clause {
    id: String,
    title: String,
    /// In the pack's own words; the official text is attached by the installation.
    summary: String,
    section: Option<String>,
    responsible: Vec<String>,
    #[schemars(with = "Option<Day>")]
    deadline: Option<String>,
    /// What it asks for: `rule`, `standard`, `indicator`, `admin`, …
    kind: String,
    /// `implemented`, `duty`, `awaiting`.
    state: &'static str,
    progress: Progress,
    /// What carries it out, as `kind:id`.
    implemented_by: Vec<String>,
}

/// How it stands.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Progress {
    Reached,
    OnTheWay,
    Overdue,
    Awaiting,
}

impl From<Cell> for Progress {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::M => Self::Reached,
            Cell::T => Self::OnTheWay,
            Cell::O => Self::Overdue,
            Cell::N => Self::Awaiting,
        }
    }
}

/// `GET /api/v1/plan/clauses`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<Clause>>, Problem> {
    let clauses = app.open_night(&ask, |opened| {
        let (desk, tracked) = (opened.desk, tracked(opened)?);
        Ok(desk.pack.clauses.iter().map(|clause| shown(&desk, cells::of(&desk, &tracked, clause), clause)).collect())
    });
    clauses.await.map(Json)
}

fn shown(desk: &Desk<'_>, cell: Cell, clause: &Written) -> Clause {
    let voice = desk.voice;
    Clause {
        id: clause.id.clone(),
        title: voice.of(&clause.title).to_owned(),
        summary: voice.of(&clause.summary).to_owned(),
        section: clause.section.as_ref().map(|section| voice.of(section).to_owned()),
        responsible: clause.responsible.iter().map(|unit| voice.of(unit).to_owned()).collect(),
        deadline: match &clause.deadline {
            Some(Deadline::On(day)) => Some(day.to_string()),
            _ => None,
        },
        kind: clause.kind.clone(),
        state: match clause.state {
            ClauseState::Implemented => "implemented",
            ClauseState::Duty => "duty",
            ClauseState::Awaiting => "awaiting",
        },
        progress: cell.into(),
        implemented_by: clause
            .implemented_by
            .iter()
            .map(|element| format!("{}:{}", element.kind, element.id))
            .collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Clause>>("plan-clauses")
}
