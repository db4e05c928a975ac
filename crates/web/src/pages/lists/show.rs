//! One file of a list: counts, why it was stopped, its faulty rows with a form each.

use serde::Serialize;

use super::Counts;
use crate::parts::Pager;
use crate::pages::work::Weight;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub xlsx_href: String,
    /// Said after a correction was taken in.
    pub saved: Option<String>,
    pub held: Option<Held>,
    pub counts: Counts,
    pub faults_total: i64,
    pub causes: Vec<Weight>,
    pub causes_max: i64,
    pub faults: Vec<FaultRow>,
    pub pager: Pager,
}

/// A full list that would close too much.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub percent: String,
    pub limit: String,
    pub keep: i64,
    pub close: i64,
    /// What to type to take it in nevertheless.
    pub command: String,
}

/// One fault of one row.
#[derive(Clone, Debug, Serialize)]
pub struct FaultRow {
    pub id: i64,
    pub row: i64,
    pub column: String,
    /// Masked; none: the cell is blank.
    pub value: Option<String>,
    pub cause: String,
    pub remedy: String,
    pub correctable: bool,
    pub done: bool,
    pub current: bool,
    /// Where the form goes.
    pub action: String,
    /// Why the last correction was refused.
    pub fault: Option<String>,
}
