//! What a round of the night's step knows of its rows from before, and what it keeps of them: pairs, decisions and the
//! entries of linked rows, asked for and written together however many rows there are.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Date;
use store::{Keys, Session, Value, next_ids};

use super::compare::Match;
use super::evidence::Evidence;
use super::links;
use super::many::at_once;
use super::store::{self as kept, Candidate, State};
use super::waiting::Waiting;
use crate::RegistryError;
use crate::ingest::batch::claim;
use crate::ingest::prepare::Blind;

/// What is known of some rows.
pub(super) struct Known {
    /// Of each row, by its place.
    blinds: Vec<Blind>,
    candidates: BTreeMap<Blind, Vec<Candidate>>,
    /// By candidate.
    entries: BTreeMap<i64, Vec<i64>>,
}

impl Known {
    pub fn of(tx: &mut Session, keys: &Keys, rows: &[Waiting]) -> Result<Self, RegistryError> {
        Self::of_keys(tx, keys, rows.iter().map(Waiting::key))
    }

    pub fn of_keys(tx: &mut Session, keys: &Keys, rows: impl Iterator<Item = String>) -> Result<Self, RegistryError> {
        let blinds: Vec<Blind> = rows.map(|key| keys.blind("link_row", &key)).collect();
        let candidates = kept::by_keys(tx, &blinds.iter().copied().collect())?;
        let ids: Vec<i64> = candidates.values().flatten().map(|candidate| candidate.id).collect();
        let entries = links::of_candidates(tx, &ids)?;
        Ok(Self { blinds, candidates, entries })
    }

    /// What was asked or said of the row at a place, oldest first.
    pub fn candidates(&self, at: usize) -> &[Candidate] {
        self.candidates.get(&self.blinds[at]).map_or(&[], Vec::as_slice)
    }

    /// The entries, below zero, that the row had when its list came before.
    pub fn entries(&self, at: usize) -> Vec<i64> {
        let of = self.candidates(at).iter().filter_map(|candidate| self.entries.get(&candidate.id));
        of.flatten().copied().collect()
    }
}

/// Ids that are claimed when what has them is written.
struct Ids {
    of: &'static str,
    first: i64,
    given: usize,
}

impl Ids {
    fn new(tx: &mut Session, of: &'static str) -> Result<Self, RegistryError> {
        Ok(Self { of, first: next_ids(tx, of, 0)?.start, given: 0 })
    }

    fn next(&mut self) -> i64 {
        self.given += 1;
        self.first + self.given as i64 - 1
    }

    fn claim(&mut self, tx: &mut Session) -> Result<(), RegistryError> {
        claim(tx, self.of, self.first, self.given)?;
        self.first += std::mem::take(&mut self.given) as i64;
        Ok(())
    }
}

/// What is to be written of a round. [`Keeping::write`] must come last.
pub(super) struct Keeping<'k> {
    keys: &'k Keys,
    engine: &'k str,
    on: Date,
    known: Known,
    of_candidate: Ids,
    of_decision: Ids,
    of_link: Ids,
    candidates: Vec<[Value; 10]>,
    decisions: Vec<[Value; 8]>,
    links: Vec<[Value; 4]>,
    bound: Vec<(i64, i64)>,
    /// Candidates of which something is not written yet.
    unwritten: BTreeSet<i64>,
}

impl<'k> Keeping<'k> {
    pub fn new(
        tx: &mut Session,
        keys: &'k Keys,
        (engine, on): (&'k str, Date),
        known: Known,
    ) -> Result<Self, RegistryError> {
        Ok(Self {
            keys,
            engine,
            on,
            known,
            of_candidate: Ids::new(tx, "link_candidate")?,
            of_decision: Ids::new(tx, "link_decision")?,
            of_link: Ids::new(tx, "row_link")?,
            candidates: Vec::new(),
            decisions: Vec::new(),
            links: Vec::new(),
            bound: Vec::new(),
            unwritten: BTreeSet::new(),
        })
    }

    /// Keeps a pair of the row at a place and a person: the one of the same row when there is one. Gives its id.
    pub fn pair(
        &mut self,
        tx: &mut Session,
        (at, row): (usize, &Waiting),
        matched: &Match,
        state: State,
    ) -> Result<i64, RegistryError> {
        let blind = self.known.blinds[at];
        let evidence = matched.evidence.to_json();
        let kept = Evidence::from_json(&evidence)?;
        let before = self.known.candidates.entry(blind).or_default();
        let Some(place) = before.iter().position(|candidate| candidate.person == matched.person) else {
            let id = self.of_candidate.next();
            before.push(Candidate { id, person: matched.person, state, evidence: kept });
            self.candidates.push([
                id.into(),
                "row".into(),
                matched.person.into(),
                row.held.into(),
                blind.into(),
                self.keys.seal(&kept::context(id), row.key().as_bytes()).into(),
                state.name().into(),
                Value::Real(matched.probability),
                evidence.into(),
                self.on.into(),
            ]);
            self.unwritten.insert(id);
            return Ok(id);
        };
        let id = before[place].id;
        self.written(tx, id)?;
        let known = self.known.candidates.entry(blind).or_default();
        let known =
            std::mem::replace(&mut known[place], Candidate { id, person: matched.person, state, evidence: kept });
        let decided = (known.state.is_decided() && state == State::Open).then(|| known.evidence.to_json());
        let params = [
            id.into(),
            row.held.into(),
            state.name().into(),
            Value::Real(matched.probability),
            evidence.into(),
            decided.into(),
            self.on.into(),
        ];
        tx.exec(include_str!("../../sql/link_candidate_again.sql"), &params)?;
        Ok(id)
    }

    /// Links a row: its pair is kept, the engine's decision on it, and the entry it lies with, which is given back.
    pub fn link(
        &mut self,
        tx: &mut Session,
        (at, row): (usize, &Waiting),
        matched: &Match,
        reason: &str,
    ) -> Result<i64, RegistryError> {
        let candidate = self.pair(tx, (at, row), matched, State::Same)?;
        self.decisions.push([
            self.of_decision.next().into(),
            candidate.into(),
            State::Same.name().into(),
            self.engine.into(),
            self.on.into(),
            reason.into(),
            Value::Real(matched.probability),
            matched.evidence.to_json().into(),
        ]);
        let standing = if self.unwritten.contains(&candidate) { None } else { links::standing(tx, candidate)? };
        let entry = match standing {
            Some(entry) => entry,
            None => {
                let id = self.of_link.next();
                self.links.push([id.into(), candidate.into(), matched.person.into(), self.on.into()]);
                -id
            }
        };
        self.unwritten.insert(candidate);
        self.bound.push((row.held, -entry));
        Ok(entry)
    }

    fn written(&mut self, tx: &mut Session, candidate: i64) -> Result<(), RegistryError> {
        if self.unwritten.contains(&candidate) { self.write(tx) } else { Ok(()) }
    }

    /// Writes what is kept so far.
    pub fn write(&mut self, tx: &mut Session) -> Result<(), RegistryError> {
        for ids in [&mut self.of_candidate, &mut self.of_decision, &mut self.of_link] {
            ids.claim(tx)?;
        }
        tx.bulk_insert("link_candidate", CANDIDATE, self.candidates.drain(..))?;
        tx.bulk_insert("link_decision", DECISION, self.decisions.drain(..))?;
        tx.bulk_insert("row_link", LINK, self.links.drain(..))?;
        let held: Vec<i64> = self.bound.iter().map(|(held, _)| *held).collect();
        for params in at_once(&held) {
            tx.exec(include_str!("../../sql/row_link_row_forget_some.sql"), &params)?;
        }
        let bound = self.bound.drain(..).map(|(held, link)| [Value::from(held), link.into()]);
        tx.bulk_insert("row_link_row", &["held_row", "link"], bound)?;
        self.unwritten.clear();
        Ok(())
    }
}

const CANDIDATE: &[&str] =
    &["id", "kind", "person", "other", "row_key", "sealed", "state", "probability", "evidence", "found_on"];
const DECISION: &[&str] =
    &["id", "candidate", "verdict", "decided_by", "decided_on", "reason", "probability", "evidence"];
const LINK: &[&str] = &["id", "candidate", "person", "linked_on"];
