//! Worklists: entitled and not served, to be stopped, visits, reassessments, facts to ask for.

pub mod answer;
pub mod ask;
pub mod export;
pub mod items;
pub mod list;
pub mod village;

use serde::Serialize;

/// A place or fact with its number of items, as a bar that links to the narrowed list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weight {
    pub label: String,
    /// Who supplies the fact; empty for places.
    pub supplier: String,
    pub href: String,
    pub n: i64,
    pub current: bool,
}
