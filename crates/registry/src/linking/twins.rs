//! Two entries of the registry that may be one person: whoever is new or has changed is held against everyone, and
//! the pairs are laid before someone. Merged by itself is only an entry without a number into the one with it, where
//! a row as sure would be linked by itself and no money hangs on it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use chrono::{DateTime, Utc};
use kernel::{Date, PersonId};
use linkage::model::Model;
use linkage::standing::{Frequencies, Pair, Query};
use store::{Session, Value, next_ids};

use super::compare::Match;
use super::evidence::Evidence;
use super::matching::{Asked, Matching, THREADS, distinct};
use super::merge::{self, Merging};
use super::newcomer;
use super::store::{self as kept, State};
use super::taken::{Read, Taken};
use super::word::By;
use crate::RegistryError;
use crate::sources::Catalogue;

/// What is known of tonight beside the people.
pub(super) struct Twins<'t> {
    pub catalogue: &'t Catalogue,
    /// To whom cash is due or paid.
    pub money: &'t BTreeSet<PersonId>,
    pub at: DateTime<Utc>,
    pub on: Date,
}

/// People held against everyone at a time, which takes a pass over everyone's keys, and pairs opened at a time.
const AT_ONCE: usize = 1 << 20;
/// From so many on it is counted once how often everyone's values stand, instead of those of the people at hand.
const MANY: usize = 1 << 18;
const OPENED_AT_ONCE: usize = 1 << 16;

/// What is the same for all who are held against everyone.
struct Among<'a> {
    /// By id.
    has_changed: Vec<bool>,
    unnumbered: &'a BTreeSet<i64>,
    nobody: &'a BTreeSet<i64>,
    model: &'a Model,
    counted: Option<Arc<Frequencies>>,
}

/// A pair of persons known from before.
struct Known {
    id: i64,
    state: State,
    evidence: Evidence,
    probability: f64,
}

impl Matching<'_> {
    /// Looks for entries that may stand for the same person as one of `changed`; gives how many pairs were laid
    /// before someone and how many were merged.
    pub fn twins(&self, tx: &mut Session, changed: &[i64], twins: &Twins<'_>) -> Result<(u64, u64), RegistryError> {
        let unnumbered = newcomer::all(tx)?;
        let found = self.alike(tx, changed, &unnumbered, twins)?;
        let mut pairs_of: BTreeMap<i64, usize> = BTreeMap::new();
        found.iter().flat_map(|(one, other, _)| [one, other]).for_each(|id| *pairs_of.entry(*id).or_default() += 1);
        let (mut asked, mut merged) = (0, 0);
        let mut alike: BTreeSet<(i64, i64)> = BTreeSet::new();
        for (person, other, found) in found {
            alike.insert((person, other));
            let is_new = self.keep_pair(tx, (person, other), &found, twins.on)?;
            let (gone, kept) = if unnumbered.contains(&person) { (person, other) } else { (other, person) };
            let only = unnumbered.contains(&gone) && !unnumbered.contains(&kept) && pairs_of[&gone] == 1;
            let sure = found.probability >= self.rules.decisions.link;
            if is_new && only && sure && self.merge(tx, (kept, gone), twins)? {
                merged += 1;
            } else {
                asked += u64::from(is_new);
            }
        }
        self.settle_pairs(tx, changed, &alike)?;
        Ok((asked, merged))
    }

    /// Merges an entry without a number into the one with it, unless money hangs on either.
    fn merge(&self, tx: &mut Session, (kept, gone): (i64, i64), twins: &Twins<'_>) -> Result<bool, RegistryError> {
        let Some(pair) = known(tx, kept.min(gone), kept.max(gone))?.filter(|pair| pair.state == State::Open) else {
            return Ok(false);
        };
        let people = [PersonId(kept), PersonId(gone)];
        let money = people.iter().any(|person| twins.money.contains(person));
        let merging = Merging { kept: people[0], gone: people[1], money, pair: Some(pair.id) };
        let engine = self.rules.engine();
        let by = By { who: &engine, at: twins.at, on: twins.on, reason: "likely" };
        if !merge::by_engine(tx, self.keys, self.rules, merging, by)? {
            return Ok(false);
        }
        kept::decide(tx, pair.id, State::Same, &engine, twins.on, "likely")?;
        Ok(true)
    }

    /// Pairs that are likely enough to be asked about, the entry with the lower id first.
    ///
    /// So many of `changed` are held against everyone at a time: what they meet and who is opened for it lies in memory
    /// until the next ones' turn.
    fn alike(
        &self,
        tx: &mut Session,
        changed: &[i64],
        unnumbered: &BTreeSet<i64>,
        twins: &Twins<'_>,
    ) -> Result<Vec<(i64, i64, Match)>, RegistryError> {
        let people = self.people_count();
        if changed.is_empty() || people < 2 {
            return Ok(Vec::new());
        }
        let model = self.registered_model(tx, people)?;
        let nobody = newcomer::nobody(tx)?;
        let mut named = Taken::load(tx, (twins.catalogue, self.rules), self.aliases, Read::default())?;
        let counted = (changed.len() > MANY).then(|| {
            let by = (self.everyone.plan(), &self.rules.registered.spec);
            Arc::new(Frequencies::of_everyone(by, &self.everyone.standing, THREADS))
        });
        let mut has_changed = vec![false; people + 1];
        changed.iter().for_each(|id| has_changed[*id as usize] = true);
        let among = Among { has_changed, unnumbered, nobody: &nobody, model: &model, counted };
        let mut alike = Vec::new();
        for some in changed.chunks(AT_ONCE) {
            alike.extend(self.alike_to(tx, some, &among, &mut named)?);
        }
        alike.sort_by_key(|(person, other, _)| (*person, *other));
        Ok(alike)
    }

    /// The pairs of some of those who have changed.
    fn alike_to(
        &self,
        tx: &mut Session,
        some: &[i64],
        among: &Among<'_>,
        named: &mut Taken<'_>,
    ) -> Result<Vec<(i64, i64, Match)>, RegistryError> {
        let rules = &self.rules.registered;
        let (spec, plan, standing) = (&rules.spec, self.everyone.plan(), &self.everyone.standing);
        let rights = self.keys_of(some);
        let counted = among.counted.as_ref();
        let query = Query { spec, plan, standing, rights: &rights, counted, among: None, threads: THREADS };
        let least = rules.ask / (1.0 - rules.ask);
        // Whoever has no number can't be told apart by what numbers say; the other's may be theirs.
        let numbered = |id: i64| !among.unnumbered.contains(&id);
        let mixed = |pair: &Pair| numbered(i64::from(pair.record)) != numbered(some[pair.row as usize]);
        let factor = if among.unnumbered.is_empty() { 1.0 } else { self.rules.unnumbered_factor() };
        let apart = |record: u32, row: u32| {
            let (one, other) = (some[row as usize], i64::from(record));
            let differ = |field: &usize| {
                let of = |id: i64| plan.whole(*field, standing.get(id as usize));
                let (a, b) = (of(one), of(other));
                a != 0 && b != 0 && a != b
            };
            // When both have changed, the pair is met from both sides.
            one == other
                || one < other && among.has_changed[other as usize]
                || rules.apart.iter().any(differ) && numbered(one) && numbered(other)
                || among.nobody.contains(&one)
                || among.nobody.contains(&other)
                || self.aliases.root(one) == self.aliases.root(other)
        };
        let mut found = query.run(among.model, least / factor.max(1.0), apart);
        let (mut known, mut open) = (std::mem::take(&mut found.known), std::mem::take(&mut found.open));
        for pairs in [&mut known, &mut open] {
            pairs.retain(|pair| pair.odds >= least || mixed(pair));
        }
        let asked = Asked { query, model: among.model, found };
        let mut pairs = known;
        pairs.extend(self.judged_beside(tx, &asked, some, &open)?);
        for pair in pairs.iter_mut().filter(|pair| mixed(pair)) {
            // A list that names both of them has said that they are two, as of any two it names.
            if !self.named_beside(tx, named, [i64::from(pair.record), some[pair.row as usize]])? {
                pair.odds *= factor;
            }
        }
        pairs.retain(|pair| pair.odds >= least);
        let weights = asked.query.weights(asked.model, &asked.found.frequencies, pairs.iter());
        let alike = pairs.iter().zip(weights).map(|(pair, weights)| {
            let (one, other) = (i64::from(pair.record), some[pair.row as usize]);
            let probability = pair.odds / (1.0 + pair.odds);
            let matched = Match { person: one, probability, evidence: self.evidence(pair, weights) };
            (one.min(other), one.max(other), matched)
        });
        Ok(alike.collect())
    }

    /// Judges pairs of people: while some are judged, the next are opened.
    fn judged_beside(
        &self,
        tx: &mut Session,
        asked: &Asked<'_>,
        some: &[i64],
        open: &[Pair],
    ) -> Result<Vec<Pair>, RegistryError> {
        let done = |thread: ScopedJoinHandle<'_, Result<_, RegistryError>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        thread::scope(|scope| {
            let (mut judged, mut before) = (Vec::new(), None);
            for open in open.chunks(OPENED_AT_ONCE) {
                let rows = self.people(tx, &distinct(open.iter().map(|pair| some[pair.row as usize])))?;
                let people = self.people_of(tx, open)?;
                if let Some(before) = before.take() {
                    judged.extend(done(before)?);
                }
                before =
                    Some(scope.spawn(move || self.judged(asked, |row| rows.get(&some[row as usize]), &people, open)));
            }
            if let Some(before) = before {
                judged.extend(done(before)?);
            }
            Ok(judged)
        })
    }

    /// The keys of some people, ids ascending; not copied where nobody is left out.
    fn keys_of(&self, some: &[i64]) -> Cow<'_, [u32]> {
        let standing = &self.everyone.standing;
        let (Some(first), Some(last)) = (some.first(), some.last()) else { return Cow::default() };
        if (last - first) as usize + 1 == some.len() {
            return Cow::Borrowed(standing.run(*first as usize..*last as usize + 1));
        }
        some.iter().flat_map(|id| standing.get(*id as usize)).copied().collect::<Vec<_>>().into()
    }

    /// Whether a list from which people come names both.
    fn named_beside(&self, tx: &mut Session, named: &mut Taken<'_>, people: [i64; 2]) -> Result<bool, RegistryError> {
        for source in self.rules.making_people() {
            if named.is_taken(tx, source, people[0], &[])? && named.is_taken(tx, source, people[1], &[])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps a pair; true when someone is asked about it now who was not asked before.
    fn keep_pair(
        &self,
        tx: &mut Session,
        (person, other): (i64, i64),
        found: &Match,
        on: Date,
    ) -> Result<bool, RegistryError> {
        let evidence = found.evidence.to_json();
        let Some(known) = known(tx, person, other)? else {
            let id = next_ids(tx, "link_candidate", 1)?.start;
            let params = [
                id.into(),
                "person".into(),
                person.into(),
                other.into(),
                Value::Null,
                Value::Null,
                State::Open.name().into(),
                Value::Real(found.probability),
                evidence.into(),
                on.into(),
            ];
            tx.exec(include_str!("../../sql/link_candidate_insert.sql"), &params)?;
            return Ok(true);
        };
        let moved = (known.evidence.bits() - found.evidence.bits()).abs() >= self.rules.decisions.ask_again_bits;
        if known.state.is_decided() && !moved {
            return Ok(false);
        }
        let same = known.evidence.to_json() == evidence && (known.probability - found.probability).abs() < 1e-6;
        if known.state == State::Open && same {
            return Ok(false);
        }
        let before = known.state.is_decided().then(|| known.evidence.to_json());
        let params = [
            known.id.into(),
            State::Open.name().into(),
            Value::Real(found.probability),
            evidence.into(),
            before.into(),
            on.into(),
        ];
        tx.exec(include_str!("../../sql/link_pair_again.sql"), &params)?;
        Ok(known.state != State::Open)
    }

    /// Closes questions about entries that were merged elsewhere, or that no longer look like one person.
    fn settle_pairs(
        &self,
        tx: &mut Session,
        changed: &[i64],
        alike: &BTreeSet<(i64, i64)>,
    ) -> Result<(), RegistryError> {
        let mut settled = Vec::new();
        for row in tx.query(include_str!("../../sql/link_pairs_open.sql"), &[])? {
            let (id, person, other) = (row.int(0)?, row.int(1)?, row.int(2)?);
            let compared = [person, other].iter().any(|one| changed.binary_search(one).is_ok());
            if self.aliases.root(person) == self.aliases.root(other) || compared && !alike.contains(&(person, other)) {
                settled.push(id);
            }
        }
        settled.into_iter().try_for_each(|id| kept::set_state(tx, id, State::Settled))
    }
}

fn known(tx: &mut Session, person: i64, other: i64) -> Result<Option<Known>, RegistryError> {
    let row = tx.query_opt(include_str!("../../sql/link_pair_get.sql"), &[person.into(), other.into()])?;
    let read = |row: store::Row<'_>| {
        Ok(Known {
            id: row.int(0)?,
            state: State::read(row.text(1)?)?,
            evidence: Evidence::from_json(row.text(2)?)?,
            probability: row.real(3)?,
        })
    };
    row.map(read).transpose()
}
