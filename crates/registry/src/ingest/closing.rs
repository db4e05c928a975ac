//! What a full list ends by its silence, and when that is too much to believe.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use kernel::DivisionCode;

use super::imprint::Recognised;
use super::place::township_of;
use super::report::{Closing, DivisionClosing};
use super::work::{ListWork, Slot};
use crate::sources::{Entity, Mode, ScopeBy};

impl ListWork<'_> {
    /// Ends what a full list no longer names; says what it would be when that is too much.
    pub fn close_absent(&mut self, force: bool) -> Option<Closing> {
        if self.source.mode != Mode::Full || self.later.is_some() {
            return None;
        }
        let mut divisions: BTreeMap<Option<DivisionCode>, DivisionClosing> = BTreeMap::new();
        let (mut absent, mut in_scope) = (Vec::new(), 0);
        let mut leaving = Vec::new();
        let mut ended: BTreeMap<Option<DivisionCode>, u64> = BTreeMap::new();
        for (division, people) in self.recognised_in_scope() {
            in_scope += people;
            let township = division.map(township_of);
            let line =
                divisions.entry(township).or_insert(DivisionClosing { division: township, now: 0, would_close: 0 });
            line.now += people;
        }
        for (subject, slot, division) in self.standing() {
            in_scope += 1;
            let township = division.map(township_of);
            let line =
                divisions.entry(township).or_insert(DivisionClosing { division: township, now: 0, would_close: 0 });
            line.now += 1;
            if !slot.seen && !self.spared.contains(&subject) {
                line.would_close += 1;
                *ended.entry(township).or_default() += 1;
                absent.push((slot.statement, self.date));
                leaving.push(subject);
            }
        }
        self.leave(&leaving);
        self.ended = leaving.into_iter().collect();
        self.closed_of = ended;
        let would_close = absent.len() as u64;
        let percent = if in_scope == 0 { 0.0 } else { would_close as f64 * 100.0 / in_scope as f64 };
        let limit_percent = self.source.max_close_percent;
        (self.counts.closed, self.counts.in_scope) = (would_close, in_scope);
        self.pending.closed.extend(absent);
        let too_much = percent > limit_percent && !force;
        too_much.then(|| Closing {
            would_close,
            in_scope,
            percent,
            limit_percent,
            divisions: divisions.into_values().collect(),
        })
    }

    /// Whether rows that were linked before are named by nobody: they may wait again in this list.
    pub fn misses_linked(&self) -> bool {
        self.current.iter().any(|((subject, _), slot)| *subject < 0 && slot.statement > 0 && !slot.seen)
    }

    /// What was said in these entries is not known anew, but not absent either.
    pub fn spare(&mut self, entries: Vec<i64>) {
        self.spared.extend(entries);
    }

    /// Ends statements that rows kept open, now that the rows are taken, unless they confirmed or replaced them.
    pub fn end_kept<'s>(&mut self, statements: impl Iterator<Item = &'s i64>) {
        let statements: BTreeSet<i64> = statements.copied().collect();
        if statements.is_empty() || self.later.is_some() {
            return;
        }
        let open = self.current.iter().filter(|(_, slot)| !slot.seen && statements.contains(&slot.statement));
        let ended: Vec<(i64, i64)> = open.map(|((subject, _), slot)| (*subject, slot.statement)).collect();
        self.leave(&ended.iter().map(|(subject, _)| *subject).collect::<Vec<_>>());
        self.pending.closed.extend(ended.into_iter().map(|(_, statement)| (statement, self.date)));
    }

    /// Whom the list of everyone names no more lives nowhere that is known, as when who is who is read anew.
    fn leave(&mut self, subjects: &[i64]) {
        if self.source.creates && self.source.entity == Entity::Person {
            subjects.iter().for_each(|subject| self.index.leave(*subject));
        }
    }

    /// The statements before this list for which it speaks, with the division of each.
    fn standing(&self) -> impl Iterator<Item = (i64, &Slot, Option<DivisionCode>)> {
        // Rows whose link was taken back speak of nobody.
        let of_someone = |subject: i64| !self.source.is_about_people() || self.index.person_of(subject).is_some();
        let before = self.current.iter().filter(move |((subject, _), slot)| slot.statement > 0 && of_someone(*subject));
        before
            .map(|((subject, _), slot)| (*subject, slot, self.division_of(*subject)))
            .filter(|(_, _, division)| self.is_in_scope(*division))
    }

    /// By division, of how many people in scope a recognised row says again what was said before.
    fn recognised_in_scope(&self) -> HashMap<Option<DivisionCode>, u64, RandomState> {
        let mut people: HashMap<Option<DivisionCode>, u64, RandomState> = HashMap::default();
        for line in self.recognised.iter().flat_map(Recognised::alone) {
            *people.entry(self.division_of(i64::from(line.subject))).or_default() += 1;
        }
        people.retain(|division, _| self.is_in_scope(*division));
        people
    }

    /// Subjects with a statement in force once the list is taken, as far as statements were read or made.
    pub(super) fn in_force(&self) -> impl Iterator<Item = i64> {
        self.subjects().filter(|subject| !self.ended.contains(subject))
    }

    /// Subject and statement of those whom no row names.
    pub(super) fn would_end(&self) -> impl Iterator<Item = (i64, i64)> {
        let absent = self.standing().filter(|(subject, slot, _)| !slot.seen && !self.spared.contains(subject));
        absent.map(|(subject, slot, _)| (subject, slot.statement))
    }

    /// Whether the list speaks for a subject.
    pub(super) fn speaks_for(&self, subject: i64) -> bool {
        self.is_in_scope(self.division_of(subject))
    }

    fn division_of(&self, subject: i64) -> Option<DivisionCode> {
        if self.source.is_about_people() {
            return self.index.division(subject, self.source.scope_by);
        }
        self.places.get(&subject).copied()
    }

    fn is_in_scope(&self, division: Option<DivisionCode>) -> bool {
        self.source.scope_by == ScopeBy::None
            || division.is_some_and(|division| self.scope.iter().any(|scope| scope.contains(division)))
    }
}
