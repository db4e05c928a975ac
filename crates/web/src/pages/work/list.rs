//! One worklist by village: who, what, why, since when, until when.

use serde::Serialize;

use super::Weight;
use crate::parts::{Chip, ClauseLink, FactShown, Pager, PersonRef, Sla};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export_href: String,
    pub tabs: Vec<Chip>,
    pub chips: Vec<Chip>,
    pub col_what: String,
    pub col_since: String,
    pub villages: Vec<Village>,
    pub pager: Pager,
    pub rule: Option<RuleCard>,
    pub where_label: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// The rows of one village on this page; `n` counts all of them.
#[derive(Clone, Debug, Serialize)]
pub struct Village {
    pub name: String,
    pub href: String,
    pub n: i64,
    pub note: Option<String>,
    pub rows: Vec<Item>,
}

/// One person and one matter.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub person: PersonRef,
    pub what: String,
    pub amount: Option<String>,
    pub why: Vec<FactShown>,
    pub since: String,
    pub sla: Option<Sla>,
}

/// What the chosen rule says.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCard {
    pub label: String,
    pub summary: String,
    pub parts: Vec<String>,
    pub bring: Vec<String>,
    pub apply_to: Option<String>,
    pub clauses: Vec<ClauseLink>,
    pub href: String,
}
