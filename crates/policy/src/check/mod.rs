//! `pack check`: whether a pack as a whole makes sense, beyond each file being well formed.

mod clauses;
mod references;
mod report;
mod shape;

pub(crate) use references::references;
pub use report::{CheckReport, Counts, ToConfirm};
