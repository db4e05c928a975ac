//! Pairs that the keys leave open, judged on the records themselves.

use super::meet::Pair;
use super::screen::Scale;
use super::threads::in_threads;
use super::{Frequencies, Query};
use crate::data::Data;
use crate::model::Model;
use crate::score::Comparer;

/// Pairs that a thread judges before it takes the next ones.
const AT_ONCE: usize = 1 << 12;

/// Odds and levels of pairs of a left and a right row of `data`, which holds the records that were opened and the
/// rows they met; `of` gives the pair's record and row in the query. How rare a value is was counted on all records.
#[must_use]
pub fn score(
    query: &Query<'_>,
    data: &Data,
    model: &Model,
    frequencies: &Frequencies,
    pairs: &[(u32, u32)],
    of: impl Fn(usize) -> (u32, u32) + Sync,
) -> Vec<Pair> {
    let scale = Scale::new(query.plan, query.spec, model, frequencies);
    let judge = |from: usize| {
        let mut comparer = Comparer::new(query.spec, data);
        let mut levels = vec![0; query.spec.fields.len()];
        let judge = |(at, (left, right)): (usize, &(u32, u32))| {
            comparer.take(data.right().row(*right));
            comparer.levels(data.left.row(*left), &mut levels);
            let (record, row) = of(at);
            let odds = scale.weigh(&levels, query.row(row), |_| {});
            Pair { record, row, odds, levels: levels.as_slice().into() }
        };
        let some = &pairs[from..(from + AT_ONCE).min(pairs.len())];
        (from..).zip(some).map(judge).collect::<Vec<_>>()
    };
    let judged = in_threads(query.threads, (0..pairs.len()).step_by(AT_ONCE).collect(), judge);
    judged.into_iter().flatten().collect()
}
