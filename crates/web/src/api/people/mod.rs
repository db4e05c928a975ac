//! People: found, seen, explained, revealed.

pub mod assessments;
pub mod determinations;
pub mod explain;
pub mod facts;
pub mod looks;
pub mod reveal;
pub mod search;
pub mod show;
pub mod visits;
pub mod work;

use kernel::PersonId;

use crate::edge::Problem;
use crate::opened::Opened;
use crate::pages::people::linked;

/// The person of an address, whom the permission must reach; a merged number leads to the one it is read as.
///
/// # Errors
/// `NotFound`, `NotAllowed`.
pub fn reached(opened: &Opened<'_>, permission: &str, text: &str) -> Result<PersonId, Problem> {
    let asked: PersonId = text.parse().map_err(|_| Problem::NotFound)?;
    let person = linked::survivor(opened, asked)?;
    opened.demand(permission, person)?;
    opened.desk.row(person).ok_or(Problem::NotFound)?;
    Ok(person)
}
