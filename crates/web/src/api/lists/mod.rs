//! Departmental lists: what came in, what is wrong with it, taking one in, correcting a row.

pub mod all;
pub mod correct;
pub mod faults;
pub mod import;
pub mod settle;
pub mod show;

use kernel::ListId;
use registry::ingest::{ListReport, ListState};
use registry::rows::RowFault;
use schemars::JsonSchema;
use serde::Serialize;

use super::shapes::{Code, Day, Division, ListNumber, count};
use crate::desk::Desk;
use crate::edge::Problem;

/// The account of one file. `rows` = `good` + `faulty` + `unlinked` + `repeated`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct List {
    /// Null in a dry run.
    #[schemars(with = "Option<ListNumber>")]
    id: Option<String>,
    source: String,
    label: String,
    file_name: String,
    #[schemars(with = "Day")]
    list_date: String,
    /// The division it speaks for; null: the whole region.
    #[schemars(with = "Option<Code>")]
    division: Option<String>,
    #[schemars(with = "Day")]
    received_on: String,
    state: State,
    encoding: String,
    rows: u64,
    good: u64,
    faulty: u64,
    unlinked: u64,
    repeated: u64,
    opened: u64,
    changed: u64,
    unchanged: u64,
    closed: u64,
    kept: u64,
    /// Columns no fact is known for; left out.
    unknown_columns: Vec<String>,
    /// What it would close, when it is held.
    closing: Option<Closing>,
    /// Why it could not be read.
    refusal: Option<Refusal>,
}

/// What was done with a file.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ListState")]
enum State {
    Accepted,
    Held,
    /// Let in; it is taken the next time it is met.
    Released,
    Rejected,
    Known,
    Dry,
    Refused,
    Superseded,
    Early,
}

/// What a held list would close.
#[derive(Debug, Serialize, JsonSchema)]
struct Closing {
    would_close: u64,
    in_scope: u64,
    percent: f64,
    limit_percent: f64,
    /// By township; people of unknown residence under none.
    divisions: Vec<DivisionClosing>,
}

/// In one township.
#[derive(Debug, Serialize, JsonSchema)]
struct DivisionClosing {
    division: Option<Division>,
    now: u64,
    would_close: u64,
}

/// Why a file was refused.
#[derive(Debug, Serialize, JsonSchema)]
struct Refusal {
    code: String,
    cause: String,
    remedy: String,
}

/// One fault of one row.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RowFault")]
pub struct Fault {
    /// The waiting row, for correcting it; null in a report of what was not written.
    row_id: Option<i64>,
    /// As the office counts.
    row: u64,
    /// Empty: the row as a whole.
    column: String,
    /// Masked.
    value: String,
    code: String,
    cause: String,
    remedy: String,
}

impl From<ListState> for State {
    fn from(state: ListState) -> Self {
        match state {
            ListState::Accepted => Self::Accepted,
            ListState::Held => Self::Held,
            ListState::Released => Self::Released,
            ListState::Rejected => Self::Rejected,
            ListState::Known => Self::Known,
            ListState::Dry => Self::Dry,
            ListState::Refused => Self::Refused,
            ListState::Superseded => Self::Superseded,
            ListState::Early => Self::Early,
        }
    }
}

impl List {
    pub fn of(desk: &Desk<'_>, label: String, report: &ListReport) -> Self {
        Self {
            id: report.list.map(|list| list.to_string()),
            source: report.source.clone(),
            label,
            file_name: report.file_name.clone(),
            list_date: report.list_date.to_string(),
            division: report.scope.map(|code| code.to_string()),
            received_on: report.received_on.to_string(),
            state: report.state.into(),
            encoding: report.encoding.clone(),
            rows: report.rows,
            good: report.good,
            faulty: report.faulty,
            unlinked: report.unlinked,
            repeated: report.repeated,
            opened: report.opened,
            changed: report.changed,
            unchanged: report.unchanged,
            closed: report.closed,
            kept: report.kept,
            unknown_columns: report.unknown_columns.clone(),
            closing: report.closing.as_ref().map(|closing| Closing {
                would_close: closing.would_close,
                in_scope: closing.in_scope,
                percent: closing.percent,
                limit_percent: closing.limit_percent,
                divisions: closing
                    .divisions
                    .iter()
                    .map(|line| DivisionClosing {
                        division: line.division.map(|code| Division::of(desk, code)),
                        now: count(line.now),
                        would_close: count(line.would_close),
                    })
                    .collect(),
            }),
            refusal: report.refusal.as_ref().map(|refusal| Refusal {
                code: refusal.code.clone(),
                cause: desk.voice.of(&refusal.cause).to_owned(),
                remedy: desk.voice.of(&refusal.remedy).to_owned(),
            }),
        }
    }
}

impl Fault {
    pub fn of(desk: &Desk<'_>, row_id: Option<i64>, fault: &RowFault) -> Self {
        Self {
            row_id,
            row: fault.row,
            column: fault.column.clone(),
            value: fault.value.clone(),
            code: fault.code.name().to_owned(),
            cause: desk.voice.of(&fault.cause).to_owned(),
            remedy: desk.voice.of(&fault.remedy).to_owned(),
        }
    }
}

/// The list of an address.
fn number(text: &str) -> Result<ListId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}
