//! The night's link step: waiting rows that were not compared yet, one transaction.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, Divisions, ListId, PersonId};
use serde::{Deserialize, Serialize};
use store::audit::Entry as AuditEntry;
use store::{Session, setting};

use super::alias::Aliases;
use super::compare::{Match, Record};
use super::everyone::Everyone;
use super::evidence::Evidence;
use super::links;
use super::matching::Matching;
use super::newcomer;
use super::rules::{Below, RowsOf, Rules};
use super::store::{self as kept, Candidate, NewCandidate, State};
use super::taken::Taken;
use super::twins::Twins;
use super::waiting::{self, Waiting};
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::ingest::{self, HeldEntry, IngestOptions, Ingester, reenter};

/// What a link step did and what stands after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Rows compared in this step.
    pub compared: u64,
    /// Of these, rows linked: by the engine, or as someone decided before.
    pub linked: u64,
    /// Pairs laid before someone in this step.
    pub asked: u64,
    /// Rows with an open question after it.
    pub open: u64,
    /// Rows that wait for a person after it, questions included.
    pub waiting: u64,
    /// Pairs of registered people laid before someone in this step: one person, entered twice?
    #[serde(default)]
    pub same_person: u64,
    /// Rows that made a person without a number.
    #[serde(default)]
    pub new: u64,
    /// Entries without a number merged by themselves into the one with it.
    #[serde(default)]
    pub merged: u64,
}

/// The setting that says up to where people were looked at.
const MARKS: &str = "link.seen";

/// Who is in the registry, as far as linking has seen them: equal while nothing has changed.
fn marks(tx: &mut Session, engine: &str) -> Result<String, RegistryError> {
    let row = tx.query_one(include_str!("../../sql/link_marks.sql"), &[])?;
    let last: Vec<String> = (0..4).map(|at| Ok(row.int(at)?.to_string())).collect::<Result<_, RegistryError>>()?;
    Ok(format!("{engine} {}", last.join(" ")))
}

/// What shall become of one row.
enum Fate {
    Link(Match, Because),
    Ask(Vec<Match>),
    /// It is about nobody in the registry.
    New,
    Wait,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Because {
    Likely,
    Decided,
}

impl Ingester<'_> {
    /// Compares waiting rows with the registry: links, asks or lets them wait. Rows that this engine with these
    /// rules has compared are left alone. One transaction; the same state gives the same decisions. Of `money` are
    /// those to whom cash is due or paid: who they are is decided by people.
    ///
    /// # Errors
    /// Those of the database and of the keys; nothing was decided then.
    pub fn link(
        &mut self,
        rules: &Rules,
        divisions: &Divisions,
        options: &IngestOptions,
        money: &BTreeSet<PersonId>,
    ) -> Result<Linked, RegistryError> {
        let mut session = self.database().session()?;
        let mut index = self.take_index();
        let done = session.transaction(|tx| self.link_within(tx, &mut index, (rules, divisions), options, money));
        if done.is_ok() {
            self.put_index(index);
        }
        done
    }

    fn link_within(
        &self,
        tx: &mut Session,
        index: &mut Option<LinkIndex>,
        (rules, divisions): (&Rules, &Divisions),
        options: &IngestOptions,
        money: &BTreeSet<PersonId>,
    ) -> Result<Linked, RegistryError> {
        let engine = rules.engine();
        let rows = waiting::load(tx, self.keys(), (self.catalogue(), divisions), Some(&engine))?;
        let mut done = Linked { compared: rows.len() as u64, ..Linked::default() };
        let before = marks(tx, &engine)?;
        let is_new = setting::get(tx, MARKS)?.is_none_or(|seen| seen != before);
        if is_new || !rows.is_empty() {
            let index = match index {
                Some(index) => index,
                None => index.insert(LinkIndex::load(tx, self.catalogue())?),
            };
            let mut everyone = Everyone::load(tx, self.keys(), rules)?;
            let changed = everyone.refresh(tx, self.keys(), index, rules)?;
            let aliases = Aliases::load(tx, None)?;
            let matching = Matching { keys: self.keys(), rules, index, everyone: &everyone, aliases: &aliases };
            let twins = Twins { catalogue: self.catalogue(), money, at: options.at, on: options.received_on };
            (done.same_person, done.merged) = matching.twins(tx, &changed, &twins)?;
            let aliases = if done.merged > 0 { Aliases::load(tx, None)? } else { aliases.clone() };
            let matching = Matching { aliases: &aliases, ..matching };
            let fates = self.fates(tx, &matching, &rows)?;
            self.carry_out(tx, index, (rules, options), &rows, fates, &mut done)?;
            self.note_night(tx, &rows, (&engine, options), &done)?;
            // What linking itself has added is seen with the next list.
            let seen = marks(tx, &engine)?;
            setting::set(tx, MARKS, &seen)?;
        }
        kept::settle_stale(tx)?;
        (done.open, done.waiting) = kept::standing(tx)?;
        Ok(done)
    }

    /// Notes which rows were compared, and in the audit trail what came of it.
    fn note_night(
        &self,
        tx: &mut Session,
        rows: &[Waiting],
        (engine, options): (&str, &IngestOptions),
        done: &Linked,
    ) -> Result<(), RegistryError> {
        for row in rows {
            kept::tried(tx, row.held, engine)?;
        }
        if rows.is_empty() && done.same_person + done.merged == 0 {
            return Ok(());
        }
        let detail = serde_json::json!({
            "engine": engine, "compared": done.compared, "linked": done.linked, "asked": done.asked,
            "same_person": done.same_person, "new": done.new, "merged": done.merged,
        });
        let actor = &options.actor;
        let entry = AuditEntry { at: options.at, actor, action: "link.night", subject: "linking", detail: &detail };
        store::audit::append(tx, self.keys(), &entry)?;
        Ok(())
    }

    fn fates(&self, tx: &mut Session, matching: &Matching<'_>, rows: &[Waiting]) -> Result<Vec<Fate>, RegistryError> {
        let Matching { rules, aliases, .. } = *matching;
        let records: Vec<Record> = rows.iter().map(|row| row.fields.clone()).collect();
        let mut taken = Taken::load(tx, self.catalogue(), rules, aliases)?;
        let own = rows.iter().map(|row| links::of_key(tx, self.keys(), &row.key()));
        let own = own.collect::<Result<Vec<Vec<i64>>, _>>()?;
        let unnumbered = newcomer::all(tx)?;
        let nobody = newcomer::nobody(tx)?;
        let excluded = |tx: &mut Session, at: usize, person| {
            Ok(nobody.contains(&person) || taken.is_taken(tx, &rows[at].source, person, &own[at])?)
        };
        let found = matching.matches(tx, &records, excluded)?;
        let mut keys: BTreeMap<(ListId, String), usize> = BTreeMap::new();
        rows.iter().for_each(|row| *keys.entry((row.list, row.key())).or_default() += 1);
        let claims = claims(rules, rows, &found);
        let mut fates = Vec::with_capacity(rows.len());
        for ((row, own), choices) in rows.iter().zip(&own).zip(found) {
            let mut known = kept::by_key(tx, self.keys(), &row.key())?;
            let makes = rules.below(&row.source) == Below::New;
            let of_unnumbered = known.iter().filter(|candidate| makes && unnumbered.contains(&candidate.person));
            let made: Vec<i64> = of_unnumbered.map(|candidate| candidate.id).collect();
            known.iter_mut().for_each(|candidate| candidate.person = aliases.root(candidate.person));
            if keys[&(row.list, row.key())] > 1 {
                // Rows that can't be told apart have no decision of their own; what was taken back holds for each.
                known.retain(|candidate| candidate.state == State::Undone);
            }
            let one = self.catalogue().get(&row.source).is_some_and(|source| rules.rows_of(source) == RowsOf::One);
            let rival = |person| one && claims.get(&(row.list, person)).is_some_and(|rows| *rows > 1);
            let alone = keys[&(row.list, row.key())] == 1;
            let fate = match fate(rules, &row.source, choices, &known, rival) {
                Fate::Wait => {
                    // Whom a row made, it names, however little it has in common with them by now.
                    let made = known.iter().find(|candidate| made.contains(&candidate.id));
                    match made.filter(|candidate| candidate.state == State::Same) {
                        Some(made) if !taken.is_taken(tx, &row.source, made.person, own)? => {
                            let (person, evidence) = (made.person, made.evidence.clone());
                            Fate::Link(Match { person, probability: 1.0, evidence }, Because::Decided)
                        }
                        None if alone && may_be_new(rules, row, &known) => Fate::New,
                        _ => Fate::Wait,
                    }
                }
                fate => fate,
            };
            fates.push(fate);
        }
        Ok(fates)
    }

    fn carry_out(
        &self,
        tx: &mut Session,
        index: &mut LinkIndex,
        (rules, options): (&Rules, &IngestOptions),
        rows: &[Waiting],
        fates: Vec<Fate>,
        done: &mut Linked,
    ) -> Result<(), RegistryError> {
        let on = options.received_on;
        let mut by_list: BTreeMap<ListId, Vec<HeldEntry>> = BTreeMap::new();
        for (row, fate) in rows.iter().zip(fates) {
            match fate {
                Fate::Wait => {}
                Fate::New => {
                    let person = newcomer::register(self, tx, index, row)?;
                    let matched = Match { person, probability: 1.0, evidence: Evidence::default() };
                    let candidate = self.keep(tx, row, &matched, State::Same, on)?;
                    kept::decide(tx, candidate, State::Same, &rules.engine(), on, "new")?;
                    let own = links::bind(tx, (candidate, person), row.held, on)?;
                    index.link(own, person);
                    by_list.entry(row.list).or_default().push(entry(row, own));
                    done.new += 1;
                }
                Fate::Link(matched, because) => {
                    let candidate = self.keep(tx, row, &matched, State::Same, on)?;
                    let reason = if because == Because::Likely { "likely" } else { "decided before" };
                    kept::decide(tx, candidate, State::Same, &rules.engine(), on, reason)?;
                    let own = links::bind(tx, (candidate, matched.person), row.held, on)?;
                    index.link(own, matched.person);
                    by_list.entry(row.list).or_default().push(entry(row, own));
                }
                Fate::Ask(choices) => {
                    for choice in &choices {
                        self.keep(tx, row, choice, State::Open, on)?;
                        done.asked += 1;
                    }
                }
            }
        }
        for (list, entries) in by_list {
            let report = ingest::get(tx, list)?;
            done.linked += reenter(self, tx, index, &report, entries, ("linked", list))?.taken;
        }
        // Rows that made someone are counted as that.
        done.linked = done.linked.saturating_sub(done.new);
        Ok(())
    }

    fn keep(
        &self,
        tx: &mut Session,
        row: &Waiting,
        matched: &Match,
        state: State,
        on: Date,
    ) -> Result<i64, RegistryError> {
        let new = NewCandidate {
            person: matched.person,
            held: row.held,
            key: row.key(),
            state,
            probability: matched.probability,
            evidence: &matched.evidence,
            on,
        };
        kept::keep_row(tx, self.keys(), &new)
    }
}

/// A waiting row as the statement of its own entry.
pub(super) fn entry(row: &Waiting, entry: i64) -> HeldEntry {
    HeldEntry {
        id: row.held,
        row: row.row,
        unlinked: row.unlinked,
        names: row.names.clone(),
        cells: row.cells.clone(),
        person: Some(entry),
    }
}

/// Whether a row that is about nobody makes someone: its source may, nothing is wrong with it but its number, it says
/// enough, and it was neither someone before nor taken back.
fn may_be_new(rules: &Rules, row: &Waiting, known: &[Candidate]) -> bool {
    rules.below(&row.source) == Below::New
        && row.unlinked
        && newcomer::says_enough(row)
        && known.iter().all(|candidate| !matches!(candidate.state, State::Undone | State::Same))
}

/// How many rows of each list may be about the same person.
fn claims(rules: &Rules, rows: &[Waiting], found: &[Vec<Match>]) -> BTreeMap<(ListId, i64), usize> {
    let mut claims = BTreeMap::new();
    for (row, choices) in rows.iter().zip(found) {
        let (_, ask) = rules.thresholds(&row.source);
        for choice in choices.iter().filter(|choice| choice.probability >= ask) {
            *claims.entry((row.list, choice.person)).or_default() += 1;
        }
    }
    claims
}

fn fate(
    rules: &Rules,
    source: &str,
    mut choices: Vec<Match>,
    known: &[Candidate],
    rival: impl Fn(i64) -> bool,
) -> Fate {
    let (link, ask) = rules.thresholds(source);
    let decided =
        |person: i64| known.iter().find(|candidate| candidate.person == person && candidate.state.is_decided());
    // Of whom a row made it was not compared with them.
    let moved = |now: &Evidence, then: &Evidence| {
        !then.fields.is_empty() && (now.bits() - then.bits()).abs() >= rules.decisions.ask_again_bits
    };
    // Someone said that it is this person, and nothing speaks against it since.
    let same = choices.iter().find(|choice| {
        decided(choice.person).is_some_and(|c| c.state == State::Same && !moved(&choice.evidence, &c.evidence))
    });
    if let Some(same) = same.filter(|same| !rival(same.person)) {
        return Fate::Link(same.clone(), Because::Decided);
    }
    choices.retain(|choice| {
        choice.probability >= ask
            && decided(choice.person).is_none_or(|c| c.state == State::Same || moved(&choice.evidence, &c.evidence))
    });
    choices.truncate(rules.decisions.choices);
    match choices.first() {
        None => Fate::Wait,
        Some(best) => {
            let free = !rival(best.person) && decided(best.person).is_none();
            if free && link.is_some_and(|link| best.probability >= link) {
                Fate::Link(best.clone(), Because::Likely)
            } else {
                Fate::Ask(choices)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linking::evidence::FieldEvidence;

    fn rules() -> Rules {
        let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let pack = policy::load(&packs, "kizilsu-2024").unwrap();
        let catalogue =
            crate::sources::Catalogue::load(&packs.join("national/sources.toml"), &pack.dictionary).unwrap();
        Rules::load(&packs.join("national/linkage.toml"), &catalogue).unwrap()
    }

    fn evidence(bits: f64) -> Evidence {
        Evidence { fields: vec![FieldEvidence { field: "name".into(), level: "same".into(), bits }] }
    }

    fn found(person: i64, probability: f64, bits: f64) -> Match {
        Match { person, probability, evidence: evidence(bits) }
    }

    fn known(person: i64, state: State, bits: f64) -> Candidate {
        Candidate { id: 1, person, state, evidence: evidence(bits) }
    }

    fn said(source: &str, choices: Vec<Match>, known: &[Candidate], rival: bool) -> String {
        match fate(&rules(), source, choices, known, |_| rival) {
            Fate::Link(m, Because::Likely) => format!("link {}", m.person),
            Fate::Link(m, Because::Decided) => format!("as decided {}", m.person),
            Fate::Ask(choices) => format!("ask {:?}", choices.iter().map(|c| c.person).collect::<Vec<_>>()),
            Fate::New | Fate::Wait => "wait".into(),
        }
    }

    #[test]
    fn probability_decides_between_linking_asking_and_waiting() {
        let list = "low_income";
        assert_eq!(said(list, vec![found(1, 0.995, 20.0)], &[], false), "link 1");
        assert_eq!(said(list, vec![found(1, 0.985, 20.0), found(2, 0.01, 9.0)], &[], false), "ask [1]");
        assert_eq!(said(list, vec![found(1, 0.19, 20.0)], &[], false), "wait");
        assert_eq!(said(list, vec![found(1, 0.995, 20.0)], &[], true), "ask [1]", "two rows claim one person");
        assert_eq!(said("deaths", vec![found(1, 0.9999, 30.0)], &[], false), "ask [1]", "nobody dies of a likeness");
    }

    #[test]
    fn a_decided_pair_is_asked_again_only_when_the_evidence_moves() {
        let list = "low_income";
        let near = vec![found(1, 0.6, 12.0), found(2, 0.3, 11.0)];
        assert_eq!(said(list, near.clone(), &[known(1, State::Same, 11.0)], false), "as decided 1");
        assert_eq!(said(list, near.clone(), &[known(1, State::Different, 11.0)], false), "ask [2]");
        assert_eq!(said(list, near.clone(), &[known(1, State::Unsure, 11.0)], false), "ask [2]");
        assert_eq!(said(list, near.clone(), &[known(1, State::Different, 7.0)], false), "ask [1, 2]");
        let likely = vec![found(1, 0.999, 30.0)];
        assert_eq!(
            said(list, likely.clone(), &[known(1, State::Different, 12.0)], false),
            "ask [1]",
            "never over a no"
        );
        assert_eq!(said(list, likely.clone(), &[known(1, State::Undone, 30.0)], false), "wait", "it was taken back");
        assert_eq!(said(list, likely, &[known(1, State::Undone, 20.0)], false), "ask [1]", "the evidence changed");
    }
}
