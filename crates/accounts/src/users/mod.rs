//! Accounts of people who sign in: made by invitation, opened by a link, given roles, locked, closed.

mod admit;
mod assign;
mod confirm;
mod find;
mod grant;
mod links;
mod state;

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, UserId};

use crate::Token;
use crate::authz::{Grant, Kind};
use crate::words::words;

pub(crate) use assign::assigned_to;
pub use confirm::Waiting;
pub(crate) use find::{grants_of, open_profile};

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Has a link, no password yet.
    Invited,
    Active,
    /// By an administrator, or by too many wrong attempts.
    Locked,
    /// For good; the row stays, so that what it did stays attributed.
    Closed,
}

words!(State { Invited = "invited", Active = "active", Locked = "locked", Closed = "closed" });

/// Someone who signs in, as an administrator's list shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub kind: Kind,
    pub state: State,
    /// Where the account belongs: whoever runs accounts of this division sees it.
    pub division: DivisionCode,
    pub display_name: String,
    pub phone: Option<String>,
    pub second_factor: bool,
    pub made_at: DateTime<Utc>,
    pub grants: Vec<Grant>,
    /// Roles that a second person has not confirmed yet: they give nothing.
    pub waiting: Vec<Grant>,
}

/// Shows the id only: a user name and a display name are somebody's name.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewUser {
    pub username: String,
    pub kind: Kind,
    pub display_name: String,
    /// Also good for signing in.
    pub phone: Option<String>,
    pub division: DivisionCode,
    pub grants: Vec<Grant>,
}

/// A link to hand over by a way that only its owner reads; shown once.
#[derive(Clone, Debug)]
pub struct Link {
    pub user: UserId,
    pub token: Token,
    pub ends_at: DateTime<Utc>,
}

/// What the page behind a link shows before the password is set.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkOwner {
    pub user: UserId,
    pub username: String,
    pub display_name: String,
    pub kind: Kind,
    pub purpose: LinkPurpose,
    pub ends_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    Invite,
    Reset,
}

words!(LinkPurpose { Invite = "invite", Reset = "reset" });

/// The name to sign in with, as it is kept: small letters. `None` when it can't be one: an ID number or a phone number
/// must not stand in the clear as somebody's user name, so it opens with a letter.
pub(crate) fn plain_username(text: &str) -> Option<String> {
    let name = text.trim().to_ascii_lowercase();
    let sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let fits = (3..=40).contains(&name.len())
        && name.bytes().all(sign)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().filter(u8::is_ascii_digit).count() < 8;
    fits.then_some(name)
}

/// A mobile number as it is kept: 11 digits.
pub(crate) fn plain_phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    (digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// What a sealed profile holds: display name and phone, parted.
pub(crate) const PARTED: char = '\u{1f}';

/// The phone in an opened profile, for its blind index.
pub(crate) fn phone_of(profile: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(profile).ok()?;
    text.split(PARTED).nth(1).filter(|phone| !phone.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_no_number_of_a_person() {
        assert_eq!(plain_username(" Gulnar.T "), Some("gulnar.t".to_owned()));
        for bad in ["ab", "13812345678", "653001195001011234", "a13812345678", "名字abc", "a b c", "-abc", ""] {
            assert_eq!(plain_username(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_phone_number_is_read_as_people_write_it() {
        assert_eq!(plain_phone("+86 138-1234-5678"), Some("13812345678".to_owned()));
        assert_eq!(plain_phone("2381234567"), None);
    }
}
