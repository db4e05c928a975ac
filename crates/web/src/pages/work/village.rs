//! A village's visits of the month, overdue first: the sheet a visitor takes along.

use serde::Serialize;

use super::Weight;
use crate::parts::{Chip, Class, Pager, PersonRef, Sla, Stamp};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export_href: String,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub township: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// One visit to make.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub classes: Vec<Class>,
    pub what: String,
    /// The kinds of visit that satisfy it.
    pub how: String,
    pub last: Option<String>,
    pub stamp: Option<Stamp>,
    pub sla: Option<Sla>,
}
