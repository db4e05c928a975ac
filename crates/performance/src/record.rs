//! Measured values as they stand in the table, one row an indicator, division and night.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DutyReportId};
use serde::Serialize;
use store::{Session, StoreError, Value};

use crate::judge::State;
use crate::report::DutyFault;

/// One indicator in one division on one night.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    pub indicator: String,
    pub division: DivisionCode,
    pub period_start: Date,
    pub period_end: Date,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// Rows that could not be counted because a fact is missing.
    pub unknown: i64,
    pub value: Option<f64>,
    /// The value of the earlier period it is compared with.
    pub base: Option<f64>,
    pub state: State,
    /// Since when it is overdue, or met.
    pub since: Option<Date>,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum PerformanceError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("the measures hold an unreadable {what}")]
    Stored { what: &'static str },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Duty(Vec<DutyFault>),
    #[error("no standing report has the number {0}")]
    NoReport(DutyReportId),
    #[error("{0}")]
    Audit(#[from] store::audit::AuditError),
}

const COLUMNS: [&str; 13] = [
    "as_of",
    "pack",
    "indicator",
    "division",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "unknown",
    "value",
    "base",
    "state",
    "since",
];

/// Replaces a night's values, inside the night's transaction.
///
/// # Errors
/// Those of the store.
pub fn record(session: &mut Session, pack: &str, as_of: Date, rows: &[Measured]) -> Result<(), PerformanceError> {
    session.exec(include_str!("../sql/delete_night.sql"), &[as_of.into(), pack.into()])?;
    let rows = rows.iter().map(|m| -> [Value; 13] {
        [
            as_of.into(),
            pack.into(),
            m.indicator.as_str().into(),
            m.division.to_string().into(),
            m.period_start.into(),
            m.period_end.into(),
            m.numerator.into(),
            m.denominator.into(),
            m.unknown.into(),
            m.value.into(),
            m.base.into(),
            m.state.name().into(),
            m.since.into(),
        ]
    });
    session.bulk_insert("indicator_value", &COLUMNS, rows)?;
    Ok(())
}

/// A night's values by indicator and division.
///
/// # Errors
/// Those of the store.
pub fn measured_on(session: &mut Session, pack: &str, as_of: Date) -> Result<Vec<Measured>, PerformanceError> {
    let rows = session.query(include_str!("../sql/values_of_night.sql"), &[as_of.into(), pack.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Measured {
                indicator: row.text(0)?.to_owned(),
                division: row.text(1)?.parse().map_err(|_| PerformanceError::Stored { what: "division" })?,
                period_start: row.date(2)?,
                period_end: row.date(3)?,
                numerator: row.opt_real(4)?,
                denominator: row.opt_real(5)?,
                unknown: row.int(6)?,
                value: row.opt_real(7)?,
                base: row.opt_real(8)?,
                state: state(row.text(9)?)?,
                since: row.opt_date(10)?,
            })
        })
        .collect()
}

/// The values an earlier night measured for the period that ended on `period_end`, by division; the latest night counts.
///
/// # Errors
/// Those of the store.
pub fn last_of_period(
    session: &mut Session,
    pack: &str,
    indicator: &str,
    before: Date,
    period_end: Date,
) -> Result<BTreeMap<DivisionCode, f64>, PerformanceError> {
    let mut values = BTreeMap::new();
    let keys: [Value; 4] = [pack.into(), indicator.into(), before.into(), period_end.into()];
    session.query_each(include_str!("../sql/value_of_period.sql"), &keys, |row| {
        let division = row.text(0)?.parse().map_err(|_| PerformanceError::Stored { what: "division" })?;
        if let Some(value) = row.opt_real(1)? {
            values.insert(division, value);
        }
        Ok::<_, PerformanceError>(())
    })?;
    Ok(values)
}

fn state(name: &str) -> Result<State, PerformanceError> {
    State::ALL.into_iter().find(|s| s.name() == name).ok_or(PerformanceError::Stored { what: "state" })
}
