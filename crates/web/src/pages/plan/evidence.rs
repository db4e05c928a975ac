//! The evidence of administrative duties: what was reported, recording it, taking it back.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Date, DutyReportId, parse_date};
use performance::{Duty as Tracked, DutyFault, DutyReport, NewReport, PerformanceError, Recording};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::pages::indicators::said;
use crate::state::AppState;

/// What was reported of a duty, and where the form goes.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    pub reports: Vec<Report>,
    pub action: String,
    /// Whether evidence stands already; then the form is folded.
    pub done: bool,
    pub today: String,
}

/// One report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub id: String,
    pub done_on: String,
    pub done_by: String,
    pub evidence: String,
    pub file: String,
    pub note: String,
    /// Who recorded it when.
    pub recorded: String,
    /// Who took it back when and why.
    pub withdrawn: Option<String>,
    pub action: String,
}

/// The form of a report.
#[derive(Deserialize)]
pub struct Filled {
    #[serde(default)]
    done_on: String,
    #[serde(default)]
    done_by: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    by: String,
}

/// The form of a withdrawal.
#[derive(Deserialize)]
pub struct Taken {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    by: String,
}

/// A duty's reports in the reader's language.
#[must_use]
pub fn view(desk: &Desk<'_>, tracked: &Tracked, today: Date) -> Evidence {
    let action = format!("/d/plan/duties/{}", tracked.clause);
    Evidence {
        reports: tracked.reports.iter().map(|report| line(desk, &action, report)).collect(),
        done: tracked.done().is_some(),
        action,
        today: today.to_string(),
    }
}

fn line(desk: &Desk<'_>, action: &str, report: &DutyReport) -> Report {
    let by_on = |key: &str, by: &str, on: Date, why: &str| {
        desk.voice.say(key, &[("by", by.into()), ("on", on.to_string().into()), ("why", why.into())])
    };
    let taken = report.withdrawn.as_ref();
    Report {
        id: report.id.to_string(),
        done_on: report.done_on.to_string(),
        done_by: report.done_by.clone(),
        evidence: report.evidence.clone(),
        file: report.file.clone(),
        note: report.note.clone(),
        recorded: by_on("plan-duty-recorded", &report.reported_by, report.reported_on, ""),
        withdrawn: taken.map(|taken| by_on("plan-duty-withdrawn", &taken.by, taken.on, &taken.why)),
        action: format!("{action}/{}/withdraw", report.id),
    }
}

/// `POST /d/plan/duties/{clause}`
pub async fn report(
    State(app): State<AppState>,
    ask: Ask,
    Path(clause): Path<String>,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    let asked = ask.clone();
    app.open_night(&ask, move |opened| {
        let Ok(done_on) = parse_date(&filled.done_on) else {
            let cause = opened.desk.voice.word("plan-duty-no-date");
            return Err(Problem::Invalid(vec![FieldFault { field: "done_on".into(), cause }]));
        };
        let Filled { done_by, evidence, file, note, by, .. } = filled;
        let new = NewReport { done_on, done_by, evidence, file, note };
        let done = record(opened, &clause, &new, &by)?;
        Ok(back(&asked, &clause, done))
    })
    .await
}

/// `POST /d/plan/duties/{clause}/{report}/withdraw`
pub async fn withdraw(
    State(app): State<AppState>,
    ask: Ask,
    Path((clause, report)): Path<(String, String)>,
    Form(taken): Form<Taken>,
) -> Result<Response, Problem> {
    let id: DutyReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let asked = ask.clone();
    app.open_night(&ask, move |opened| {
        take_back(opened, id, &taken.reason, &taken.by)?;
        Ok(back(&asked, &clause, id))
    })
    .await
}

/// Records that a duty was done.
///
/// # Errors
/// `Invalid` with every fault, `NotFound` for what is no duty.
pub fn record(opened: &Opened<'_>, clause: &str, new: &NewReport, by: &str) -> Result<DutyReportId, Problem> {
    let how = recording(opened, by)?;
    opened.try_ask(|session| {
        let done = performance::report(session, opened.keys(), opened.desk.pack, clause, new, &how);
        done.map_err(|fault| problem(opened, fault))
    })
}

/// Takes a report back.
///
/// # Errors
/// `Invalid` with every fault, `Conflict` when it stands no longer.
pub fn take_back(opened: &Opened<'_>, id: DutyReportId, reason: &str, by: &str) -> Result<(), Problem> {
    let how = recording(opened, by)?;
    opened.try_ask(|session| {
        let done = performance::withdraw(session, opened.keys(), opened.desk.pack, id, reason, &how);
        done.map(|_| ()).map_err(|fault| problem(opened, fault))
    })
}

fn recording<'r>(opened: &Opened<'_>, by: &'r str) -> Result<Recording<'r>, Problem> {
    let clock = opened.app.clock();
    let division = said::whole(&opened.desk).ok_or(Problem::NotFound)?;
    Ok(Recording { division, at: clock.now(), on: clock.today(), by })
}

fn back(ask: &Ask, clause: &str, id: DutyReportId) -> Response {
    Redirect::to(&ask.href(&format!("/d/plan?at={clause}&saved={id}#{clause}"))).into_response()
}

fn problem(opened: &Opened<'_>, fault: PerformanceError) -> Problem {
    match fault {
        PerformanceError::Duty(faults) if faults.iter().any(|f| matches!(f, DutyFault::NoDuty { .. })) => {
            Problem::NotFound
        }
        PerformanceError::Duty(faults) => Problem::Invalid(
            faults
                .iter()
                .map(|f| FieldFault { field: f.field().to_owned(), cause: opened.desk.voice.of(&f.said()).to_owned() })
                .collect(),
        ),
        PerformanceError::NoReport(_) => Problem::Conflict,
        other => Problem::internal(other),
    }
}
