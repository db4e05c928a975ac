//! Duties: clauses that only ask a department to do something by a day. Done when someone reported evidence.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode};
use policy::model::{ClauseState, Deadline, Pack};
use serde::Serialize;
use store::{Session, Value};

use crate::record::PerformanceError;

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    Done,
    /// The deadline lies ahead, or none is stated.
    Open,
    Overdue,
}

/// One clause of state `duty` in one division.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    pub clause: String,
    pub division: DivisionCode,
    pub deadline: Option<Date>,
    pub state: DutyState,
    pub reports: Vec<DutyReport>,
}

/// Evidence that it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyReport {
    pub done_on: Date,
    pub evidence: String,
    pub reported_on: Date,
}

/// Every duty of the pack for one division, in clause order.
///
/// # Errors
/// Those of the store.
pub fn duties(
    session: &mut Session,
    pack: &Pack,
    division: DivisionCode,
    as_of: Date,
) -> Result<Vec<Duty>, PerformanceError> {
    let mut reports: BTreeMap<String, Vec<DutyReport>> = BTreeMap::new();
    session.query_each(include_str!("../sql/duty_reports.sql"), &[pack.id.as_str().into()], |row| {
        if row.text(1)? == division.to_string() {
            let report =
                DutyReport { done_on: row.date(2)?, evidence: row.text(3)?.to_owned(), reported_on: row.date(4)? };
            reports.entry(row.text(0)?.to_owned()).or_default().push(report);
        }
        Ok::<_, PerformanceError>(())
    })?;
    let duties = pack.clauses.iter().filter(|c| c.state == ClauseState::Duty).map(|clause| {
        let deadline = match &clause.deadline {
            Some(Deadline::On(day)) => Some(*day),
            _ => None,
        };
        let reports = reports.remove(&clause.id).unwrap_or_default();
        let state = if reports.iter().any(|r| r.done_on <= as_of) {
            DutyState::Done
        } else if deadline.is_some_and(|day| day < as_of) {
            DutyState::Overdue
        } else {
            DutyState::Open
        };
        Duty { clause: clause.id.clone(), division, deadline, state, reports }
    });
    Ok(duties.collect())
}

/// Records evidence that a duty was done.
///
/// # Errors
/// Those of the store.
pub fn report(
    session: &mut Session,
    pack: &str,
    clause: &str,
    division: DivisionCode,
    report: &DutyReport,
) -> Result<(), PerformanceError> {
    let id = store::next_ids(session, "duty_report", 1)?.start;
    let values: [Value; 7] = [
        id.into(),
        pack.into(),
        clause.into(),
        division.to_string().into(),
        report.done_on.into(),
        report.evidence.as_str().into(),
        report.reported_on.into(),
    ];
    session.exec(include_str!("../sql/insert_duty_report.sql"), &values)?;
    Ok(())
}
