//! One indicator: how it is counted, where the gap is, who or what is missing.

use serde::Serialize;

use crate::frame::Bullet;
use crate::pages::parts::{Chip, FactShown, Mood, Pager};
use crate::pages::work::list::ClauseLink;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub id: String,
    pub label: String,
    pub period: String,
    pub clauses: Vec<ClauseLink>,
    pub export_href: String,
    pub overdue: bool,
    pub state: Mood,
    pub deadline: String,
    pub bullet: Bullet,
    pub base_label: Option<String>,
    pub facts: Vec<(String, String)>,
    pub trend: Vec<f64>,
    pub summary: String,
    pub note: Option<String>,
    pub to_confirm: bool,
    pub numerator: String,
    pub numerator_sql: String,
    pub denominator: String,
    pub denominator_sql: String,
    pub unit: String,
    pub axis: String,
    pub tree: Vec<Node>,
    pub small: i64,
    pub rows_title: String,
    pub rows_head: String,
    pub rows_fact: String,
    pub sides: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// A division in the tree.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    pub depth: usize,
    pub name: String,
    pub href: String,
    pub toggle: String,
    pub toggle_label: String,
    pub children: bool,
    pub open: bool,
    pub current: bool,
    pub value: String,
    pub bullet: Bullet,
    pub gap: String,
    pub counts: String,
}

/// A person, place or division of the drill-down.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: Option<String>,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub facts: Vec<FactShown>,
}
