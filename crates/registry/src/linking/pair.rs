//! One question: a row and a person, or two persons, and all that was ever said about it.

use std::collections::BTreeMap;

use kernel::{Date, ListId, PersonId};
use store::Session;

use super::alias::Aliases;
use super::evidence::{Evidence, Moved};
use super::store::State;
use crate::RegistryError;

/// A pair that was asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub id: i64,
    pub person: PersonId,
    pub other: Other,
    pub state: State,
    pub probability: f64,
    pub evidence: Evidence,
    /// What is different since it was decided before; empty when it never was.
    pub moved: Vec<Moved>,
}

/// What may be the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A row in quarantine, or one that was.
    Row(i64),
    Person(PersonId),
}

/// One thing that was said about a pair; lines are never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub verdict: State,
    /// A person's name, or the engine with the digest of its rules.
    pub by: String,
    pub on: Date,
    pub reason: String,
    pub probability: f64,
}

impl Said {
    /// The engine's own decision.
    #[must_use]
    pub fn by_engine(&self) -> bool {
        self.by.starts_with(super::ENGINE_WORD)
    }
}

/// A pair by its number.
///
/// # Errors
/// Those of the database.
pub fn pair(session: &mut Session, id: i64) -> Result<Option<Pair>, RegistryError> {
    let row = session.query_opt(include_str!("../../sql/link_candidate_get.sql"), &[id.into()])?;
    row.map(|row| read(&row)).transpose()
}

/// An open pair and the list its row stands in; none for two persons.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenPair {
    pub pair: Pair,
    pub list: Option<(String, ListId, Date)>,
}

/// Every open pair, the surest first; the pairs of one row stand together at the place of its surest. Two persons that
/// are read as one by now are left out.
///
/// # Errors
/// Those of the database.
pub fn open_pairs(session: &mut Session) -> Result<Vec<OpenPair>, RegistryError> {
    let aliases = Aliases::of_persons(session)?;
    let mut found: Vec<OpenPair> = Vec::new();
    for row in session.query(include_str!("../../sql/link_open.sql"), &[])? {
        let pair = read(&row)?;
        if matches!(pair.other, Other::Person(other) if aliases.person(other) == aliases.person(pair.person)) {
            continue;
        }
        let list = row.opt_text(8)?.map(str::to_owned);
        let list = list.map(|source| Ok::<_, RegistryError>((source, ListId(row.int(9)?), row.date(10)?)));
        found.push(OpenPair { pair, list: list.transpose()? });
    }
    let mut place: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, open) in found.iter().enumerate() {
        if let Other::Row(held) = open.pair.other {
            place.entry(held).or_insert(at);
        }
    }
    let mut at: Vec<usize> = (0..found.len()).collect();
    at.sort_by_key(|at| match found[*at].pair.other {
        Other::Row(held) => (place[&held], *at),
        Other::Person(_) => (*at, *at),
    });
    Ok(at.into_iter().map(|at| found[at].clone()).collect())
}

/// The open pairs of one row, the surest first.
///
/// # Errors
/// Those of the database.
pub(super) fn open_of_row(session: &mut Session, held: i64) -> Result<Vec<Pair>, RegistryError> {
    let rows = session.query(include_str!("../../sql/link_open_of_row.sql"), &[held.into()])?;
    rows.iter().map(read).collect()
}

/// What was said about a pair, oldest first.
///
/// # Errors
/// Those of the database.
pub fn said(session: &mut Session, id: i64) -> Result<Vec<Said>, RegistryError> {
    let rows = session.query(include_str!("../../sql/link_decision_of.sql"), &[id.into()])?;
    let read = |row: &store::Row<'_>| {
        Ok(Said {
            verdict: State::read(row.text(0)?)?,
            by: row.text(1)?.to_owned(),
            on: row.date(2)?,
            reason: row.text(3)?.to_owned(),
            probability: row.real(4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Pairs people decided last, newest first: at most `limit` of those that `reaches` lets through.
///
/// # Errors
/// Those of the database.
pub fn decided(
    session: &mut Session,
    limit: usize,
    reaches: impl Fn(&Pair) -> bool,
) -> Result<Vec<(Pair, Said)>, RegistryError> {
    let mut found = Vec::new();
    let mut before = i64::MAX;
    while found.len() < limit {
        let params = [before.into(), DECIDED_AT_ONCE.into()];
        let rows = session.query(include_str!("../../sql/link_decided.sql"), &params)?;
        for row in &rows {
            before = row.int(12)?;
            let said = Said {
                verdict: State::read(row.text(8)?)?,
                by: row.text(9)?.to_owned(),
                on: row.date(10)?,
                reason: row.text(11)?.to_owned(),
                probability: row.real(5)?,
            };
            let pair = read(row)?;
            if reaches(&pair) {
                found.push((pair, said));
            }
        }
        if rows.len() < usize::try_from(DECIDED_AT_ONCE).unwrap_or(usize::MAX) {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Decisions read at once while the last ones are looked for.
const DECIDED_AT_ONCE: i64 = 200;

/// The pairs that people decided on a day, one entry a decision.
///
/// # Errors
/// Those of the database.
pub fn decided_on(session: &mut Session, day: Date) -> Result<Vec<Pair>, RegistryError> {
    let rows = session.query(include_str!("../../sql/link_decided_on.sql"), &[day.into()])?;
    rows.iter().map(read).collect()
}

/// The pairs by which rows are read as a person today.
///
/// # Errors
/// Those of the database.
pub fn linked_to(session: &mut Session, person: PersonId) -> Result<Vec<Pair>, RegistryError> {
    let rows = session.query(include_str!("../../sql/link_standing_of.sql"), &[person.into()])?;
    rows.iter().map(read).collect()
}

/// The list and the row a pair is about, as the office counts; none for two persons.
///
/// # Errors
/// Those of the database.
pub fn row_place(session: &mut Session, pair: &Pair) -> Result<Option<(String, u64)>, RegistryError> {
    let Other::Row(held) = pair.other else { return Ok(None) };
    let Some(row) = session.query_opt(include_str!("../../sql/held_row_get.sql"), &[held.into()])? else {
        return Ok(None);
    };
    let (list, row) = (ListId(row.int(1)?), u64::try_from(row.int(2)?).unwrap_or(0));
    Ok(Some((crate::ingest::get(session, list)?.source, row)))
}

fn read(row: &store::Row<'_>) -> Result<Pair, RegistryError> {
    let evidence = Evidence::from_json(row.text(6)?)?;
    let before = row.opt_text(7)?.map(Evidence::from_json).transpose()?;
    let other = row.int(3)?;
    Ok(Pair {
        id: row.int(0)?,
        person: PersonId(row.int(2)?),
        other: if row.text(1)? == "row" { Other::Row(other) } else { Other::Person(PersonId(other)) },
        state: State::read(row.text(4)?)?,
        probability: row.real(5)?,
        moved: before.map(|before| evidence.moved_since(&before)).unwrap_or_default(),
        evidence,
    })
}
