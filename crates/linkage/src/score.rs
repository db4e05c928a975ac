//! A pair's levels, likelihood ratio and weights.

use crate::compare::{MISSING, Prepared, SAME, swapped_levels};
use crate::data::Data;
use crate::intern::ABSENT;
use crate::model::{CLASSES, Model, ONE_PERSON, PerClass, RELATIVES, STRANGERS};
use crate::spec::Spec;

/// What stays the same while pairs are scored; shared between threads.
#[derive(Clone, Debug)]
pub struct Tables<'a> {
    pub data: &'a Data,
    pub model: &'a Model,
    /// For each field and level: the class's probability over the strangers'.
    ratios: Vec<Vec<PerClass>>,
    /// For each field with frequencies: one over the share of each value.
    rarity: &'a [Vec<f32>],
    /// How far each class copies the value rather than draws its own.
    copies: Vec<PerClass>,
    swaps: Vec<Option<usize>>,
}

/// One over the share of each left value, for fields where rarity counts; made once.
#[must_use]
pub fn rarity(spec: &Spec, data: &Data) -> Vec<Vec<f32>> {
    let of = |(at, field): (usize, &crate::spec::Field)| {
        if field.frequency { data.shares(at).iter().map(|share| 1.0 / share).collect() } else { Vec::new() }
    };
    spec.fields.iter().enumerate().map(of).collect()
}

impl<'a> Tables<'a> {
    #[must_use]
    pub fn new(spec: &Spec, data: &'a Data, model: &'a Model, rarity: &'a [Vec<f32>]) -> Self {
        let over_strangers = |p: &PerClass| p.map(|of_class| of_class / p[STRANGERS]);
        let ratios = model.levels.iter().map(|levels| levels.iter().map(over_strangers).collect()).collect();
        let copies = model.levels.iter().map(|levels| {
            let same = levels[SAME as usize];
            same.map(|of_class| ((of_class - same[STRANGERS]) / (1.0 - same[STRANGERS]).max(1e-9)).max(0.0))
        });
        let swaps = spec.fields.iter().map(|field| field.swaps_with).collect();
        Self { data, model, ratios, rarity, copies: copies.collect(), swaps }
    }

    /// For one field at one level: each class's probability over the strangers'.
    #[must_use]
    pub fn ratio(&self, field: usize, level: u8, value: u32) -> PerClass {
        if level == SAME && !self.rarity[field].is_empty() {
            let rarity = f64::from(self.rarity[field][value as usize]);
            let mut out = [1.0; CLASSES];
            for class in RELATIVES {
                let copies = self.copies[field][class];
                out[class] = copies * rarity + 1.0 - copies;
            }
            for class in ONE_PERSON {
                out[class] = self.model.levels[field][SAME as usize][class] * rarity;
            }
            return out;
        }
        self.ratios[field][level as usize]
    }

    /// Class by class, the likelihood over the strangers', shares of the classes included.
    #[must_use]
    pub fn classes(&self, left: &[u32], levels: &[u8]) -> PerClass {
        let mut all = self.model.shares;
        for (field, level) in levels.iter().enumerate() {
            if *level != MISSING {
                let ratio = self.ratio(field, *level, left[field]);
                for (class, ratio) in all.iter_mut().zip(ratio) {
                    *class *= ratio;
                }
            }
        }
        all
    }

    /// Weight of each field in bits: how much it moves the odds that both are one person, given the fields before
    /// it. Their sum and the prior's bits give the pair's odds.
    #[must_use]
    pub fn weights(&self, left: &[u32], levels: &[u8]) -> Vec<f64> {
        let mut all = self.model.shares;
        let mut before = log_ratio(&all);
        let step = |(field, level): (usize, &u8)| {
            if *level != MISSING {
                let ratio = self.ratio(field, *level, left[field]);
                all.iter_mut().zip(ratio).for_each(|(class, ratio)| *class *= ratio);
            }
            let now = log_ratio(&all);
            let weight = now - before;
            before = now;
            weight
        };
        levels.iter().enumerate().map(step).collect()
    }
}

/// How far a pair can still get, in bits; upper bounds over the classes of one person.
#[derive(Clone, Debug)]
pub struct Bounds<'a> {
    tables: &'a Tables<'a>,
    of_level: Vec<Vec<f32>>,
    best_level: Vec<f32>,
    start: f32,
    least: f32,
    /// For the right row taken: what an equal value gives, and what the fields after each can give.
    same: Vec<f32>,
    after: Vec<f32>,
}

impl<'a> Bounds<'a> {
    /// Bounds for pairs that must reach `least_odds`.
    #[must_use]
    pub fn new(tables: &'a Tables<'a>, least_odds: f64) -> Self {
        let bits = |p: &PerClass| p[ONE_PERSON].iter().copied().fold(0.0, f64::max).log2() as f32;
        let of_level: Vec<Vec<f32>> = tables.ratios.iter().map(|levels| levels.iter().map(bits).collect()).collect();
        let best = |(field, levels): (usize, &Vec<f32>)| {
            let kind = tables.data.values(field).kind;
            let swapped = swapped_levels(kind).map(|(swapped, _)| swapped as usize);
            let others = levels.iter().enumerate().skip(SAME as usize + 1).filter(|(level, _)| Some(*level) != swapped);
            others.fold(0.0, |best, (_, bits)| bits.max(best))
        };
        let best_level = of_level.iter().enumerate().map(best).collect();
        let fields = of_level.len();
        // a tenth of a bit of slack keeps rounding harmless
        let (start, least) = (tables.model.prior_odds().log2() as f32 + 0.1, least_odds.log2() as f32);
        let start = start - tables.model.shares[STRANGERS].log2() as f32;
        Self { tables, of_level, best_level, start, least, same: vec![0.0; fields], after: vec![0.0; fields] }
    }

    /// Takes the right row that the next pairs are made with.
    pub fn take(&mut self, right: &[u32]) {
        let mut after = 0.0;
        for (field, value) in right.iter().enumerate().rev() {
            self.after[field] = after;
            if *value != ABSENT {
                let ratio = self.tables.ratio(field, SAME, *value);
                self.same[field] = ratio[ONE_PERSON].iter().copied().fold(0.0, f64::max).log2() as f32;
                after += self.same[field].max(self.best_level[field]);
            }
        }
    }
}

/// One person against not.
#[must_use]
pub fn ratio(classes: &PerClass) -> f64 {
    let one: f64 = classes[ONE_PERSON].iter().sum();
    let not: f64 = classes[STRANGERS] + classes[RELATIVES].iter().sum::<f64>();
    one / not
}

fn log_ratio(classes: &PerClass) -> f64 {
    ratio(classes).log2()
}

/// Compares one right row with many left ones. One per thread.
pub struct Comparer<'a> {
    data: &'a Data,
    swaps: Vec<Option<usize>>,
    prepared: Vec<Prepared>,
    right: Vec<u32>,
}

impl<'a> Comparer<'a> {
    #[must_use]
    pub fn new(spec: &Spec, data: &'a Data) -> Self {
        let fields = spec.fields.len();
        let swaps = spec.fields.iter().map(|field| field.swaps_with).collect();
        Self { data, swaps, prepared: vec![Prepared::default(); fields], right: vec![ABSENT; fields] }
    }

    /// A comparer with the tables' data.
    #[must_use]
    pub fn of(tables: &Tables<'a>) -> Self {
        let fields = tables.swaps.len();
        let prepared = vec![Prepared::default(); fields];
        Self { data: tables.data, swaps: tables.swaps.clone(), prepared, right: vec![ABSENT; fields] }
    }

    /// Takes the right row that the next ones are compared with.
    pub fn take(&mut self, right: &[u32]) {
        self.right.copy_from_slice(right);
        for (field, prepared) in self.prepared.iter_mut().enumerate() {
            prepared.take(right[field]);
        }
    }

    /// The level of every field.
    pub fn levels(&mut self, left: &[u32], levels: &mut [u8]) {
        for (field, level) in levels.iter_mut().enumerate() {
            let (a, b) = (left[field], self.right[field]);
            *level = if a == ABSENT || b == ABSENT {
                MISSING
            } else if a == b {
                SAME
            } else {
                self.data.values(field).level(a, &mut self.prepared[field])
            };
        }
        for field in 0..self.swaps.len() {
            let Some(other) = self.swaps[field] else { continue };
            if other > field && (left[field] == self.right[other] || left[other] == self.right[field]) {
                self.mark_swapped(field, other, left, levels);
            }
        }
    }

    /// As [`Self::levels`], but gives up, false, as soon as the pair can't reach the least odds any more.
    pub fn levels_within(&mut self, left: &[u32], bounds: &Bounds<'_>, levels: &mut [u8]) -> bool {
        let swapped = |(field, other): (usize, &Option<usize>)| {
            other.is_some_and(|other| left[field] == self.right[other] && left[field] != ABSENT)
        };
        if self.swaps.iter().enumerate().any(swapped) {
            self.levels(left, levels);
            return true;
        }
        let mut reached = bounds.start;
        for (field, level) in levels.iter_mut().enumerate() {
            let (a, b) = (left[field], self.right[field]);
            if a == ABSENT || b == ABSENT {
                *level = MISSING;
            } else if a == b {
                *level = SAME;
                reached += bounds.same[field];
            } else {
                *level = self.data.values(field).level(a, &mut self.prepared[field]);
                reached += bounds.of_level[field][*level as usize];
            }
            if reached + bounds.after[field] < bounds.least {
                return false;
            }
        }
        true
    }

    fn mark_swapped(&mut self, field: usize, other: usize, left: &[u32], levels: &mut [u8]) {
        let values = self.data.values(field);
        let Some((swapped, counted)) = swapped_levels(values.kind) else { return };
        if levels[field] == SAME || levels[other] == SAME || left[field] == ABSENT || left[other] == ABSENT {
            return;
        }
        let near = |level: u8| (SAME..=4).contains(&level);
        let crossed = [(field, other), (other, field)];
        if crossed.iter().all(|(a, b)| near(values.level(left[*a], &mut self.prepared[*b]))) {
            levels[field] = swapped;
            levels[other] = counted;
        }
    }
}
