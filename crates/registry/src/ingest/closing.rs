//! What a full list ends by its silence, and when that is too much to believe.

use std::collections::BTreeMap;

use kernel::{DivisionCode, DivisionLevel};

use super::report::{Closing, DivisionClosing};
use super::work::ListWork;
use crate::sources::{Mode, ScopeBy};

impl ListWork<'_> {
    /// Ends what a full list no longer names; says what it would be when that is too much.
    pub fn close_absent(&mut self, force: bool) -> Option<Closing> {
        if self.source.mode != Mode::Full || self.later.is_some() {
            return None;
        }
        let mut absent = Vec::new();
        let mut divisions: BTreeMap<Option<DivisionCode>, DivisionClosing> = BTreeMap::new();
        // Rows whose link was taken back speak of nobody.
        let of_someone = |subject: i64| !self.source.is_about_people() || self.index.person_of(subject).is_some();
        for ((subject, _), slot) in self.current.iter().filter(|(_, slot)| slot.statement > 0) {
            if !of_someone(*subject) {
                continue;
            }
            let division = self.division_of(*subject);
            if !self.is_in_scope(division) {
                continue;
            }
            self.counts.in_scope += 1;
            let township = division.map(|d| d.at(DivisionLevel::Township).unwrap_or(d));
            let line =
                divisions.entry(township).or_insert(DivisionClosing { division: township, now: 0, would_close: 0 });
            line.now += 1;
            if !slot.seen && !self.spared.contains(subject) {
                line.would_close += 1;
                absent.push((slot.statement, self.date));
            }
        }
        let (would_close, in_scope) = (absent.len() as u64, self.counts.in_scope);
        let percent = if in_scope == 0 { 0.0 } else { would_close as f64 * 100.0 / in_scope as f64 };
        let limit_percent = self.source.max_close_percent;
        self.counts.closed = would_close;
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
