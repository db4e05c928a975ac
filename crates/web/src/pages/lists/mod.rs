//! Departmental lists: how they came in, what is wrong with their rows, correcting a row.

pub mod correct;
pub mod faults;
pub mod index;
pub mod settle;
pub mod show;

use registry::ingest::{ListReport, ListState};
use serde::Serialize;

/// What one file of a list did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub rows: i64,
    pub good: i64,
    pub faulty: i64,
    pub unlinked: i64,
    pub opened: i64,
    pub changed: i64,
    pub closed: i64,
    /// Whether it changed facts at all; a held list has not.
    pub entered: bool,
}

/// The account of a file as pages show it.
#[must_use]
pub fn counts(report: &ListReport) -> Counts {
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Counts {
        rows: n(report.rows),
        good: n(report.good),
        faulty: n(report.faulty),
        unlinked: n(report.unlinked),
        opened: n(report.opened),
        changed: n(report.changed),
        closed: n(report.closed),
        entered: matches!(report.state, ListState::Accepted | ListState::Known | ListState::Superseded),
    }
}
