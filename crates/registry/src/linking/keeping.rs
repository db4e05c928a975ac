//! What a round of the night's step knows of its rows from before, and what it keeps of them: pairs, decisions and the
//! entries of linked rows, asked for and written together however many rows there are.

use std::collections::BTreeMap;

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

/// In the order of [`NOW`].
type Now = [Value; 6];

enum Unwritten {
    New(usize),
    Again(usize),
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
    candidates: Vec<([Value; 5], Now)>,
    decisions: Vec<[Value; 8]>,
    links: Vec<[Value; 4]>,
    bound: Vec<(i64, i64)>,
    /// Pairs that were kept before and are kept again.
    again: Vec<(i64, Now)>,
    /// People made of rows; their ids follow each other.
    people: Vec<[Value; 8]>,
    /// Where candidates stand among these two.
    unwritten: BTreeMap<i64, Unwritten>,
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
            again: Vec::new(),
            people: Vec::new(),
            unwritten: BTreeMap::new(),
        })
    }

    /// Keeps a pair of the row at a place and a person: the one of the same row when there is one. Gives its id.
    pub fn pair(&mut self, (at, row): (usize, &Waiting), matched: &Match, state: State) -> Result<i64, RegistryError> {
        let blind = self.known.blinds[at];
        let evidence = matched.evidence.to_json();
        let kept = Evidence::from_json(&evidence)?;
        let before = self.known.candidates.entry(blind).or_default();
        let Some(place) = before.iter().position(|candidate| candidate.person == matched.person) else {
            let id = self.of_candidate.next();
            before.push(Candidate { id, person: matched.person, state, evidence: kept });
            let sealed = self.keys.seal(&kept::context(id), row.key().as_bytes());
            let now = self.now(row, matched, state, evidence, None);
            self.unwritten.insert(id, Unwritten::New(self.candidates.len()));
            self.candidates.push(([id.into(), "row".into(), matched.person.into(), blind.into(), sealed.into()], now));
            return Ok(id);
        };
        let id = before[place].id;
        let known =
            std::mem::replace(&mut before[place], Candidate { id, person: matched.person, state, evidence: kept });
        let decided = (known.state.is_decided() && state == State::Open).then(|| known.evidence.to_json());
        let now = self.now(row, matched, state, evidence, decided);
        match self.unwritten.get(&id) {
            Some(Unwritten::New(place)) => self.candidates[*place].1 = now,
            Some(Unwritten::Again(place)) => self.again[*place].1 = now,
            None => {
                self.unwritten.insert(id, Unwritten::Again(self.again.len()));
                self.again.push((id, now));
            }
        }
        Ok(id)
    }

    fn now(&self, row: &Waiting, matched: &Match, state: State, evidence: String, before: Option<String>) -> Now {
        [
            row.held.into(),
            state.name().into(),
            Value::Real(matched.probability),
            evidence.into(),
            before.into(),
            self.on.into(),
        ]
    }

    /// Links a row: its pair is kept, the engine's decision on it, and the entry it lies with, which is given back.
    pub fn link(&mut self, (at, row): (usize, &Waiting), matched: &Match, reason: &str) -> Result<i64, RegistryError> {
        let candidate = self.pair((at, row), matched, State::Same)?;
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
        let standing = self.known.entries.get(&candidate).and_then(|entries| entries.first()).copied();
        let entry = standing.unwrap_or_else(|| {
            let id = self.of_link.next();
            self.links.push([id.into(), candidate.into(), matched.person.into(), self.on.into()]);
            self.known.entries.entry(candidate).or_default().push(-id);
            -id
        });
        self.bound.push((row.held, -entry));
        Ok(entry)
    }

    /// Someone was made of a row: how they stand in the table of people.
    pub fn person(&mut self, person: [Value; 8]) {
        self.people.push(person);
    }

    /// Writes what is kept.
    pub fn write(mut self, tx: &mut Session) -> Result<(), RegistryError> {
        for ids in [&mut self.of_candidate, &mut self.of_decision, &mut self.of_link] {
            ids.claim(tx)?;
        }
        if let Some([Value::Int(first), ..]) = self.people.first() {
            claim(tx, "person", *first, self.people.len())?;
            tx.bulk_insert("person", PERSON, self.people.drain(..))?;
        }
        let new = self.candidates.drain(..).map(|(pair, now)| pair.into_iter().chain(now).collect::<Vec<_>>());
        tx.bulk_insert("link_candidate", &[PAIR, NOW].concat(), new)?;
        if !self.again.is_empty() {
            let again = self.again.drain(..).map(|(id, now)| std::iter::once(id.into()).chain(now).collect::<Vec<_>>());
            tx.bulk_update("link_candidate", &["id"], NOW, again)?;
        }
        tx.bulk_insert("link_decision", DECISION, self.decisions.drain(..))?;
        tx.bulk_insert("row_link", LINK, self.links.drain(..))?;
        let held: Vec<i64> = self.bound.iter().map(|(held, _)| *held).collect();
        for params in at_once(&held) {
            tx.exec(include_str!("../../sql/row_link_row_forget_some.sql"), &params)?;
        }
        let bound = self.bound.drain(..).map(|(held, link)| [Value::from(held), link.into()]);
        tx.bulk_insert("row_link_row", &["held_row", "link"], bound)?;
        Ok(())
    }
}

const PAIR: &[&str] = &["id", "kind", "person", "row_key", "sealed"];
/// Of a pair what is other when its row comes again.
const NOW: &[&str] = &["other", "state", "probability", "evidence", "before", "found_on"];
const PERSON: &[&str] = &["id", "list", "row_no", "identity", "id_blind", "phone_blind", "digest", "numbered"];
const DECISION: &[&str] =
    &["id", "candidate", "verdict", "decided_by", "decided_on", "reason", "probability", "evidence"];
const LINK: &[&str] = &["id", "candidate", "person", "linked_on"];
