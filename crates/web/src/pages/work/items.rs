//! An item of work in words: what, for whom, why, until when.

use kernel::{Date, DivisionCode, DivisionLevel};
use worklist::{Kind, WorkItem};

use super::Weight;
use crate::desk::{Desk, Region};
use crate::parts::{Chip, Sla, address};

/// The character of a kind of work.
#[must_use]
pub const fn glyph(kind: Kind) -> &'static str {
    match kind {
        Kind::Unserved => "享",
        Kind::Stop => "停",
        Kind::Ask => "问",
        Kind::Visit => "访",
        Kind::Reassess => "评",
    }
}

/// The page of a kind of work.
#[must_use]
pub fn href(kind: Kind) -> String {
    format!("/d/work/{kind}")
}

/// What is to be done: the rule, or the fact to ask for.
#[must_use]
pub fn what(desk: &Desk<'_>, item: &WorkItem) -> String {
    match &item.wanted.fact {
        Some(fact) => desk.label("person", fact),
        None => desk.rule_label(&item.wanted.rule),
    }
}

/// Why, in words.
#[must_use]
pub fn why(desk: &Desk<'_>, item: &WorkItem) -> String {
    desk.voice.word(&format!("cause-{}", item.wanted.cause))
}

/// The time left; none without a last day.
#[must_use]
pub fn sla(desk: &Desk<'_>, item: &WorkItem) -> Option<Sla> {
    let due = item.wanted.due_on?;
    Some(Sla::until(item.found_on.min(due), due, desk.as_of, time_left(desk, due)))
}

/// `3 days overdue`, `due today`, `9 days left`.
#[must_use]
pub fn time_left(desk: &Desk<'_>, due: Date) -> String {
    match (due - desk.as_of).num_days() {
        0 => desk.voice.word("due-today"),
        days if days < 0 => desk.voice.say("overdue-days", &[("n", (-days).into())]),
        days => desk.voice.say("days-left", &[("n", days.into())]),
    }
}

/// The kinds of work with their open items, as tabs.
#[must_use]
pub fn tabs(desk: &Desk<'_>, counts: &[worklist::Count], region: Region, current: Option<Kind>) -> Vec<Chip> {
    Kind::ALL
        .into_iter()
        .map(|kind| Chip {
            label: desk.voice.word(&format!("work-{kind}")),
            n: Some(open(counts, kind).0),
            href: address(&href(kind), &[("scope", &region.query())]),
            current: current == Some(kind),
        })
        .collect()
}

/// Open and overdue items of a kind.
#[must_use]
pub fn open(counts: &[worklist::Count], kind: Kind) -> (i64, i64) {
    let of_kind = counts.iter().filter(|count| count.kind == kind);
    of_kind.fold((0, 0), |(open, overdue), count| (open + count.open, overdue + count.overdue))
}

/// Items by the divisions below the region, most first, each narrowing the list to it.
#[must_use]
pub fn places(
    desk: &Desk<'_>,
    region: Region,
    villages: &[worklist::VillageCount],
    link: impl Fn(&str) -> String,
) -> Vec<Weight> {
    let mut places: Vec<Weight> = desk
        .below(region)
        .into_iter()
        .map(|code| Weight {
            label: desk.place(code),
            supplier: String::new(),
            href: link(&code.to_string()),
            n: villages.iter().filter(|v| code.contains(v.village)).map(|v| v.open).sum(),
            current: false,
        })
        .filter(|place| place.n > 0)
        .collect();
    places.sort_by_key(|place| -place.n);
    places
}

/// What the divisions below a region are called.
#[must_use]
pub fn level_below(desk: &Desk<'_>, region: Region) -> String {
    let level = desk.below(region).first().map_or(DivisionLevel::Community, |code| code.level());
    desk.voice.word(&format!("level-{}", level.name()))
}

/// A village's page of visits.
#[must_use]
pub fn village_href(code: DivisionCode) -> String {
    format!("/d/villages/{code}")
}
