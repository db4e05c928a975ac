//! Every indicator against its target, and the parts of a region side by side.

use serde::Serialize;

use crate::frame::Bullet;
use crate::pages::parts::Mood;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export_href: String,
    pub groups: Vec<Group>,
    pub rank_title: String,
    pub rank_heads: Vec<Head>,
    pub ranks: Vec<Rank>,
    /// Denominators below this are not ranked.
    pub small: i64,
}

/// Indicators counted over the same kind of thing.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub label: String,
    pub period: String,
    pub to_confirm: bool,
    pub value: String,
    pub unit: String,
    pub bullet: Bullet,
    pub target: String,
    pub state: Mood,
    pub counts: String,
    pub trend: Vec<f64>,
    pub deadline: String,
}

/// A column of the comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub label: String,
    pub href: String,
    pub target: String,
}

/// A row of the comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Rank {
    pub name: String,
    pub href: Option<String>,
    pub cells: Vec<Cell>,
}

/// One value, coloured by its distance to the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub text: String,
    /// `ht5` reached … `ht1` far; `na` few or none.
    pub class: &'static str,
    pub hint: Option<String>,
    pub title: Option<String>,
    pub low: bool,
}
