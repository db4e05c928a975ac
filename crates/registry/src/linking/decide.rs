//! Someone's word on a pair, and taking it back. Each is one transaction with its entry in the audit chain.

use kernel::ListId;
use store::{Session, Value};

use super::links;
use super::merge::{self, Merge, Merging};
use super::night::entry;
use super::pair::{Other, Pair, pair};
use super::rules::Rules;
use super::store::{self as kept, State};
use super::waiting;
use super::word::{By, DecisionFault, digest};
use crate::ingest::link::LinkIndex;
use crate::ingest::{self, Ingester, reenter};

/// What a decision led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Kept; nothing was linked or merged.
    Noted,
    /// The row speaks of the person from now on.
    Linked,
    /// Merged, or proposed where money hangs on it.
    Merged(Box<Merge>),
    /// Rows that wait again.
    Returned(u64),
}

impl Ingester<'_> {
    /// Someone's word on an open pair. `Same` links the row to the person and settles the row's other questions, or
    /// merges two persons (`money`: cash is due or paid to one of them); `Different` and `Unsure` keep them apart,
    /// and the pair is not asked again on the same evidence.
    ///
    /// # Errors
    /// See [`DecisionFault`].
    pub fn decide(
        &mut self,
        rules: &Rules,
        candidate: i64,
        (verdict, money): (State, bool),
        by: By<'_>,
    ) -> Result<Outcome, DecisionFault> {
        self.forget();
        let mut session = self.database().session()?;
        session.transaction(|tx| {
            let pair = pair(tx, candidate)?.filter(|pair| pair.state == State::Open);
            let pair = pair.ok_or(DecisionFault::NotOpen(candidate))?;
            if !matches!(verdict, State::Same | State::Different | State::Unsure) {
                return Err(DecisionFault::NotOpen(candidate));
            }
            by.checked(tx, self.keys(), &people(&pair))?;
            kept::decide(tx, candidate, verdict, by.who.trim(), by.on, by.reason.trim())?;
            let outcome = match (pair.other, verdict) {
                (Other::Row(held), State::Same) => self.link_row(tx, &pair, held, by)?,
                (Other::Person(other), State::Same) => {
                    let aliases = super::Aliases::of_persons(tx)?;
                    let (kept, gone) = (aliases.person(pair.person), aliases.person(other));
                    let merging = Merging { kept, gone, money, pair: Some(candidate) };
                    Outcome::Merged(Box::new(merge::merge(tx, self.keys(), rules, merging, by)?))
                }
                _ => Outcome::Noted,
            };
            self.note_pair(tx, &pair, "link.decide", verdict, by)?;
            Ok(outcome)
        })
    }

    fn link_row(&self, tx: &mut Session, pair: &Pair, held: i64, by: By<'_>) -> Result<Outcome, DecisionFault> {
        let row = waiting::one(tx, self.keys(), (self.catalogue(), self.names()), held)?
            .ok_or(DecisionFault::NotOpen(pair.id))?;
        let mut index = LinkIndex::load(tx, self.catalogue())?;
        let own = links::bind(tx, (pair.id, pair.person.0), held, by.on)?;
        index.link(own, pair.person.0);
        let report = ingest::get(tx, row.list)?;
        let entries = vec![entry(&row, own)];
        if reenter(self, tx, &mut index, &report, entries, ("linked", row.list))?.taken == 0 {
            return Err(DecisionFault::RowFaulty);
        }
        kept::settle_stale(tx)?;
        Ok(Outcome::Linked)
    }

    /// Takes a decision back. A linked row waits again with every fact leaving the person, also those of lists that
    /// came later; it is never linked to them again by itself. A merge is split. A pair that was kept apart is asked
    /// again.
    ///
    /// # Errors
    /// See [`DecisionFault`].
    pub fn take_back(&mut self, candidate: i64, by: By<'_>) -> Result<Outcome, DecisionFault> {
        self.forget();
        let mut session = self.database().session()?;
        session.transaction(|tx| {
            let pair = pair(tx, candidate)?.filter(|pair| pair.state.is_decided());
            let pair = pair.ok_or(DecisionFault::NotDecided(candidate))?;
            by.checked(tx, self.keys(), &people(&pair))?;
            let outcome = match (pair.state, pair.other) {
                (State::Same, Other::Row(_)) => self.unlink(tx, &pair, by)?,
                (State::Same, Other::Person(_)) => {
                    let merge = merge::all(tx)?.into_iter().rev().find(|merge| merge.pair == Some(candidate));
                    let merge = merge.filter(|merge| merge.split_on.is_none());
                    let merge = merge.ok_or(DecisionFault::NotDecided(candidate))?;
                    Outcome::Merged(Box::new(merge::split(tx, self.keys(), merge.id, by)?))
                }
                (_, other) => {
                    if let Other::Row(held) = other
                        && !kept::waits(tx, held)?
                    {
                        return Err(DecisionFault::NotDecided(candidate));
                    }
                    kept::decide(tx, candidate, State::Undone, by.who.trim(), by.on, by.reason.trim())?;
                    kept::set_state(tx, candidate, State::Open)?;
                    Outcome::Noted
                }
            };
            self.note_pair(tx, &pair, "link.undo", State::Undone, by)?;
            Ok(outcome)
        })
    }

    fn unlink(&self, tx: &mut Session, pair: &Pair, by: By<'_>) -> Result<Outcome, DecisionFault> {
        let own = links::standing(tx, pair.id)?.ok_or(DecisionFault::NotDecided(pair.id))?;
        let mut waiting = 0;
        for row in links::release(tx, own, by.on)? {
            waiting += u64::from(row.waits);
            let back = |yes: bool| Value::Int(-i64::from(yes));
            // Its report counts it as it did before it was linked.
            let none = || Value::Int(0);
            let params = [
                ListId(row.list).into(),
                Value::Int(-1),
                back(!row.unlinked),
                back(row.unlinked),
                none(),
                none(),
                none(),
            ];
            tx.exec(include_str!("../../sql/list_set_counts.sql"), &params)?;
            if row.waits {
                tx.exec(include_str!("../../sql/link_candidate_reopen.sql"), &[row.held.into()])?;
            }
        }
        kept::decide(tx, pair.id, State::Undone, by.who.trim(), by.on, by.reason.trim())?;
        kept::settle_stale(tx)?;
        Ok(Outcome::Returned(waiting))
    }

    fn note_pair(
        &self,
        tx: &mut Session,
        pair: &Pair,
        action: &str,
        verdict: State,
        by: By<'_>,
    ) -> Result<(), DecisionFault> {
        let evidence = digest(&[pair.evidence.to_json().as_bytes()]);
        let about = match pair.other {
            Other::Row(held) => serde_json::json!({ "row": held }),
            Other::Person(other) => serde_json::json!({ "other": other.to_string() }),
        };
        let mut detail = serde_json::json!({ "pair": pair.id, "verdict": verdict.name(), "evidence": evidence });
        if let (Some(detail), Some(about)) = (detail.as_object_mut(), about.as_object()) {
            detail.extend(about.clone());
        }
        by.note(tx, self.keys(), action, &pair.person.to_string(), detail)
    }
}

/// Whose names a reason must not hold.
fn people(pair: &Pair) -> Vec<i64> {
    match pair.other {
        Other::Row(_) => vec![pair.person.0],
        Other::Person(other) => vec![pair.person.0, other.0],
    }
}
