//! What other systems ask for, as JSON: the same use cases as the pages, one file an endpoint.
//!
//! A handler here parses, asks what its page asks, and answers with codes and numbers beside the words. Names and
//! numbers of people are masked; only `reveal` opens them, for a purpose.

pub mod applications;
pub mod check;
pub mod consultations;
pub mod doc;
mod extract;
pub mod indicators;
pub mod linkage;
pub mod lists;
pub mod needs;
pub mod night;
pub mod once;
pub mod openapi;
pub mod pack;
mod paging;
pub mod people;
pub mod places;
pub mod plan;
pub mod quality;
mod shapes;
pub mod stream;
mod tag;
mod value;
pub mod webhooks;
pub mod work;

pub use extract::{Asked, Given};
pub use paging::{Page, Paging, cut};
pub use tag::{tagged, unchanged};

use kernel::DivisionCode;

use crate::desk::Region;
use crate::edge::{FieldFault, Problem};
use crate::opened::Opened;

/// The part of the region asked for, or one's own.
///
/// # Errors
/// `Misasked` for what is no division of the plan, `NotAllowed` for one beyond reach.
fn region(opened: &Opened<'_>, permission: &str, division: Option<DivisionCode>) -> Result<Region, Problem> {
    let Some(code) = division else { return Ok(opened.desk.region("")) };
    if !opened.desk.is_ours(code) {
        let cause = opened.desk.voice.word("api-fault-division");
        return Err(Problem::Misasked(vec![FieldFault { field: "division".into(), cause }]));
    }
    opened.demand_division(permission, code)?;
    Ok(opened.desk.region(&code.to_string()))
}
