//! Pairs that the first look let pass, judged on the records themselves.

use super::{Frequencies, Plan};
use crate::assign::Scored;
use crate::data::Data;
use crate::engine::Explained;
use crate::intern::ABSENT;
use crate::model::Model;
use crate::score::{Comparer, Tables, ratio};
use crate::spec::Spec;

/// Odds, levels and weights of pairs of a left and a right row of `data`, which holds the records that were opened;
/// `rights` are the keys of the right rows. How rare a value is was counted on all records.
#[must_use]
pub fn score(
    (spec, plan): (&Spec, &Plan),
    data: &Data,
    model: &Model,
    frequencies: &Frequencies,
    rights: &[&[u32]],
    pairs: &[(u32, u32)],
) -> Vec<(Scored, Explained)> {
    let rarity = rarity(spec, plan, data, frequencies, rights);
    let tables = Tables::new(spec, data, model, &rarity);
    let mut comparer = Comparer::of(&tables);
    let mut levels = vec![0; spec.fields.len()];
    let prior = model.prior_odds();
    let judge = |(left, right): &(u32, u32)| {
        comparer.take(data.right().row(*right));
        let row = data.left.row(*left);
        comparer.levels(row, &mut levels);
        let odds = (prior * ratio(&tables.classes(row, &levels))).min(1e30);
        let probability = odds / (1.0 + odds);
        let fields = levels.iter().copied().zip(tables.weights(row, &levels)).collect();
        let explained = Explained { left: *left, right: *right, probability, fields };
        (Scored { left: *left, right: *right, odds, probability }, explained)
    };
    pairs.iter().map(judge).collect()
}

/// One over the share of each value; of values that no right row has it is never asked.
fn rarity(spec: &Spec, plan: &Plan, data: &Data, frequencies: &Frequencies, rights: &[&[u32]]) -> Vec<Vec<f32>> {
    let of = |(at, field): (usize, &crate::spec::Field)| {
        if !field.frequency {
            return Vec::new();
        }
        let mut rarity = vec![1.0; data.values(at).texts.len()];
        for (row, keys) in rights.iter().enumerate() {
            let value = data.right().row(row as u32)[at];
            if value != ABSENT {
                rarity[value as usize] = frequencies.rarity(at, plan.whole(at, keys));
            }
        }
        rarity
    };
    spec.fields.iter().enumerate().map(of).collect()
}
