//! One's own matters, and those of the elder one acts for: each page asks for the permission, and the elder's consent
//! stands behind it.

pub mod apply;
pub mod facts;
pub mod family;
pub mod index;
pub mod looks;
pub mod matter;
pub mod person;
pub mod record;

use kernel::PersonId;

use crate::edge::Problem;
use crate::opened::Opened;
use crate::parts::Chip;
use crate::public::Public;

/// The tabs of an elder's pages, as far as the reader may open them.
#[must_use]
pub fn tabs(opened: &Opened<'_>, person: PersonId, current: &str) -> Vec<Chip> {
    let all = [
        ("", "me-tab-due", "person.see"),
        ("/record", "me-tab-record", "visit.list"),
        ("/facts", "me-tab-facts", "fact.see"),
        ("/family", "me-tab-family", "bond.see"),
        ("/looks", "me-tab-looks", "person.looked"),
    ];
    let may = |permission: &str| opened.demand(permission, person).is_ok();
    all.into_iter()
        .filter(|(.., permission)| may(permission))
        .map(|(path, key, _)| Chip {
            label: opened.desk.voice.word(key),
            n: None,
            href: format!("/me/{person}{path}"),
            current: path == current,
        })
        .collect()
}

/// The person of an address, when the night knows them and the reader may do this.
///
/// # Errors
/// `NotFound`, `NotAllowed`.
pub fn admitted(opened: &Opened<'_>, permission: &str, person: PersonId) -> Result<usize, Problem> {
    opened.demand(permission, person)?;
    opened.desk.row(person).ok_or(Problem::NotFound)
}

/// The same page as public pages see it.
#[must_use]
pub fn public<'o>(opened: &Opened<'o>) -> Public<'o> {
    Public { app: opened.app, published: opened.published, desk: opened.desk, viewer: opened.viewer.clone() }
}
