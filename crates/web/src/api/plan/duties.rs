//! Clauses that only ask a department to do something by a day, with the evidence that it was done.

use axum::Json;
use axum::extract::State;
use performance::{Duty as Tracked, DutyReport, DutyState};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::doc::Doc;
use crate::api::shapes::{Code, Day, ReportNumber};
use crate::edge::{Ask, Problem};
use crate::pages::plan::show::tracked;
use crate::state::AppState;

/// One duty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Duty {
    clause: String,
    #[schemars(with = "Code")]
    division: String,
    #[schemars(with = "Option<Day>")]
    deadline: Option<String>,
    state: Standing,
    reports: Vec<Report>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DutyState")]
enum Standing {
    Done,
    Open,
    Overdue,
}

/// Evidence that it was done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DutyReport")]
struct Report {
    #[schemars(with = "ReportNumber")]
    id: String,
    #[schemars(with = "Day")]
    done_on: String,
    done_by: String,
    evidence: String,
    file: String,
    note: String,
    #[schemars(with = "Day")]
    reported_on: String,
    reported_by: String,
    /// It counts no more, and stays on record.
    withdrawn: Option<Withdrawn>,
}

/// Why a report counts no more.
#[derive(Debug, Serialize, JsonSchema)]
struct Withdrawn {
    #[schemars(with = "Day")]
    on: String,
    by: String,
    why: String,
}

/// `GET /api/v1/plan/duties`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<Duty>>, Problem> {
    let duties = app.open_night(&ask, |opened| Ok(tracked(opened)?.iter().map(shown).collect()));
    duties.await.map(Json)
}

fn shown(duty: &Tracked) -> Duty {
    Duty {
        clause: duty.clause.clone(),
        division: duty.division.to_string(),
        deadline: duty.deadline.map(|day| day.to_string()),
        state: match duty.state {
            DutyState::Done => Standing::Done,
            DutyState::Open => Standing::Open,
            DutyState::Overdue => Standing::Overdue,
        },
        reports: duty.reports.iter().map(report).collect(),
    }
}

fn report(report: &DutyReport) -> Report {
    Report {
        id: report.id.to_string(),
        done_on: report.done_on.to_string(),
        done_by: report.done_by.clone(),
        evidence: report.evidence.clone(),
        file: report.file.clone(),
        note: report.note.clone(),
        reported_on: report.reported_on.to_string(),
        reported_by: report.reported_by.clone(),
        withdrawn: report.withdrawn.as_ref().map(|taken| Withdrawn {
            on: taken.on.to_string(),
            by: taken.by.clone(),
            why: taken.why.clone(),
        }),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Duty>>("plan-duties")
}
