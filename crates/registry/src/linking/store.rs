//! Candidates and decisions as they are kept.

use kernel::Date;
use store::{Keys, Session, Value, next_ids};

use super::evidence::Evidence;
use crate::RegistryError;

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

/// A row and a person it may be about.
pub(super) struct NewCandidate<'c> {
    pub person: i64,
    pub held: i64,
    pub key: String,
    pub state: State,
    pub probability: f64,
    pub evidence: &'c Evidence,
    pub on: Date,
}

/// The sealing context of a candidate.
pub(crate) fn context(id: i64) -> String {
    format!("link_candidate {id}")
}

/// What is known of a row from when its list came before.
pub(super) fn by_key(tx: &mut Session, keys: &Keys, key: &str) -> Result<Vec<Candidate>, RegistryError> {
    let blind = keys.blind("link_row", key);
    let rows = tx.query(include_str!("../../sql/link_candidate_by_key.sql"), &[blind.into()])?;
    let read = |row: &store::Row<'_>| {
        Ok(Candidate {
            id: row.int(0)?,
            person: row.int(1)?,
            state: State::read(row.text(2)?)?,
            evidence: Evidence::from_json(row.text(3)?)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Keeps a pair of a row and a person: the one of the same row when there is one. Gives its id.
pub(super) fn keep_row(tx: &mut Session, keys: &Keys, new: &NewCandidate<'_>) -> Result<i64, RegistryError> {
    let known = by_key(tx, keys, &new.key)?.into_iter().find(|known| known.person == new.person);
    let evidence = new.evidence.to_json();
    if let Some(known) = known {
        let before = (known.state.is_decided() && new.state == State::Open).then(|| known.evidence.to_json());
        let params = [
            known.id.into(),
            new.held.into(),
            new.state.name().into(),
            Value::Real(new.probability),
            evidence.into(),
            before.into(),
            new.on.into(),
        ];
        tx.exec(include_str!("../../sql/link_candidate_again.sql"), &params)?;
        return Ok(known.id);
    }
    let id = next_ids(tx, "link_candidate", 1)?.start;
    let params = [
        id.into(),
        "row".into(),
        new.person.into(),
        new.held.into(),
        keys.blind("link_row", &new.key).into(),
        keys.seal(&context(id), new.key.as_bytes()).into(),
        new.state.name().into(),
        Value::Real(new.probability),
        evidence.into(),
        new.on.into(),
    ];
    tx.exec(include_str!("../../sql/link_candidate_insert.sql"), &params)?;
    Ok(id)
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

/// Notes that a row was compared.
pub(super) fn tried(tx: &mut Session, held: i64, engine: &str) -> Result<(), RegistryError> {
    tx.exec(include_str!("../../sql/link_try_forget.sql"), &[held.into()])?;
    tx.exec(include_str!("../../sql/link_try_insert.sql"), &[held.into(), engine.into()])?;
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
