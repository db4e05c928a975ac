//! Every departmental list with its newest file, those that need attention first.

use serde::Serialize;

use super::Counts;
use crate::parts::{Chip, Mood, Stamp};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub as_of: String,
    pub opened: i64,
    pub changed: i64,
    pub closed: i64,
    pub unlinked: i64,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub inbox_example: String,
}

/// One list; without counts it was never received.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub stamp: Stamp,
    pub label: String,
    pub department: String,
    pub scope: Option<String>,
    pub href: Option<String>,
    pub received: String,
    pub as_of: String,
    pub age: Option<String>,
    pub late: bool,
    pub counts: Option<Counts>,
    pub state: Mood,
}
