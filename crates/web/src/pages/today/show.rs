//! The desk's first page: what to do first, key figures, how the lists came in, how far the plan is.

use serde::Serialize;

use crate::frame::Bullet;
use crate::parts::{Chip, Mood, Sla, Stamp};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub as_of: String,
    pub visits_left: Option<i64>,
    /// The one thing to go to.
    pub first_href: String,
    pub first_action: String,
    pub kpis: Vec<Kpi>,
    pub chips: Vec<Chip>,
    pub groups: Vec<Group>,
    pub lists: Vec<ListLine>,
    pub found: Vec<Found>,
    pub progress: Option<Progress>,
    pub plan: PlanSum,
}

/// An indicator in the strip.
#[derive(Clone, Debug, Serialize)]
pub struct Kpi {
    pub href: String,
    pub name: String,
    pub value: String,
    pub unit: String,
    pub change: Option<String>,
    pub bullet: Bullet,
    pub target: String,
    pub hit: bool,
    pub gap: String,
}

/// Work of one urgency, its first rows and how many there are.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub n: i64,
    pub href: String,
    pub rows: Vec<WorkRow>,
}

/// One thing to do.
#[derive(Clone, Debug, Serialize)]
pub struct WorkRow {
    pub glyph: &'static str,
    pub title: String,
    pub href: String,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub sla: Option<Sla>,
    pub why: String,
}

/// A departmental list's newest file.
#[derive(Clone, Debug, Serialize)]
pub struct ListLine {
    pub stamp: Stamp,
    pub label: String,
    pub href: String,
    pub as_of: String,
    pub rows: i64,
    pub state: Mood,
}

/// A worklist and what is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub n: i64,
    pub href: String,
    pub title: String,
    pub detail: String,
}

/// One indicator by county.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    pub title: String,
    pub href: String,
    pub target: String,
    pub note: String,
    pub rows: Vec<ProgressRow>,
}

/// One county's bar.
#[derive(Clone, Debug, Serialize)]
pub struct ProgressRow {
    pub name: String,
    pub href: String,
    pub bullet: Bullet,
    pub value: String,
}

/// Duties of the plan by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanSum {
    pub reached: i64,
    pub on_the_way: i64,
    pub overdue: i64,
    pub awaiting: i64,
}
