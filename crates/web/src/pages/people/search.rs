//! Find a person by name, pinyin initials, ID number, its last four characters, or the platform's number.

use serde::Serialize;

use crate::pages::work::Weight;
use crate::parts::{Class, PersonRef};

/// What the page shows; without a query the classes and where people live.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub q: String,
    pub total: i64,
    pub rows: Vec<Row>,
    pub population: i64,
    pub classes: Vec<ClassCount>,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// One person found.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub dead: bool,
    pub id_tail: String,
    pub place: String,
    pub classes: Vec<Class>,
}

/// How many people a class has, and for how many it is not decided.
#[derive(Clone, Debug, Serialize)]
pub struct ClassCount {
    pub label: String,
    pub href: String,
    pub met: i64,
    pub unknown: i64,
}
