//! Missing facts by village: one cell a question.

use serde::Serialize;

use super::Weight;
use crate::parts::{Chip, Pager, PersonRef};

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export_href: String,
    pub tabs: Vec<Chip>,
    pub chips: Vec<Chip>,
    /// Column heads; every row has as many cells.
    pub facts: Vec<String>,
    pub villages: Vec<Village>,
    pub pager: Pager,
    pub people: i64,
    pub weights: Vec<Weight>,
    pub weights_max: i64,
    pub where_label: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// The people of one village on this page.
#[derive(Clone, Debug, Serialize)]
pub struct Village {
    pub name: String,
    pub href: String,
    pub n: i64,
    pub rows: Vec<Row>,
}

/// One person and which of the facts are missing.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub cells: Vec<bool>,
    /// The rules that asking would decide.
    pub decides: String,
}
