//! The night's link step: waiting rows that were not compared yet, one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use kernel::{ListId, PersonId};
use serde::{Deserialize, Serialize};
use store::audit::Entry as AuditEntry;
use store::{Session, setting};

use super::alias::Aliases;
use super::compare::Match;
use super::drawn::Drawn;
use super::everyone::Everyone;
use super::evidence::Evidence;
use super::fate::{Because, Fate, claims, fate, may_be_new};
use super::keeping::{Keeping, Known};
use super::learned;
use super::matching::{Choosing, Matching, Meeting};
use super::newcomer;
use super::rules::{Below, RowsOf, Rules};
use super::store::{self as kept, Candidate, State};
use super::taken::{Read, Taken};
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
        options: &IngestOptions,
        money: &BTreeSet<PersonId>,
    ) -> Result<Linked, RegistryError> {
        let mut session = self.database().session()?;
        session.count_anew("statement")?;
        let mut index = self.take_index();
        let done = session.transaction(|tx| self.link_within(tx, &mut index, rules, options, money));
        if done.is_ok() {
            self.put_index(index);
        }
        done
    }

    fn link_within(
        &self,
        tx: &mut Session,
        index: &mut Option<LinkIndex>,
        rules: &Rules,
        options: &IngestOptions,
        money: &BTreeSet<PersonId>,
    ) -> Result<Linked, RegistryError> {
        let learned = learned::in_use(tx)?;
        let engine = learned::engine(rules, &learned);
        let before = marks(tx, &engine)?;
        let is_new = setting::get(tx, MARKS)?.is_none_or(|seen| seen != before);
        let (keys, drawn) = (self.keys(), OnceLock::new());
        let (rows, everyone) = self.both_sides(tx, index, (rules, &engine), is_new, &drawn)?;
        let mut done = Linked { compared: rows.len() as u64, ..Linked::default() };
        if let (Some((mut everyone, changed)), Some(index)) = (everyone, index) {
            let aliases = Aliases::load(tx, None)?;
            let matching = Matching { keys, rules, index, everyone: &everyone, aliases: &aliases, drawn: &drawn };
            let twins = Twins { catalogue: self.catalogue(), money, at: options.at, on: options.received_on };
            (done.same_person, done.merged) = matching.twins(tx, &changed, &twins)?;
            let compared: Vec<i64> = rows.iter().map(|row| row.held).collect();
            let (mut rows, mut read) = (rows, Read::default());
            let (mut meetings, mut changed) = (Vec::new(), Vec::new());
            while !rows.is_empty() {
                let aliases = Aliases::load(tx, None)?;
                let matching = Matching { keys, rules, index, everyone: &everyone, aliases: &aliases, drawn: &drawn };
                let known = Known::of(tx, self.keys(), &rows)?;
                if meetings.is_empty() {
                    meetings = matching.meetings(&learned, &rows);
                }
                let fates = self.fates(tx, &matching, (&mut meetings, &changed), (&rows, &known), &mut read)?;
                let keeping = Keeping::new(tx, self.keys(), (&engine, options.received_on), known)?;
                rows = self.carry_out(tx, index, keeping, rows, fates, &mut done)?;
                // Whom the rows of one list made, those of the next and of other lists may be about.
                changed = everyone.refresh(tx, self.keys(), index, rules)?;
            }
            self.note_night(tx, &compared, (&engine, options), &done)?;
            // What linking itself has added is seen with the next list.
            let seen = marks(tx, &engine)?;
            setting::set(tx, MARKS, &seen)?;
        }
        kept::settle_stale(tx)?;
        (done.open, done.waiting) = kept::standing(tx)?;
        Ok(done)
    }

    /// The rows that wait, and everyone with those who are new or have changed; of these nothing when nothing is to be
    /// compared. Where people are new, strangers are drawn beside it.
    fn both_sides(
        &self,
        tx: &mut Session,
        index: &mut Option<LinkIndex>,
        (rules, engine): (&Rules, &str),
        is_new: bool,
        drawn: &OnceLock<Drawn>,
    ) -> Result<(Vec<Waiting>, Option<(Everyone, Vec<i64>)>), RegistryError> {
        let keys = self.keys();
        let waiting = |tx: &mut Session| waiting::load(tx, keys, (self.catalogue(), self.names()), Some(engine));
        let everyone = |tx: &mut Session, index: &LinkIndex, rows: &[Waiting]| {
            let mut everyone = Everyone::load(tx, keys, rules, (index.next_person(), rows.len()))?;
            let changed = everyone.refresh(tx, keys, index, rules)?;
            Ok::<_, RegistryError>((everyone, changed))
        };
        if let Some(index) = index.as_ref().filter(|_| is_new) {
            return thread::scope(|scope| {
                // On another connection: of people this transaction has written nothing yet.
                let drawing = scope.spawn(|| Drawn::draw(&mut self.database().session()?, keys, rules, index));
                let sides = waiting(tx).and_then(|rows| {
                    let everyone = everyone(tx, index, &rows)?;
                    Ok((rows, Some(everyone)))
                });
                let found = drawing.join().unwrap_or_else(|panic| resume_unwind(panic))?;
                drawn.get_or_init(|| found);
                sides
            });
        }
        let rows = waiting(tx)?;
        if !is_new && rows.is_empty() {
            return Ok((rows, None));
        }
        let index = match index {
            Some(index) => index,
            None => index.insert(LinkIndex::load(tx, self.catalogue())?),
        };
        let everyone = everyone(tx, index, &rows)?;
        Ok((rows, Some(everyone)))
    }

    /// Notes which rows were compared, and in the audit trail what came of it.
    fn note_night(
        &self,
        tx: &mut Session,
        rows: &[i64],
        (engine, options): (&str, &IngestOptions),
        done: &Linked,
    ) -> Result<(), RegistryError> {
        kept::tried(tx, rows, engine)?;
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

    fn fates(
        &self,
        tx: &mut Session,
        matching: &Matching<'_>,
        (meetings, changed): (&mut [Meeting<'_>], &[i64]),
        (rows, before): (&[Waiting], &Known),
        read: &mut Read,
    ) -> Result<Vec<Fate>, RegistryError> {
        let Matching { rules, aliases, .. } = *matching;
        let mut taken = Taken::load(tx, (self.catalogue(), rules), aliases, std::mem::take(read))?;
        let own: Vec<Vec<i64>> = (0..rows.len()).map(|at| before.entries(at)).collect();
        let unnumbered = newcomer::all(tx)?;
        let nobody = newcomer::nobody(tx)?;
        let mut found: Vec<Vec<Match>> = vec![Vec::new(); rows.len()];
        let at: HashMap<i64, usize> = rows.iter().enumerate().map(|(at, row)| (row.held, at)).collect();
        for meeting in meetings {
            let places: Vec<Option<usize>> = meeting.held.iter().map(|held| at.get(held).copied()).collect();
            let waits: Vec<bool> = places.iter().map(Option::is_some).collect();
            let mut choosing =
                Chosen { matching, before, rows, places: &places, own: &own, nobody: &nobody, taken: &mut taken };
            let of_them = matching.matches(tx, meeting, &waits, changed, &mut choosing)?;
            let of_them = places.iter().zip(of_them).filter_map(|(at, matches)| Some(((*at)?, matches)));
            of_them.for_each(|(at, matches)| found[at] = matches);
        }
        let mut keys: BTreeMap<(ListId, String), usize> = BTreeMap::new();
        rows.iter().for_each(|row| *keys.entry((row.list, row.key())).or_default() += 1);
        let claims = claims(rules, rows, &found);
        let mut fates = Vec::with_capacity(rows.len());
        for ((at, (row, own)), choices) in rows.iter().zip(&own).enumerate().zip(found) {
            let mut known = before.candidates(at).to_vec();
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
        *read = taken.into_read();
        Ok(fates)
    }

    /// Does what the rows' fates say, but of those that make someone only the rows of the first list: gives the rows to
    /// be looked at again, because someone was made.
    fn carry_out(
        &self,
        tx: &mut Session,
        index: &mut LinkIndex,
        mut keeping: Keeping<'_>,
        rows: Vec<Waiting>,
        fates: Vec<Fate>,
        done: &mut Linked,
    ) -> Result<Vec<Waiting>, RegistryError> {
        let making = rows.iter().zip(&fates).find(|(_, fate)| matches!(fate, Fate::New)).map(|(row, _)| row.list);
        let (mut made, mut again) = (0, Vec::new());
        let mut by_list: BTreeMap<ListId, Vec<HeldEntry>> = BTreeMap::new();
        for (at, (row, fate)) in rows.into_iter().zip(fates).enumerate() {
            let (matched, reason) = match fate {
                Fate::Ask(choices) => {
                    for choice in &choices {
                        keeping.pair((at, &row), choice, State::Open)?;
                        done.asked += 1;
                    }
                    continue;
                }
                Fate::New if making == Some(row.list) => {
                    made += 1;
                    let person = newcomer::register(self, &mut keeping, index, &row);
                    (Match { person, probability: 1.0, evidence: Evidence::default() }, "new")
                }
                Fate::New | Fate::Wait => {
                    again.push(row);
                    continue;
                }
                Fate::Link(matched, Because::Likely) => (matched, "likely"),
                Fate::Link(matched, Because::Decided) => (matched, "decided before"),
            };
            let own = keeping.link((at, &row), &matched, reason)?;
            index.link(own, matched.person);
            by_list.entry(row.list).or_default().push(entry(&row, own));
        }
        keeping.write(tx)?;
        let mut taken = 0;
        for (list, entries) in by_list {
            let report = ingest::get(tx, list)?;
            taken += reenter(self, tx, index, &report, entries, ("linked", list))?.taken;
        }
        done.new += made;
        done.linked += taken.saturating_sub(made);
        Ok(if made > 0 { again } else { Vec::new() })
    }
}

/// What tonight's rows may be about, and what is known of them from before.
struct Chosen<'c, 't> {
    matching: &'c Matching<'c>,
    before: &'c Known,
    rows: &'c [Waiting],
    /// Of the records that are asked about, among the rows; none for those that wait no longer.
    places: &'c [Option<usize>],
    own: &'c [Vec<i64>],
    nobody: &'c BTreeSet<i64>,
    taken: &'c mut Taken<'t>,
}

impl Chosen<'_, '_> {
    fn place(&self, record: usize) -> Result<usize, RegistryError> {
        self.places[record].ok_or(RegistryError::Linking("a row that waits no longer is asked about"))
    }
}

impl Choosing for Chosen<'_, '_> {
    fn look_up(&mut self, tx: &mut Session, pairs: &[(usize, i64)]) -> Result<(), RegistryError> {
        let mut of_source: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (record, person) in pairs.iter().filter(|(_, person)| !self.nobody.contains(person)) {
            of_source.entry(&self.rows[self.place(*record)?].source).or_default().push(*person);
        }
        let mut of_source = of_source.into_iter();
        of_source.try_for_each(|(source, people)| self.taken.look_up(tx, source, people.into_iter()))
    }

    fn is_excluded(&mut self, tx: &mut Session, record: usize, person: i64) -> Result<bool, RegistryError> {
        let at = self.place(record)?;
        let source = &self.rows[at].source;
        Ok(self.nobody.contains(&person) || self.taken.is_taken(tx, source, person, &self.own[at])?)
    }

    fn counts(&self, record: usize, person: i64, probability: f64) -> bool {
        let (Some(at), Matching { rules, aliases, .. }) = (self.places[record], self.matching) else { return false };
        let known = |candidate: &Candidate| aliases.root(candidate.person) == person;
        probability >= rules.thresholds(&self.rows[at].source).1 || self.before.candidates(at).iter().any(known)
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
