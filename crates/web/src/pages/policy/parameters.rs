//! The figures of the pack with date, source and whether they are settled.

use serde::Serialize;

use crate::pages::parts::Chip;
use crate::pages::work::list::ClauseLink;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub tabs: Vec<Chip>,
    pub groups: Vec<Group>,
}

/// Those to be confirmed, then those settled.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub label: String,
    pub to_confirm: bool,
    pub note: Option<String>,
    pub value: String,
    pub from: String,
    pub earlier: Vec<String>,
    pub source: String,
    pub clause: Option<ClauseLink>,
}
