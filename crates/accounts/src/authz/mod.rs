//! Who may do what, how far it reaches, and why: data of `authz/`, decided here and nowhere else.
//!
//! Pure: it sees a [`Principal`] and a [`Target`], no database. A decision and a [`Scope`] of the same principal and
//! permission always agree; a property test holds them to it.

mod check;
mod decide;
mod load;
mod model;
mod raw;
mod rules;
mod say;
mod scope;

pub use decide::{Decision, Reason, Target};
pub use load::AuthzFault;
pub use model::{
    Authz, ConsentText, Grant, Kind, Labelled, Limit, Permission, Principal, Purpose, Reach, Relation, Role, Tie,
};
pub use rules::{AttemptRule, Rules, SecondFactorRule, SessionRule, TokenRule};
pub use scope::Scope;
