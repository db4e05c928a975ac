//! A pair's levels, likelihood ratio and weights.

use crate::compare::han::{self, Agreeing};
use crate::compare::{Kind, MISSING, Prepared, SAME, closest, swapped_levels};
use crate::data::Data;
use crate::intern::ABSENT;
use crate::keys::codes;
use crate::model::{CLASSES, Model, ONE_PERSON, PerClass, RELATIVES, STRANGERS};
use crate::spec::Spec;

/// What stays the same while pairs are scored; shared between threads.
#[derive(Clone, Debug)]
pub struct Tables<'a> {
    pub data: &'a Data,
    pub model: &'a Model,
    /// For each field and level: the class's probability over the strangers'.
    ratios: Vec<Vec<PerClass>>,
    /// How far each class copies the value rather than draws its own; for a field within another also where that
    /// one agrees.
    copies: Vec<[PerClass; 2]>,
    agreements: &'a [Vec<Agreement>],
    layout: Vec<Layout>,
}

/// How a field's levels stand to those of other fields.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Levels of the kind; where the field that this one lies within is at its closest level, a level stands so many
    /// places higher, at the second closest twice as many.
    levels: u8,
    swaps: Option<usize>,
    /// Whether a rare value says more.
    frequency: bool,
    /// The field around, and how many of its levels count.
    within: Option<(usize, u8)>,
}

impl Layout {
    fn of(spec: &Spec) -> Vec<Self> {
        let of = |field: &crate::spec::Field| Self {
            levels: field.kind.levels().len() as u8,
            swaps: field.swaps_with,
            frequency: field.frequency,
            within: field.within.map(|outer| (outer, closest(spec.fields[outer].kind))),
        };
        spec.fields.iter().map(of).collect()
    }

    /// The place of a level, given the levels of the fields before.
    #[inline]
    fn place(self, level: u8, levels: &[u8]) -> u8 {
        match self.within {
            Some((outer, closest)) if level != MISSING && (SAME..=closest).contains(&levels[outer]) => {
                level + self.levels * levels[outer]
            }
            _ => level,
        }
    }
}

/// Levels at which two values agree on a part of themselves: the rarer that part, the more they say.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// One bit for each level.
    levels: u32,
    /// For each value the mean share of its part over the share of its own.
    factor: Vec<f32>,
    /// The same in bits, and the most of them.
    bits: Vec<f32>,
    best: f32,
}

/// What values may agree on in part, with the frequencies of the left file; made once.
#[must_use]
pub fn agreements(spec: &Spec, data: &Data) -> Vec<Vec<Agreement>> {
    let of = |(at, field): (usize, &crate::spec::Field)| -> Vec<Agreement> {
        if field.kind != Kind::NameChinese || !field.frequency {
            return Vec::new();
        }
        let made = |(of, levels): &(Agreeing, &[u8])| {
            let codes = codes(data.values(at), of.transform());
            let mut sums = vec![0.0_f32; codes.iter().max().map_or(0, |code| *code as usize) + 1];
            for (value, (code, count)) in (0..).zip(codes.iter().zip(&data.counts[at])) {
                sums[*code as usize] += if *count > 0 { (1.0 / data.rarity(at, value)) as f32 } else { 0.0 };
            }
            let all: f32 = sums[1..].iter().sum();
            let mean = sums[1..].iter().map(|share| share * share).sum::<f32>() / all.max(1e-9);
            let factor = |code: &u32| match sums[*code as usize] {
                share if *code != 0 && share > 0.0 => (mean / share).clamp(0.01, 1000.0),
                _ => 1.0,
            };
            let factor: Vec<f32> = codes.iter().map(factor).collect();
            let bits: Vec<f32> = factor.iter().map(|factor| factor.log2()).collect();
            let best = bits.iter().copied().fold(0.0, f32::max);
            Agreement { levels: levels.iter().fold(0, |all, level| all | 1 << level), factor, bits, best }
        };
        han::AGREEING.iter().map(made).collect()
    };
    spec.fields.iter().enumerate().map(of).collect()
}

impl<'a> Tables<'a> {
    #[must_use]
    pub fn new(spec: &Spec, data: &'a Data, model: &'a Model) -> Self {
        let over_strangers = |p: &PerClass| p.map(|of_class| of_class / p[STRANGERS]);
        let ratios = model.levels.iter().map(|levels| levels.iter().map(over_strangers).collect()).collect();
        let layout = Layout::of(spec);
        let copies = model.levels.iter().zip(&layout).map(|(levels, layout)| {
            let of = |same: PerClass| {
                same.map(|of_class| ((of_class - same[STRANGERS]) / (1.0 - same[STRANGERS]).max(1e-9)).max(0.0))
            };
            let inner = levels.get((SAME + layout.levels) as usize).unwrap_or(&levels[SAME as usize]);
            [of(levels[SAME as usize]), of(*inner)]
        });
        Self { data, model, ratios, copies: copies.collect(), agreements: &[], layout }
    }

    /// With the frequencies of what values agree on in part.
    #[must_use]
    pub fn with(mut self, agreements: &'a [Vec<Agreement>]) -> Self {
        self.agreements = agreements;
        self
    }

    /// The levels of the kinds, whether or not a field around agrees.
    pub fn plain_levels(&self, levels: &[u8]) -> impl Iterator<Item = u8> {
        levels.iter().zip(&self.layout).map(|(level, layout)| level % layout.levels)
    }

    /// For one field at one level of a row: each class's probability over the strangers'.
    #[must_use]
    pub fn ratio(&self, field: usize, level: u8, row: &[u32]) -> PerClass {
        let layout = self.layout[field];
        if level % layout.levels == SAME && layout.frequency {
            let inner = usize::from(level == SAME + layout.levels);
            let mut rarity = self.data.rarity(field, row[field]);
            if let Some(outer) =
                layout.within.map(|(outer, _)| outer).filter(|outer| inner == 1 && self.layout[*outer].frequency)
            {
                rarity = (rarity / self.data.rarity(outer, row[outer])).max(1.0);
            }
            let mut out = [1.0; CLASSES];
            for class in RELATIVES {
                let copies = self.copies[field][inner][class];
                out[class] = copies * rarity + 1.0 - copies;
            }
            for class in ONE_PERSON {
                out[class] = self.model.levels[field][level as usize][class] * rarity;
            }
            return out;
        }
        let mut out = self.ratios[field][level as usize];
        let agreement = self.agreements.get(field).into_iter().flatten().find(|of| of.levels >> level & 1 == 1);
        if let Some(agreement) = agreement {
            out[ONE_PERSON].iter_mut().for_each(|ratio| *ratio *= f64::from(agreement.factor[row[field] as usize]));
        }
        out
    }

    /// Class by class, the likelihood over the strangers', shares of the classes included.
    #[must_use]
    pub fn classes(&self, left: &[u32], levels: &[u8]) -> PerClass {
        let mut all = self.model.shares;
        for (field, level) in levels.iter().enumerate() {
            if *level != MISSING {
                let ratio = self.ratio(field, *level, left);
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
                let ratio = self.ratio(field, *level, left);
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
    /// For the right row taken: what an equal value gives (also where the field around it agrees), and what the
    /// fields after each can give.
    same: Vec<[f32; 2]>,
    after: Vec<f32>,
}

fn most_bits(ratio: &PerClass) -> f32 {
    ratio[ONE_PERSON].iter().copied().fold(0.0, f64::max).log2() as f32
}

impl<'a> Bounds<'a> {
    /// Bounds for pairs that must reach `least_odds`.
    #[must_use]
    pub fn new(tables: &'a Tables<'a>, least_odds: f64) -> Self {
        let of_level: Vec<Vec<f32>> =
            tables.ratios.iter().map(|levels| levels.iter().map(most_bits).collect()).collect();
        let best = |(field, levels): (usize, &Vec<f32>)| {
            let kind = tables.data.values(field).kind;
            let swapped = swapped_levels(kind).map(|(swapped, _)| swapped as usize);
            let kinds = tables.layout[field].levels as usize;
            let others = levels.iter().enumerate().filter(|(level, _)| level % kinds > SAME as usize);
            let others = others.filter(|(level, _)| Some(*level) != swapped);
            let agreeing = tables.agreements.get(field).into_iter().flatten().fold(0.0, |best, of| of.best.max(best));
            others.fold(0.0, |best, (_, bits)| bits.max(best)) + agreeing
        };
        let best_level = of_level.iter().enumerate().map(best).collect();
        let fields = of_level.len();
        // a tenth of a bit of slack keeps rounding harmless
        let (start, least) = (tables.model.prior_odds().log2() as f32 + 0.1, least_odds.log2() as f32);
        let start = start - tables.model.shares[STRANGERS].log2() as f32;
        Self { tables, of_level, best_level, start, least, same: vec![[0.0; 2]; fields], after: vec![0.0; fields] }
    }

    /// Takes the right row that the next pairs are made with.
    pub fn take(&mut self, right: &[u32]) {
        let mut after = 0.0;
        for (field, value) in right.iter().enumerate().rev() {
            self.after[field] = after;
            if *value != ABSENT {
                let layout = self.tables.layout[field];
                let bits = |place: u8| most_bits(&self.tables.ratio(field, SAME + layout.levels * place, right));
                let (mut plain, mut inner) = (bits(0), 0.0);
                if let Some((_, closest)) = layout.within {
                    inner = bits(1);
                    plain = (2..=closest).map(bits).fold(plain, f32::max);
                }
                self.same[field] = [plain, inner];
                after += plain.max(inner).max(self.best_level[field]);
            }
        }
    }

    /// What a field gives at a place among its levels.
    #[inline]
    fn of(&self, field: usize, level: u8, left: u32) -> f32 {
        let kinds = self.tables.layout[field].levels;
        if level % kinds == SAME {
            return self.same[field][usize::from(level == SAME + kinds)];
        }
        let bits = self.of_level[field][level as usize];
        let agreement = self.tables.agreements.get(field).into_iter().flatten().find(|of| of.levels >> level & 1 == 1);
        agreement.map_or(bits, |agreement| bits + agreement.bits[left as usize])
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
    layout: Vec<Layout>,
    prepared: Vec<Prepared>,
    right: Vec<u32>,
}

impl<'a> Comparer<'a> {
    #[must_use]
    pub fn new(spec: &Spec, data: &'a Data) -> Self {
        let fields = spec.fields.len();
        Self {
            data,
            layout: Layout::of(spec),
            prepared: vec![Prepared::default(); fields],
            right: vec![ABSENT; fields],
        }
    }

    /// A comparer with the tables' data.
    #[must_use]
    pub fn of(tables: &Tables<'a>) -> Self {
        let fields = tables.layout.len();
        let prepared = vec![Prepared::default(); fields];
        Self { data: tables.data, layout: tables.layout.clone(), prepared, right: vec![ABSENT; fields] }
    }

    /// Takes the right row that the next ones are compared with.
    pub fn take(&mut self, right: &[u32]) {
        self.right.copy_from_slice(right);
        for (field, prepared) in self.prepared.iter_mut().enumerate() {
            prepared.take(right[field]);
        }
    }

    /// The level of every field; see [`Tables::plain_levels`].
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
        for field in 0..self.layout.len() {
            let Some(other) = self.layout[field].swaps else { continue };
            if other > field && (left[field] == self.right[other] || left[other] == self.right[field]) {
                self.mark_swapped(field, other, left, levels);
            }
        }
        for (field, layout) in self.layout.iter().enumerate().filter(|(_, layout)| layout.within.is_some()) {
            levels[field] = layout.place(levels[field], levels);
        }
    }

    /// As [`Self::levels`], but gives up, false, as soon as the pair can't reach the least odds any more.
    pub fn levels_within(&mut self, left: &[u32], bounds: &Bounds<'_>, levels: &mut [u8]) -> bool {
        let swapped = |(field, layout): (usize, &Layout)| {
            layout.swaps.is_some_and(|other| left[field] == self.right[other] && left[field] != ABSENT)
        };
        if self.layout.iter().enumerate().any(swapped) {
            self.levels(left, levels);
            return true;
        }
        let mut reached = bounds.start;
        for field in 0..levels.len() {
            let (a, b) = (left[field], self.right[field]);
            levels[field] = MISSING;
            if a != ABSENT && b != ABSENT {
                let level = if a == b { SAME } else { self.data.values(field).level(a, &mut self.prepared[field]) };
                levels[field] = self.layout[field].place(level, levels);
                reached += bounds.of(field, levels[field], a);
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
