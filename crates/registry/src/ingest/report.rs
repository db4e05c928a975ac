//! What became of one received file.

use std::collections::BTreeMap;

use kernel::{Bilingual, Date, DivisionCode, ListId};
use serde::{Deserialize, Serialize};

use crate::reading::ReadFault;
use crate::rows::{FaultCode, RowFault};

/// The account of one list. Numbers of rows: `rows = good + faulty + unlinked + repeated`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListReport {
    /// None in a dry run.
    pub list: Option<ListId>,
    pub source: String,
    pub file_name: String,
    pub list_date: Date,
    /// The division the list speaks for; none: the whole region.
    pub scope: Option<DivisionCode>,
    pub received_on: Date,
    pub state: ListState,
    /// `UTF-8`, `UTF-8 BOM`, `GB18030`, `UTF-16LE`, `UTF-16BE`, `XLSX`.
    pub encoding: String,
    /// Row of the header, 1-based.
    pub header_row: u64,
    /// Columns no fact is known for; left out.
    pub unknown_columns: Vec<String>,
    pub rows: u64,
    /// Rows taken.
    pub good: u64,
    /// Rows held because a value is wrong.
    pub faulty: u64,
    /// Rows whose ID number is missing, wrong or unknown so far; they wait.
    pub unlinked: u64,
    /// Rows that repeat another row word for word.
    pub repeated: u64,
    /// Statements that are new.
    pub opened: u64,
    /// Statements that replace an older one.
    pub changed: u64,
    pub unchanged: u64,
    /// Statements ended because their subject is not in the list any more.
    pub closed: u64,
    /// Statements that stay open because a row with a wrong number can be about nobody else.
    #[serde(default)]
    pub kept: u64,
    /// Statements of the source within the list's scope before this list.
    pub in_scope: u64,
    /// What a full list would close, by division; said when it was held.
    pub closing: Option<Closing>,
    pub refusal: Option<Refusal>,
    /// How often each fault occurred.
    pub fault_codes: BTreeMap<FaultCode, u64>,
    /// The first faults in row order; all of them are in quarantine.
    #[serde(default)]
    pub faults: Vec<RowFault>,
}

/// What was done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    Accepted,
    /// It would close too much; nothing was changed until someone decides.
    Held,
    /// It was held, and someone let it in: it is taken the next time it is met.
    Released,
    /// Someone sent it back.
    Rejected,
    /// The same file was taken before; nothing was changed.
    Known,
    /// A dry run; nothing was written.
    Dry,
    /// Not readable as the list it says it is; nothing was taken.
    Refused,
    /// A held or refused receipt of a list that was taken later.
    Superseded,
    /// Dated after the night; left for its day, and not on record.
    Early,
}

/// What a list would close.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    pub would_close: u64,
    pub in_scope: u64,
    pub percent: f64,
    pub limit_percent: f64,
    /// By township, in code order; people of unknown residence under none.
    pub divisions: Vec<DivisionClosing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivisionClosing {
    pub division: Option<DivisionCode>,
    pub now: u64,
    pub would_close: u64,
}

/// Why a file was refused, in words for the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: String,
    pub cause: Bilingual,
    pub remedy: Bilingual,
}

impl ListReport {
    /// A list of which nothing is known but the day it came.
    #[must_use]
    pub(crate) fn blank(received_on: Date) -> Self {
        Self {
            list: None,
            source: String::new(),
            file_name: String::new(),
            list_date: received_on,
            scope: None,
            received_on,
            state: ListState::Accepted,
            encoding: String::new(),
            header_row: 0,
            unknown_columns: Vec::new(),
            rows: 0,
            good: 0,
            faulty: 0,
            unlinked: 0,
            repeated: 0,
            opened: 0,
            changed: 0,
            unchanged: 0,
            closed: 0,
            kept: 0,
            in_scope: 0,
            closing: None,
            refusal: None,
            fault_codes: BTreeMap::new(),
            faults: Vec::new(),
        }
    }
}

impl ListState {
    /// As kept in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Held => "held",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Known => "known",
            Self::Dry => "dry",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
            Self::Early => "early",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Accepted, Self::Held, Self::Released, Self::Rejected, Self::Refused, Self::Superseded]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl Refusal {
    #[must_use]
    pub fn of(fault: &ReadFault) -> Self {
        Self { code: fault.code().to_owned(), cause: fault.cause(), remedy: fault.remedy() }
    }
}
