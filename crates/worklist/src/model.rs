//! The shapes of an item of work.

use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::sync::Arc;

use kernel::{Date, DivisionCode, DivisionLevel, PersonId, WorkItemId};
use serde::{Deserialize, Serialize};

/// What has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Entitled and not served: go and offer it.
    Unserved,
    /// Served and no longer entitled, by death, move or change: end it from a date.
    Stop,
    /// A fact is missing that decides a rule: ask for it.
    Ask,
    /// A visit due in the current period.
    Visit,
    /// An assessment about to lapse or lapsed.
    Reassess,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Unserved, Self::Stop, Self::Ask, Self::Visit, Self::Reassess];

    /// The word in tables, files and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unserved => "unserved",
            Self::Stop => "stop",
            Self::Ask => "ask",
            Self::Visit => "visit",
            Self::Reassess => "reassess",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = WorklistError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|k| k.name() == text).ok_or(WorklistError::Stored { what: "kind" })
    }
}

/// An item is open until its reason is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Closed,
}

/// Which items, by how far someone is with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hand {
    #[default]
    Any,
    /// Not begun, or to be taken up again by now.
    Todo,
    /// Begun, put off or turned down.
    Begun,
}

impl Hand {
    pub const ALL: [Self; 3] = [Self::Todo, Self::Begun, Self::Any];

    /// The word in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Todo => "todo",
            Self::Begun => "begun",
        }
    }
}

/// What the night wants done: an item before it has an id. A night has millions of them and few different words, which
/// are shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wanted {
    pub kind: Kind,
    /// The benefit, visit or reminder it follows from; empty for [`Kind::Ask`], where several rules may wait.
    pub rule: Arc<str>,
    pub person: PersonId,
    /// The missing fact, for [`Kind::Ask`].
    pub fact: Option<Arc<str>>,
    /// The village or community that does it; a higher division where the person's village is not known.
    pub village: DivisionCode,
    /// Last day on which it is in time.
    pub due_on: Option<Date>,
    /// The day from which a benefit ends, for [`Kind::Stop`].
    pub from_on: Option<Date>,
    /// Order within its list, lower first: the rank of the pack's queue, or the number of rules that wait for a fact.
    pub rank: i64,
    /// Why, as a code: `entitled`, `died`, `moved_away`, `left_the_list`, `no_longer_met`, `fact_missing`,
    /// `never_visited`, `visit_due`, `visit_overdue`, `lapses`, `lapsed`.
    pub cause: Arc<str>,
}

impl Wanted {
    /// What makes two nights' items the same item.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(self.kind, &self.rule, self.person, self.fact.as_deref())
    }

    pub(crate) fn key_of(kind: Kind, rule: &str, person: PersonId, fact: Option<&str>) -> String {
        let mut key = String::new();
        put_key(&mut key, (kind, rule, person, fact));
        key
    }

    /// The same in place of what `key` held.
    pub(crate) fn write_key(&self, key: &mut String) {
        key.clear();
        put_key(key, (self.kind, &self.rule, self.person, self.fact.as_deref()));
    }
}

fn put_key(key: &mut String, (kind, rule, person, fact): (Kind, &str, PersonId, Option<&str>)) {
    let written = write!(key, "{}|{rule}|{}|{}", kind.name(), person.0, fact.unwrap_or(""));
    written.expect("a text takes what is written to it");
}

/// An item as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkItem {
    pub id: WorkItemId,
    pub wanted: Wanted,
    pub found_on: Date,
    pub state: State,
    pub closed_on: Option<Date>,
    pub closed_why: Option<String>,
    /// How far someone is with it: a word of whoever handles it; empty: nobody has begun. Not of the night, and so
    /// not in its exports.
    #[serde(skip)]
    pub hand: String,
    /// When it is to be taken up again.
    #[serde(skip)]
    pub hand_on: Option<Date>,
}

impl WorkItem {
    /// Whether its last day has passed on `today`.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.wanted.due_on.is_some_and(|due| due < today)
    }
}

/// The part of a region a reader may see or asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope(pub Option<DivisionCode>);

impl Scope {
    /// Lower and upper bound of the codes inside, as text; the lower is the division itself, so that an item known
    /// only to lie somewhere in it is found.
    #[must_use]
    pub fn bounds(self) -> (String, String) {
        let prefix = self.0.map(|code| code.to_string()).unwrap_or_default();
        let pad = DivisionLevel::Community.digits() - prefix.len();
        let high = format!("{prefix}{}", "9".repeat(pad));
        (prefix, high)
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum WorklistError {
    #[error("{0}")]
    Store(#[from] store::StoreError),
    #[error("the work list holds an unreadable {what}")]
    Stored { what: &'static str },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_enclose_a_township() {
        let scope = Scope(Some("653001100".parse().unwrap()));
        assert_eq!(scope.bounds(), ("653001100".into(), "653001100999".into()));
        assert_eq!(Scope(None).bounds().1, "9".repeat(12));
    }
}
