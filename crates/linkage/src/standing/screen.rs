//! A first look at a pair by its keys: how far it can get at most.

use std::collections::HashMap;

use super::{Place, Plan, unpack_id};
use crate::compare::{Kind, MISSING, SAME, address, date, number};
use crate::keys::Transform;
use crate::model::{Model, ONE_PERSON, PerClass, STRANGERS};
use crate::spec::Spec;

/// How often the values of the rows that ask stand among all records.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    /// For each field whose rarity counts, by key.
    pub(super) counts: Vec<HashMap<u64, u32>>,
    /// Records that have the field at all.
    pub(super) known: Vec<u32>,
}

impl Frequencies {
    /// One over the share of a value among the records that have one.
    #[must_use]
    pub fn rarity(&self, field: usize, key: u64) -> f32 {
        let count = self.counts[field].get(&key).copied().unwrap_or(0).max(1);
        self.known[field].max(1) as f32 / count as f32
    }
}

/// Upper bounds of a pair's weight in bits.
pub(super) struct Screen<'a> {
    plan: &'a Plan,
    fields: Vec<FieldBounds>,
    frequencies: &'a Frequencies,
    model: &'a Model,
    is_frequency: Vec<bool>,
    start: f32,
    least: f32,
}

struct FieldBounds {
    kind: Kind,
    of_level: Vec<f32>,
    /// The best of the levels below "same".
    best: f32,
    /// The best of those that names can reach of which not even the sound agrees.
    far: f32,
    near: Vec<Place>,
}

/// Levels of Chinese names that need the same sound or the same family of spellings.
const NEAR_NAMES: [usize; 3] = [2, 4, 5];

/// What is made once of a row that asks.
pub(super) struct Asking<'k> {
    keys: &'k [u32],
    same: Vec<f32>,
    id: Vec<Option<[u8; 18]>>,
}

fn bits(p: &PerClass) -> f32 {
    p[ONE_PERSON].iter().map(|of_class| of_class / p[STRANGERS]).fold(0.0, f64::max).log2() as f32
}

impl<'a> Screen<'a> {
    pub fn new(plan: &'a Plan, spec: &Spec, model: &'a Model, frequencies: &'a Frequencies, least_odds: f64) -> Self {
        let field = |(at, field): (usize, &crate::spec::Field)| {
            let of_level: Vec<f32> = model.levels[at].iter().map(bits).collect();
            let from = SAME as usize + 1;
            let best = of_level[from..].iter().copied().fold(f32::MIN, f32::max);
            let others = of_level.iter().enumerate().skip(from).filter(|(level, _)| !NEAR_NAMES.contains(level));
            let far = others.map(|(_, bits)| *bits).fold(f32::MIN, f32::max);
            let near = [Transform::Sound, Transform::Family].into_iter().filter_map(|of| plan.made(at, of)).collect();
            FieldBounds { kind: field.kind, of_level, best, far, near }
        };
        // a tenth of a bit of slack keeps rounding harmless
        let start = model.prior_odds().log2() as f32 + 0.1 - model.shares[STRANGERS].log2() as f32;
        Self {
            plan,
            fields: spec.fields.iter().enumerate().map(field).collect(),
            frequencies,
            model,
            is_frequency: spec.fields.iter().map(|field| field.frequency).collect(),
            start,
            least: least_odds.log2() as f32,
        }
    }

    pub fn ask<'k>(&self, keys: &'k [u32]) -> Asking<'k> {
        let same = |(at, field): (usize, &FieldBounds)| {
            let key = self.plan.whole(at, keys);
            if key == 0 || !self.is_frequency[at] {
                return field.of_level[SAME as usize];
            }
            let most = self.model.levels[at][SAME as usize][ONE_PERSON].iter().copied().fold(0.0, f64::max);
            (most * f64::from(self.frequencies.rarity(at, key))).log2() as f32
        };
        let id = |(at, field): (usize, &FieldBounds)| {
            (field.kind == Kind::IdNumber).then(|| unpack_id(self.plan.whole(at, keys))).flatten()
        };
        let fields = || self.fields.iter().enumerate();
        Asking { keys, same: fields().map(same).collect(), id: fields().map(id).collect() }
    }

    /// Whether a record can be the row's person.
    pub fn passes(&self, asking: &Asking<'_>, record: &[u32]) -> bool {
        let mut reached = self.start;
        for (at, field) in self.fields.iter().enumerate() {
            let (a, b) = (self.plan.whole(at, record), self.plan.whole(at, asking.keys));
            reached += if a == 0 || b == 0 {
                field.of_level[MISSING as usize]
            } else if a == b {
                asking.same[at]
            } else {
                self.apart(field, asking, at, (a, b), record)
            };
        }
        reached >= self.least
    }

    fn apart(&self, field: &FieldBounds, asking: &Asking<'_>, at: usize, (a, b): (u64, u64), record: &[u32]) -> f32 {
        let level = match field.kind {
            Kind::IdNumber => {
                let (record, row) = (unpack_id(a), &asking.id[at]);
                record.zip(row.as_ref()).map(|(record, row)| number::id_level(&record, row))
            }
            Kind::Date => {
                let is_packed = |key: u64| key >> 28 != 0xF;
                (is_packed(a) && is_packed(b)).then(|| date::level(a as u32, b as u32))
            }
            Kind::Phone if both_packed(a, b) => Some(number::phone_level((a, || &[][..]), (b, || &[][..]))),
            Kind::Number if both_packed(a, b) => Some(number::number_level((a, || &[][..]), (b, || &[][..]))),
            Kind::Division if a & 0xF != 0 && b & 0xF != 0 => Some(division_level(a, b)),
            Kind::Exact => Some(2),
            _ => None,
        };
        match level {
            Some(level) => field.of_level[level as usize],
            None if field.kind == Kind::NameChinese && !field.near.is_empty() => {
                let near = |place: &Place| place.read(record) == place.read(asking.keys);
                if field.near.iter().any(near) { field.best } else { field.far }
            }
            None => field.best,
        }
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
