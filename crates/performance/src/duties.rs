//! Duties: clauses that only ask a department to do something by a day. Done when evidence of it stands.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DutyReportId};
use policy::model::{ClauseState, Deadline, Pack};
use serde::Serialize;
use store::Session;

use crate::record::PerformanceError;

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// Evidence of it stands, in time or late.
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
    /// By the day it was done; withdrawn ones too.
    pub reports: Vec<DutyReport>,
}

/// Evidence that it was done, as someone recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyReport {
    pub id: DutyReportId,
    pub done_on: Date,
    /// The unit or officer that did it.
    pub done_by: String,
    pub evidence: String,
    /// Where the evidence is kept: a file's name or number; may be empty.
    pub file: String,
    pub note: String,
    pub reported_on: Date,
    pub reported_by: String,
    pub withdrawn: Option<Withdrawal>,
}

/// Why a report counts no more. It stays on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    pub on: Date,
    pub by: String,
    pub why: String,
}

impl Duty {
    /// The evidence that counts: of the standing reports the earliest.
    #[must_use]
    pub fn done(&self) -> Option<&DutyReport> {
        self.reports.iter().find(|report| report.withdrawn.is_none())
    }

    /// Days past the deadline: until it was done, else until `as_of`.
    #[must_use]
    pub fn days_late(&self, as_of: Date) -> Option<i64> {
        let until = self.done().map_or(as_of, |report| report.done_on);
        self.deadline.map(|deadline| (until - deadline).num_days()).filter(|days| *days > 0)
    }
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
        if row.text(1)? != division.to_string() {
            return Ok::<_, PerformanceError>(());
        }
        let text = |at| Ok::<_, PerformanceError>(row.opt_text(at)?.unwrap_or_default().to_owned());
        let withdrawn = match row.opt_date(10)? {
            Some(on) => Some(Withdrawal { on, by: text(11)?, why: text(12)? }),
            None => None,
        };
        let report = DutyReport {
            id: DutyReportId(row.int(2)?),
            done_on: row.date(3)?,
            done_by: text(4)?,
            evidence: text(5)?,
            file: text(6)?,
            note: text(7)?,
            reported_on: row.date(8)?,
            reported_by: text(9)?,
            withdrawn,
        };
        reports.entry(row.text(0)?.to_owned()).or_default().push(report);
        Ok(())
    })?;
    let duties = pack.clauses.iter().filter(|c| c.state == ClauseState::Duty).map(|clause| {
        let deadline = match &clause.deadline {
            Some(Deadline::On(day)) => Some(*day),
            _ => None,
        };
        let reports = reports.remove(&clause.id).unwrap_or_default();
        let mut duty = Duty { clause: clause.id.clone(), division, deadline, state: DutyState::Open, reports };
        duty.state = if duty.done().is_some() {
            DutyState::Done
        } else if deadline.is_some_and(|day| day < as_of) {
            DutyState::Overdue
        } else {
            DutyState::Open
        };
        duty
    });
    Ok(duties.collect())
}
