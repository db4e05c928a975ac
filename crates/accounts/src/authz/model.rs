//! Roles, permissions and who stands before them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Bilingual, Date, DivisionCode, DivisionLevel, PersonId, PlaceId, UserId};

use super::Rules;
use crate::words::words;

/// Everything in `authz/`, checked.
#[derive(Clone, Debug)]
pub struct Authz {
    /// In the file's order.
    pub permissions: Vec<Permission>,
    pub roles: Vec<Role>,
    pub purposes: Vec<Purpose>,
    /// What an elder may agree to: `see`, `order`, `apply`.
    pub consent_scopes: Vec<Labelled>,
    pub consent_texts: Vec<ConsentText>,
    /// How a consent was given.
    pub means: Vec<Labelled>,
    pub rules: Rules,
}

/// One thing that can be done, `resource.action`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    pub id: String,
    pub label: Bilingual,
    /// One sentence: what it is for.
    pub why: Bilingual,
    /// Shows or changes what is known of a person.
    pub personal: bool,
    /// Every account that has signed in has it, whatever its roles, and even without one.
    pub everyone: bool,
    /// The consent that a bound account needs for it.
    pub consent: Option<String>,
}

/// A post that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub id: String,
    pub label: Bilingual,
    pub summary: Bilingual,
    pub kind: Kind,
    /// At which divisions it is granted; empty: it is not tied to a division.
    pub levels: Vec<DivisionLevel>,
    /// Which session rule of `sign-in.toml` holds.
    pub session: String,
    pub given_by: Vec<String>,
    /// Who confirms it when somebody gave it who could not confirm it themselves; empty: it counts at once.
    pub confirmed_by: Vec<String>,
    pub never_with: Vec<String>,
    pub personal_data: bool,
    /// Per permission, how far it reaches.
    pub may: BTreeMap<String, BTreeSet<Reach>>,
}

/// How far a role's permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// No person and no division concerned.
    Always,
    Division,
    Assigned,
    Place,
    Bound,
    Own,
}

/// What sort of account someone has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Staff,
    /// Elders and their kin.
    Family,
    Volunteer,
}

/// A thing with a name in both languages and a text that goes with it, empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    pub id: String,
    pub label: Bilingual,
    pub text: Bilingual,
}

/// For what a masked value may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    pub id: String,
    pub label: Bilingual,
    /// Roles that may name it; empty: every role that may reveal.
    pub roles: Vec<String>,
    /// Whether a sentence of one's own is asked for.
    pub note: bool,
}

/// A version of what is agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    pub id: String,
    pub version: String,
    pub in_use_from: Date,
    pub words: Bilingual,
}

/// A role held in a division or at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub division: Option<DivisionCode>,
    pub place: Option<PlaceId>,
}

/// A family account's tie to an elder, or an elder's to themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    pub person: PersonId,
    pub relation: Relation,
    /// What was agreed to; an elder needs nobody's consent.
    pub scopes: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// The elder's own account.
    Own,
    Child,
    Partner,
    Kin,
    Guardian,
    Other,
}

/// Who asks: an account that has signed in, with all it holds at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub user: UserId,
    pub kind: Kind,
    pub grants: Vec<Grant>,
    pub ties: Vec<Tie>,
    /// People assigned to this account.
    pub assigned: BTreeSet<PersonId>,
    /// A token speaks for the account: less is let through, never more.
    pub limit: Option<Limit>,
}

/// How a token narrows what its owner holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub permissions: BTreeSet<String>,
    /// Nothing outside, whatever the owner reaches.
    pub division: Option<DivisionCode>,
}

words!(Kind { Staff = "staff", Family = "family", Volunteer = "volunteer" });
words!(Reach {
    Always = "always",
    Division = "division",
    Assigned = "assigned",
    Place = "place",
    Bound = "bound",
    Own = "own",
});
words!(Relation {
    Own = "own",
    Child = "child",
    Partner = "partner",
    Kin = "kin",
    Guardian = "guardian",
    Other = "other",
});

impl Authz {
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    #[must_use]
    pub fn permission(&self, id: &str) -> Option<&Permission> {
        self.permissions.iter().find(|permission| permission.id == id)
    }

    #[must_use]
    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// The newest version of a consent's text in use on a day.
    #[must_use]
    pub fn consent_text(&self, id: &str, on: Date) -> Option<&ConsentText> {
        let in_use = self.consent_texts.iter().filter(|text| text.id == id && text.in_use_from <= on);
        in_use.max_by_key(|text| text.in_use_from)
    }
}

impl Relation {
    /// The role that the tie gives.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Own => "elder",
            _ => "family",
        }
    }
}

impl Limit {
    /// Whether the division holds what is asked for.
    #[must_use]
    pub fn holds(&self, there: Option<DivisionCode>) -> bool {
        self.division.is_none_or(|cut| there.is_some_and(|there| cut.contains(there)))
    }
}

impl Principal {
    /// The roles held, by grant or by tie, each once.
    #[must_use]
    pub fn roles(&self) -> BTreeSet<&str> {
        let granted = self.grants.iter().map(|grant| grant.role.as_str());
        granted.chain(self.ties.iter().map(|tie| tie.relation.role())).collect()
    }
}
