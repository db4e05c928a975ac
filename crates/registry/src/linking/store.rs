//! Candidates and decisions as they are kept.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Date;
use store::{Session, Value, next_ids};

use super::evidence::Evidence;
use super::many::at_once;
use crate::RegistryError;
use crate::ingest::prepare::Blind;

/// Where a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Someone is to decide.
    Open,
    Same,
    Different,
    Unsure,
    /// Nothing to decide any more: the row was linked to another person, corrected or replaced.
    Settled,
    /// Someone took a decision back: never again by itself.
    Undone,
}

impl State {
    const ALL: [Self; 6] = [Self::Open, Self::Same, Self::Different, Self::Unsure, Self::Settled, Self::Undone];

    /// The word in the database and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Same => "same",
            Self::Different => "different",
            Self::Unsure => "unsure",
            Self::Settled => "settled",
            Self::Undone => "undone",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, RegistryError> {
        let found = Self::ALL.into_iter().find(|state| state.name() == word);
        found.ok_or(RegistryError::Damaged { table: "link_candidate", cause: "an unknown state" })
    }

    /// Someone, or the engine, has said something that stands.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Same | Self::Different | Self::Unsure | Self::Undone)
    }
}

/// A pair known from before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub id: i64,
    pub person: i64,
    pub state: State,
    /// On which it was decided, or was last asked.
    pub evidence: Evidence,
}

/// The sealing context of a candidate.
pub(crate) fn context(id: i64) -> String {
    format!("link_candidate {id}")
}

/// What is known of rows from when their lists came before, by the blind of a row's key; oldest first.
pub(super) fn by_keys(
    tx: &mut Session,
    blinds: &BTreeSet<Blind>,
) -> Result<BTreeMap<Blind, Vec<Candidate>>, RegistryError> {
    let blinds: Vec<Blind> = blinds.iter().copied().collect();
    let mut known: BTreeMap<Blind, Vec<Candidate>> = BTreeMap::new();
    for params in at_once(&blinds) {
        tx.query_each(include_str!("../../sql/link_candidate_by_keys.sql"), &params, |row| {
            let damaged = RegistryError::Damaged { table: "link_candidate", cause: "a key of another length" };
            let blind: Blind = row.blob(0)?.try_into().map_err(|_| damaged)?;
            known.entry(blind).or_default().push(Candidate {
                id: row.int(1)?,
                person: row.int(2)?,
                state: State::read(row.text(3)?)?,
                evidence: Evidence::from_json(row.text(4)?)?,
            });
            Ok::<_, RegistryError>(())
        })?;
    }
    Ok(known)
}

/// Writes a decision: the state of the pair, and a line that stays.
pub(super) fn decide(
    tx: &mut Session,
    candidate: i64,
    state: State,
    by: &str,
    on: Date,
    reason: &str,
) -> Result<(), RegistryError> {
    let id = next_ids(tx, "link_decision", 1)?.start;
    let params = [id.into(), candidate.into(), state.name().into(), by.into(), on.into(), reason.into()];
    tx.exec(include_str!("../../sql/link_decision_insert.sql"), &params)?;
    set_state(tx, candidate, state)
}

/// Where a pair stands now.
pub(super) fn set_state(tx: &mut Session, candidate: i64, state: State) -> Result<(), RegistryError> {
    tx.exec(include_str!("../../sql/link_candidate_state.sql"), &[candidate.into(), state.name().into()])?;
    Ok(())
}

/// Whether a row waits for a person.
pub(super) fn waits(tx: &mut Session, held: i64) -> Result<bool, RegistryError> {
    let row = tx.query_opt(include_str!("../../sql/held_row_get.sql"), &[held.into()])?;
    Ok(row.is_some_and(|row| row.text(3).is_ok_and(|state| matches!(state, "faulty" | "unlinked"))))
}

/// Notes that rows were compared.
pub(super) fn tried(tx: &mut Session, held: &[i64], engine: &str) -> Result<(), RegistryError> {
    for params in at_once(held) {
        tx.exec(include_str!("../../sql/link_try_forget_some.sql"), &params)?;
    }
    let rows = held.iter().map(|held| [Value::from(*held), engine.into()]);
    tx.bulk_insert("link_try", &["held_row", "engine"], rows)?;
    Ok(())
}

/// Closes questions about rows that do not wait any more.
pub(super) fn settle_stale(tx: &mut Session) -> Result<(), RegistryError> {
    tx.exec(include_str!("../../sql/link_candidate_settle.sql"), &[])?;
    Ok(())
}

/// Rows with an open question, and rows that wait.
pub(super) fn standing(tx: &mut Session) -> Result<(u64, u64), RegistryError> {
    let row = tx.query_one(include_str!("../../sql/link_standing.sql"), &[])?;
    let count = |at| row.int(at).map(|n| u64::try_from(n).unwrap_or(0));
    Ok((count(0)?, count(1)?))
}
