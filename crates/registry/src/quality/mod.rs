//! How good the departments' lists are, list by list and month by month: so that a county can ask the right office
//! to mend the right column.
//!
//! It counts and compares; it judges nothing. What was counted when a list was taken stays as it was, even when its
//! faulty rows are corrected later: it is the list that is measured, not the repair.

mod disagreement;
mod month;
mod tally;

pub use disagreement::{Account, Disagreement, record};
pub use month::{ColumnMonth, Share, SourceMonth, months};
pub(crate) use tally::{Tally, count};
