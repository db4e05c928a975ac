//! What the keys of a pair say of it: its odds where they tell every level, else how far it can get at most.

use super::census::Frequencies;
use super::{Place, Plan, unpack_id};
use crate::compare::{Kind, MISSING, SAME, address, date, number};
use crate::keys::Transform;
use crate::model::{CLASSES, Model, ONE_PERSON, PerClass, RELATIVES, STRANGERS};
use crate::score::ratio;
use crate::spec::Spec;

/// What pairs are weighed with: the model, and how rare values are among all records.
pub(super) struct Scale<'a> {
    pub plan: &'a Plan,
    pub model: &'a Model,
    pub frequencies: &'a Frequencies,
    is_frequency: Vec<bool>,
    /// For each field and level: the class's probability over the strangers'.
    ratios: Vec<Vec<PerClass>>,
    /// How far each class copies the value rather than draws its own.
    copies: Vec<PerClass>,
}

impl<'a> Scale<'a> {
    pub fn new(plan: &'a Plan, spec: &Spec, model: &'a Model, frequencies: &'a Frequencies) -> Self {
        let over_strangers = |p: &PerClass| p.map(|of_class| of_class / p[STRANGERS]);
        let copies = model.levels.iter().map(|levels| {
            let same = levels[SAME as usize];
            same.map(|of_class| ((of_class - same[STRANGERS]) / (1.0 - same[STRANGERS]).max(1e-9)).max(0.0))
        });
        Self {
            plan,
            model,
            frequencies,
            is_frequency: spec.fields.iter().map(|field| field.frequency).collect(),
            ratios: model.levels.iter().map(|levels| levels.iter().map(over_strangers).collect()).collect(),
            copies: copies.collect(),
        }
    }

    /// For one field at one level: each class's probability over the strangers'; `keys` are the asking row's.
    fn ratio(&self, field: usize, level: u8, keys: &[u32]) -> PerClass {
        if level != SAME || !self.is_frequency[field] {
            return self.ratios[field][level as usize];
        }
        let rarity = f64::from(self.frequencies.rarity(field, self.plan.whole(field, keys)));
        let mut out = [1.0; CLASSES];
        for class in RELATIVES {
            let copies = self.copies[field][class];
            out[class] = copies * rarity + 1.0 - copies;
        }
        for class in ONE_PERSON {
            out[class] = self.model.levels[field][SAME as usize][class] * rarity;
        }
        out
    }

    /// Odds that both are one person, and the weight of each field in bits: how much it moves the odds, given the
    /// fields before it.
    pub fn weigh(&self, levels: &[u8], keys: &[u32], mut weight: impl FnMut(f64)) -> f64 {
        let mut all = self.model.shares;
        let mut before = ratio(&all);
        for (field, level) in levels.iter().enumerate() {
            if *level != MISSING {
                let of_level = self.ratio(field, *level, keys);
                all.iter_mut().zip(of_level).for_each(|(class, ratio)| *class *= ratio);
            }
            let now = ratio(&all);
            weight(now / before);
            before = now;
        }
        (self.model.prior_odds() * before).min(1e30)
    }
}

/// What the keys of a pair say of it.
pub(super) struct Screen<'a> {
    scale: &'a Scale<'a>,
    fields: Vec<FieldBounds>,
    start: f32,
    least: f32,
}

struct FieldBounds {
    kind: Kind,
    of_level: Vec<f32>,
    /// The best of the levels below "same".
    best: f32,
    /// The best of those that names can reach of which not even the sound agrees, or addresses that are not near.
    far: f32,
    /// Keys of Chinese names, one of which agrees where names are near.
    near: Vec<Place>,
    /// What tells of addresses whether they may be near.
    outline: Option<Place>,
}

impl FieldBounds {
    /// Whether the keys tell that two different values are not near.
    #[inline]
    fn is_far(&self, a: &[u32], b: &[u32]) -> bool {
        if let Some(outline) = self.outline {
            return !address::may_be_near(outline.read(a) as u32, outline.read(b) as u32);
        }
        let agrees = |place: &Place| place.read(a) == place.read(b);
        self.kind == Kind::NameChinese && !self.near.is_empty() && !self.near.iter().any(agrees)
    }
}

/// Levels of Chinese names that need the same sound.
const NEAR_NAMES: [usize; 2] = [2, 4];
/// In place of a level that the keys don't tell.
pub(super) const UNKNOWN: u8 = u8::MAX;

/// What is made once of a row that asks.
pub(super) struct Asking<'k> {
    pub keys: &'k [u32],
    same: Vec<f32>,
    id: Vec<Option<[u8; 18]>>,
}

/// How far a pair can get.
pub(super) enum Chance {
    None,
    /// The keys tell every level.
    Known,
    /// Bits that it reaches at most.
    AtMost(f32),
}

fn bits(p: &PerClass) -> f32 {
    p[ONE_PERSON].iter().map(|of_class| of_class / p[STRANGERS]).fold(0.0, f64::max).log2() as f32
}

impl<'a> Screen<'a> {
    pub fn new(scale: &'a Scale<'a>, spec: &Spec, least_odds: f64) -> Self {
        let model = scale.model;
        let field = |(at, field): (usize, &crate::spec::Field)| {
            let of_level: Vec<f32> = model.levels[at].iter().map(bits).collect();
            let from = SAME as usize + 1;
            let best = of_level[from..].iter().copied().fold(f32::MIN, f32::max);
            let near: &[usize] = if field.kind == Kind::Address { &address::NEAR } else { &NEAR_NAMES };
            let others = of_level.iter().enumerate().skip(from).filter(|(level, _)| !near.contains(level));
            let far = others.map(|(_, bits)| *bits).fold(f32::MIN, f32::max);
            let made = |transform| scale.plan.made(at, transform);
            let near = [Transform::Sound, Transform::Family].into_iter().filter_map(made).collect();
            FieldBounds { kind: field.kind, of_level, best, far, near, outline: scale.plan.outlines[at] }
        };
        // a tenth of a bit of slack keeps rounding harmless
        let start = model.prior_odds().log2() as f32 + 0.1 - model.shares[STRANGERS].log2() as f32;
        let fields = spec.fields.iter().enumerate().map(field).collect();
        Self { scale, fields, start, least: least_odds.log2() as f32 }
    }

    pub fn ask<'k>(&self, keys: &'k [u32]) -> Asking<'k> {
        let plan = self.scale.plan;
        let same = |(at, field): (usize, &FieldBounds)| match plan.whole(at, keys) {
            0 => field.of_level[SAME as usize],
            _ => {
                let ratio = self.scale.ratio(at, SAME, keys);
                ratio[ONE_PERSON].iter().copied().fold(0.0, f64::max).log2() as f32
            }
        };
        let id = |(at, field): (usize, &FieldBounds)| {
            (field.kind == Kind::IdNumber).then(|| unpack_id(plan.whole(at, keys))).flatten()
        };
        let fields = || self.fields.iter().enumerate();
        Asking { keys, same: fields().map(same).collect(), id: fields().map(id).collect() }
    }

    /// What becomes of a record as the row's person; writes the levels that the keys tell.
    pub fn look(&self, asking: &Asking<'_>, record: &[u32], levels: &mut [u8]) -> Chance {
        let mut reached = self.start;
        let mut is_known = true;
        for (at, field) in self.fields.iter().enumerate() {
            let (a, b) = (self.scale.plan.whole(at, record), self.scale.plan.whole(at, asking.keys));
            levels[at] = if a == 0 || b == 0 {
                MISSING
            } else if a == b {
                SAME
            } else {
                apart(field.kind, &asking.id[at], a, b)
            };
            reached += match levels[at] {
                SAME => asking.same[at],
                UNKNOWN => {
                    is_known = false;
                    if field.is_far(record, asking.keys) { field.far } else { field.best }
                }
                level => field.of_level[level as usize],
            };
        }
        match reached >= self.least {
            false => Chance::None,
            true if is_known => Chance::Known,
            true => Chance::AtMost(reached),
        }
    }
}

/// The level of two different values, where the keys tell it.
fn apart(kind: Kind, row: &Option<[u8; 18]>, a: u64, b: u64) -> u8 {
    match kind {
        Kind::IdNumber => match (unpack_id(a), row) {
            (Some(record), Some(row)) => number::id_level(&record, row),
            _ => UNKNOWN,
        },
        Kind::Date if a >> 28 != 0xF && b >> 28 != 0xF => date::level(a as u32, b as u32),
        Kind::Phone if both_packed(a, b) => number::phone_level((a, || &[][..]), (b, || &[][..])),
        Kind::Number if both_packed(a, b) => number::number_level((a, || &[][..]), (b, || &[][..])),
        Kind::Division if a & 0xF != 0 && b & 0xF != 0 => division_level(a, b),
        Kind::Exact => 2,
        _ => UNKNOWN,
    }
}

/// Numbers of one length, from which the level follows without their text.
fn both_packed(a: u64, b: u64) -> bool {
    a & 0xF != 0 && a & 0xF == b & 0xF
}

fn division_level(a: u64, b: u64) -> u8 {
    let digits = |packed: u64| -> [u8; 16] { std::array::from_fn(|at| (packed >> (60 - 4 * at) & 0xF) as u8) };
    let length = |packed: u64| (packed & 0xF) as usize;
    address::division_level(&digits(a)[..length(a)], &digits(b)[..length(b)])
}
