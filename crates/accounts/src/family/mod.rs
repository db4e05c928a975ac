//! Families: an account bound to an elder by the township or by the elder's one-time code, with scopes, revocable,
//! each consent recorded.

mod bond;
mod consent;
mod elder_code;

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId, UserId};

use crate::authz::Relation;
use crate::words::words;

pub(crate) use bond::ties_of;
pub use consent::ConsentLine;
pub use elder_code::{ElderCode, Redeem};

/// A family account tied to an elder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    pub id: i64,
    pub account: UserId,
    pub person: PersonId,
    pub relation: Relation,
    pub scopes: Vec<String>,
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A bond to be made by the township or by the elder.
#[derive(Clone, Debug)]
pub struct NewBond {
    pub account: UserId,
    pub person: PersonId,
    /// Where the elder lives, as the registry says.
    pub division: Option<DivisionCode>,
    pub relation: Relation,
    pub scopes: Vec<String>,
    /// How the consent was given: a word of `consents.toml`.
    pub means: String,
    pub spoke: Spoke,
}

/// Who agreed or withdrew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoke {
    Elder,
    Guardian,
    Family,
    Township,
}

words!(Spoke { Elder = "elder", Guardian = "guardian", Family = "family", Township = "township" });
