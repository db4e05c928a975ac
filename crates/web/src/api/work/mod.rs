//! Worklists: what the night found to do, counted and listed.

pub mod act;
pub mod answers;
pub mod counts;
pub mod list;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use worklist::WorkItem;

use super::shapes::{Day, Division, PersonRef, WorkItemNumber};
use crate::desk::Desk;
use crate::pages::work::items;

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WorkKind")]
pub enum Kind {
    Unserved,
    Stop,
    Ask,
    Visit,
    Reassess,
}

impl From<Kind> for worklist::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Unserved => Self::Unserved,
            Kind::Stop => Self::Stop,
            Kind::Ask => Self::Ask,
            Kind::Visit => Self::Visit,
            Kind::Reassess => Self::Reassess,
        }
    }
}

impl From<worklist::Kind> for Kind {
    fn from(kind: worklist::Kind) -> Self {
        match kind {
            worklist::Kind::Unserved => Self::Unserved,
            worklist::Kind::Stop => Self::Stop,
            worklist::Kind::Ask => Self::Ask,
            worklist::Kind::Visit => Self::Visit,
            worklist::Kind::Reassess => Self::Reassess,
        }
    }
}

/// One thing to do for one person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WorkItem")]
pub struct Item {
    #[schemars(with = "WorkItemNumber")]
    id: String,
    kind: Kind,
    person: PersonRef,
    division: Division,
    /// The benefit, visit or reminder it follows from; null where several wait for one fact.
    rule: Option<String>,
    /// The fact to ask for.
    fact: Option<String>,
    /// What is to be done, in words.
    label: String,
    /// Why, as a code: `entitled`, `died`, `moved_away`, `fact_missing`, `visit_overdue`, …
    cause: String,
    /// Why, in words.
    why: String,
    #[schemars(with = "Day")]
    found_on: String,
    /// Last day on which it is in time.
    #[schemars(with = "Option<Day>")]
    due_on: Option<String>,
    /// The day from which a benefit ends.
    #[schemars(with = "Option<Day>")]
    from_on: Option<String>,
    overdue: bool,
    /// How far someone is with it: `told`, `declined`, `applied`, `again`, …; null: nobody has begun.
    hand: Option<String>,
    open: bool,
    #[schemars(with = "Option<Day>")]
    closed_on: Option<String>,
    closed_why: Option<String>,
}

impl Item {
    /// As the list shows it, in the reader's language.
    pub fn of(desk: &Desk<'_>, item: &WorkItem) -> Self {
        let wanted = &item.wanted;
        let day = |day: Option<kernel::Date>| day.map(|day| day.to_string());
        Self {
            id: item.id.to_string(),
            kind: wanted.kind.into(),
            person: PersonRef::of(desk, wanted.person),
            division: Division::of(desk, wanted.village),
            rule: Some(wanted.rule.to_string()).filter(|rule| !rule.is_empty()),
            fact: wanted.fact.as_deref().map(str::to_owned),
            label: items::what(desk, item),
            cause: wanted.cause.to_string(),
            why: items::why(desk, item),
            found_on: item.found_on.to_string(),
            due_on: day(wanted.due_on),
            from_on: day(wanted.from_on),
            overdue: item.is_overdue(desk.as_of),
            hand: Some(item.hand.clone()).filter(|hand| !hand.is_empty()),
            open: item.state == worklist::State::Open,
            closed_on: day(item.closed_on),
            closed_why: item.closed_why.clone(),
        }
    }
}
