//! Clauses, what carries them, and how they stand.

use serde::Serialize;

use crate::frame::Bullet;
use crate::pages::parts::{Chip, Mood};
use crate::pages::today::show::PlanSum;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub title: String,
    pub document: String,
    pub url: Option<String>,
    pub tabs: Vec<Chip>,
    pub sum: PlanSum,
    pub groups_n: i64,
    pub chips: Vec<Chip>,
    pub owing: Vec<Owing>,
    pub sections: Vec<Section>,
}

/// A unit and its overdue duties.
#[derive(Clone, Debug, Serialize)]
pub struct Owing {
    pub label: String,
    pub cells: Vec<&'static str>,
    pub n: i64,
}

/// A chapter of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub title: String,
    pub overdue: i64,
    pub groups: Vec<ClauseGroup>,
}

/// A numbered clause with its duties.
#[derive(Clone, Debug, Serialize)]
pub struct ClauseGroup {
    pub id: String,
    pub no: String,
    pub title: String,
    pub lead: String,
    pub cells: Vec<&'static str>,
    pub spoken: String,
    pub imps: Vec<Imp>,
    pub due: String,
    pub state: Mood,
    pub open: bool,
    pub duties: Vec<Duty>,
    pub measures: Vec<Measure>,
}

/// One duty of a clause.
#[derive(Clone, Debug, Serialize)]
pub struct Duty {
    pub id: String,
    pub title: String,
    pub summary: String,
    pub note: Option<String>,
    pub who: String,
    pub anchor: Option<String>,
    pub imps: Vec<Imp>,
    pub awaits: Option<String>,
    pub evidence: Option<String>,
    pub due: String,
    pub state: Mood,
}

/// What carries a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imp {
    pub glyph: &'static str,
    pub label: String,
    pub href: Option<String>,
}

/// The indicator behind a clause.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    pub label: String,
    pub said: String,
    pub href: String,
    pub bullet: Bullet,
}
