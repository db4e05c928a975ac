//! Departmental lists: how they came in, what is wrong with their rows, correcting a row.

pub mod index;
pub mod show;

use serde::Serialize;

/// What one file of a list did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub rows: i64,
    pub good: i64,
    pub faulty: i64,
    pub unlinked: i64,
    pub opened: i64,
    pub changed: i64,
    pub closed: i64,
    /// Whether it changed facts at all; a held list has not.
    pub entered: bool,
}
