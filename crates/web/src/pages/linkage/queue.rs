//! The open pairs a reader has chosen to see, and who decides them.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use kernel::{DivisionCode, PersonId};
use registry::linking::{self, OpenPair, Other, Pair};
use serde::Deserialize;

use super::href;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::parts::{Stamp, address};

/// Which pairs: of a list, of a department, of a part of the region; empty: all.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub department: String,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub page: String,
    /// The pair decided just now.
    #[serde(default)]
    pub done: String,
}

/// The list that stands for questions about two registered persons.
pub const PEOPLE: &str = "people";

impl Chosen {
    /// An address that keeps the choice.
    #[must_use]
    pub fn keep(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = vec![
            ("source", self.source.as_str()),
            ("department", self.department.as_str()),
            ("scope", self.scope.as_str()),
        ];
        query.extend(more);
        address(path, &query)
    }

    /// The page of a pair, the choice kept.
    #[must_use]
    pub fn pair(&self, pair: i64) -> String {
        self.keep(&href(pair), &[])
    }
}

/// Every open pair that the choice lets through, the surest first.
///
/// # Errors
/// Those of the database.
pub fn open(opened: &Opened<'_>, chosen: &Chosen) -> Result<Vec<OpenPair>, Problem> {
    let mut pairs = opened.ask(linking::open_pairs)?;
    pairs.retain(|open| reaches(&opened.desk, &open.pair) && shows(opened, chosen, open));
    Ok(pairs)
}

/// Whether the page's permission reaches everyone registered whom the pair is about: whoever of them lives nowhere any
/// more because they were merged follows the other.
#[must_use]
pub fn reaches(desk: &Desk<'_>, pair: &Pair) -> bool {
    let people = std::iter::once(pair.person).chain(other_person(pair));
    let mut known = people.clone().filter(|person| desk.home(*person).is_some()).peekable();
    if known.peek().is_some() { known.all(|person| desk.reaches(person)) } else { desk.reaches(pair.person) }
}

/// Goes on when the permission reaches the pair.
///
/// # Errors
/// `NotAllowed`, with the reasons.
pub fn demand(opened: &Opened<'_>, permission: &str, pair: &Pair) -> Result<(), Problem> {
    let desk = &opened.desk;
    if reaches(desk, pair) {
        return Ok(());
    }
    let outside = std::iter::once(pair.person).chain(other_person(pair)).find(|person| !desk.reaches(*person));
    opened.demand(permission, outside.unwrap_or(pair.person))
}

fn other_person(pair: &Pair) -> Option<PersonId> {
    if let Other::Person(other) = pair.other { Some(other) } else { None }
}

fn shows(opened: &Opened<'_>, chosen: &Chosen, open: &OpenPair) -> bool {
    let source = source_of(open);
    let of_department = || department_of(opened, open).is_some_and(|department| department == chosen.department);
    let inside = |code: DivisionCode| home(&opened.desk, open).is_some_and(|home| code.contains(home));
    (chosen.source.is_empty() || chosen.source == source)
        && (chosen.department.is_empty() || of_department())
        && chosen.scope.parse::<DivisionCode>().map_or(true, inside)
}

/// The list a pair is about.
#[must_use]
pub fn source_of(open: &OpenPair) -> &str {
    open.list.as_ref().map_or(PEOPLE, |(source, ..)| source)
}

/// The department that sent it.
#[must_use]
pub fn department_of(opened: &Opened<'_>, open: &OpenPair) -> Option<String> {
    let (source, ..) = open.list.as_ref()?;
    opened.published.world.catalogue.get(source).map(|source| source.department.clone())
}

/// Where the person lives.
#[must_use]
pub fn home(desk: &Desk<'_>, open: &OpenPair) -> Option<DivisionCode> {
    desk.home(open.pair.person).or_else(|| desk.home(other_person(&open.pair)?))
}

/// The stamp of the list, with its date.
#[must_use]
pub fn stamp(opened: &Opened<'_>, open: &OpenPair) -> Option<Stamp> {
    let (source, _, on) = open.list.as_ref()?;
    let source = opened.published.world.catalogue.get(source)?;
    opened.desk.stamp(&source.department, None, Some(*on), false)
}

/// What the list is called.
#[must_use]
pub fn source_label(opened: &Opened<'_>, source: &str) -> String {
    if source == PEOPLE {
        return opened.desk.voice.word("linkage-people");
    }
    let found = opened.published.world.catalogue.get(source);
    found.map_or_else(|| source.to_owned(), |found| opened.desk.voice.of(&found.label).to_owned())
}

/// The pair after one that was decided: the one in its place.
#[must_use]
pub fn after(before: &[OpenPair], decided: i64, now: &[OpenPair]) -> Option<i64> {
    let at = before.iter().position(|open| open.pair.id == decided).unwrap_or(0);
    now.get(at).or_else(|| now.last()).map(|open| open.pair.id)
}

/// Who decides: whoever is signed in, else the name typed.
#[must_use]
pub fn decider(ask: &Ask, typed: &str) -> String {
    ask.viewer.signed().map_or_else(|| typed.trim().to_owned(), |signed| signed.username.clone())
}

const REVIEWER: &str = "reviewer";

/// The name typed last on this machine, until people sign in.
#[must_use]
pub fn reviewer(headers: &HeaderMap) -> String {
    let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let found = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let coded = found.into_iter().find(|(name, _)| *name == REVIEWER).map(|(_, value)| value).unwrap_or_default();
    decode(coded).unwrap_or_default()
}

/// The cookie that keeps it while the browser is open.
#[must_use]
pub fn reviewer_cookie(name: &str) -> String {
    let coded: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{REVIEWER}={coded}; Path=/; HttpOnly; SameSite=Strict")
}

fn decode(coded: &str) -> Option<String> {
    let digits: Vec<u8> =
        coded.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|two| two.iter().fold(0_u8, |byte, digit| byte * 16 + digit)).collect();
    String::from_utf8(bytes).ok().filter(|name| name.chars().count() <= 40)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_reviewer_is_remembered_whatever_the_name() {
        for name in ["许文清", "Zhang San", ""] {
            let mut headers = HeaderMap::new();
            let cookie = reviewer_cookie(name);
            let sent = format!("theme=dark; {}", cookie.split(';').next().unwrap());
            headers.insert(COOKIE, HeaderValue::from_str(&sent).unwrap());
            assert_eq!(reviewer(&headers), name);
        }
    }
}
