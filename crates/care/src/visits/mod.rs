//! Visits: recorded in the field, read at the desk; and the needs found on them.

mod needs;
mod queries;
mod record;

pub use needs::{NeedLine, Settled, need_person, needs, needs_of, settle_need};
pub use queries::{VisitLine, made_by_village, of_person, visit, visited_since};
pub(crate) use record::record;
