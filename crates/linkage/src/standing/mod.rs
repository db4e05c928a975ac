//! Records that stand from one run to the next, known by keys alone: a few rows find whom they meet among millions
//! without a record being opened.
//!
//! A record's keys are what blocking and the first look at a pair need: numbers and dates packed, names and
//! addresses hashed. [`run`](Query::run) judges the pairs that keys can judge and gives those that can't be without
//! a look at the record; [`score`](score::score) judges these once the caller has opened them.

mod census;
mod meet;
pub mod score;
mod screen;
mod table;
mod threads;

use std::collections::HashMap;

pub use census::Frequencies;
pub use meet::{Found, Pair, Query};

use crate::compare::{Kind, address, date, number};
use crate::hash::{fold, hash};
use crate::keys::{Transform, write_key};
use crate::spec::{Part, Spec};

/// Where the keys of a record are: one after the other, some two words wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// For each field the key of its whole value.
    whole: Vec<Place>,
    kinds: Vec<Kind>,
    /// Of addresses, what tells which are near.
    outlines: Vec<Option<Place>>,
    parts: Vec<(Part, Place)>,
    width: usize,
}

/// Raised when keys are made in another way than before.
pub const KEYS_REVISION: u32 = 2;

/// Words of a key in a record's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    at: usize,
    is_wide: bool,
}

impl Place {
    #[inline]
    pub(crate) fn read(self, keys: &[u32]) -> u64 {
        let low = u64::from(keys[self.at]);
        if self.is_wide { low | u64::from(keys[self.at + 1]) << 32 } else { low }
    }

    fn write(self, key: u64, keys: &mut [u32]) {
        keys[self.at] = key as u32;
        if self.is_wide {
            keys[self.at + 1] = (key >> 32) as u32;
        }
    }
}

const fn is_wide(kind: Kind) -> bool {
    matches!(kind, Kind::IdNumber | Kind::Phone | Kind::Number | Kind::Division)
}

impl Plan {
    /// Keys enough for all of these specs, which compare the same fields.
    #[must_use]
    pub fn of(specs: &[&Spec]) -> Self {
        let mut plan = Self { whole: Vec::new(), kinds: Vec::new(), outlines: Vec::new(), parts: Vec::new(), width: 0 };
        for field in specs.first().into_iter().flat_map(|spec| &spec.fields) {
            let is_wide = is_wide(field.kind);
            plan.whole.push(Place { at: plan.width, is_wide });
            plan.kinds.push(field.kind);
            plan.width += 1 + usize::from(is_wide);
            let outline = Place { at: plan.width, is_wide: false };
            plan.outlines.push((field.kind == Kind::Address).then_some(outline));
            plan.width += usize::from(field.kind == Kind::Address);
        }
        for spec in specs {
            for part in spec.blocks.iter().flat_map(|block| &block.on).chain(&spec.split) {
                if part.transform != Transform::Whole && !plan.parts.iter().any(|(known, _)| known == part) {
                    plan.parts.push((*part, Place { at: plan.width, is_wide: false }));
                    plan.width += 1;
                }
            }
        }
        plan
    }

    /// Words in a record's keys.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The key of a field's whole value; 0 when it is absent.
    #[must_use]
    #[inline]
    pub fn whole(&self, field: usize, keys: &[u32]) -> u64 {
        self.whole[field].read(keys)
    }

    pub(crate) fn place(&self, part: Part) -> Place {
        let known = self.parts.iter().find(|(known, _)| *known == part);
        known.map_or(self.whole[part.field], |(_, place)| *place)
    }

    /// The place of a part, where it has keys of its own.
    fn made(&self, field: usize, transform: Transform) -> Option<Place> {
        let part = Part { field, transform };
        self.parts.iter().find(|(known, _)| *known == part).map(|(_, place)| *place)
    }
}

/// Names remembered: those that come often come early.
const REMEMBERED: usize = 1 << 17;

/// Makes keys. Remembers those of names, which repeat.
pub struct KeyMaker<'p> {
    plan: &'p Plan,
    absent: &'p [String],
    names: Vec<HashMap<Box<str>, Box<[u32]>>>,
    normal: Vec<u8>,
    key: Vec<u8>,
}

impl<'p> KeyMaker<'p> {
    #[must_use]
    pub fn new(plan: &'p Plan, spec: &'p Spec) -> Self {
        let names = vec![HashMap::new(); plan.kinds.len()];
        Self { plan, absent: &spec.absent, names, normal: Vec::new(), key: Vec::new() }
    }

    /// Writes the keys of a record, whose values stand in the order of the fields, into `plan.width()` words.
    pub fn write<T: AsRef<str>>(&mut self, record: &[T], keys: &mut [u32]) {
        keys.fill(0);
        for (field, value) in record.iter().enumerate() {
            let value = value.as_ref().trim_ascii();
            if value.is_empty() || self.absent.iter().any(|word| word == value) {
                continue;
            }
            let is_name = matches!(self.plan.kinds[field], Kind::NameLatin | Kind::NameChinese);
            if !is_name {
                self.write_field(field, value, keys);
            } else if let Some(known) = self.names[field].get(value) {
                let mut known = known.iter();
                self.plan.each_of(field, |place| keys[place.at] = known.next().copied().unwrap_or(0));
            } else {
                self.write_field(field, value, keys);
                if self.names[field].len() == REMEMBERED {
                    continue;
                }
                let mut made = Vec::new();
                self.plan.each_of(field, |place| made.push(keys[place.at]));
                self.names[field].insert(value.into(), made.into());
            }
        }
    }

    fn write_field(&mut self, field: usize, value: &str, keys: &mut [u32]) {
        let kind = self.plan.kinds[field];
        self.normal.clear();
        if !kind.normalise(value.as_bytes(), &mut self.normal) {
            self.normal.extend_from_slice(value.as_bytes());
        }
        if self.normal.is_empty() {
            return;
        }
        self.plan.whole[field].write(compact(kind, &self.normal), keys);
        if let Some(place) = self.plan.outlines[field] {
            place.write(u64::from(address::outline(&self.normal)), keys);
        }
        for (part, place) in self.plan.parts.iter().filter(|(part, _)| part.field == field) {
            self.key.clear();
            write_key(part.transform, &self.normal, kind, &mut self.key);
            if !self.key.is_empty() {
                place.write(u64::from(narrow(&self.key)), keys);
            }
        }
    }
}

impl Plan {
    fn each_of(&self, field: usize, mut take: impl FnMut(Place)) {
        take(self.whole[field]);
        self.parts.iter().filter(|(part, _)| part.field == field).for_each(|(_, place)| take(*place));
    }
}

fn narrow(text: &[u8]) -> u32 {
    (fold(hash(text)) >> 32) as u32 | 1
}

/// An ID number that is none, or a number too long to pack: a hash marked as such.
const HASHED: u64 = 1 << 63;
/// The same in a date's one word; no digit of a date is that large.
const HASHED_DATE: u32 = 0xF << 28;

/// A value in at most 64 bits: equal for equal values, and where it fits readable again. Never 0.
fn compact(kind: Kind, normal: &[u8]) -> u64 {
    match kind {
        Kind::IdNumber => pack_id(normal).unwrap_or_else(|| hash(normal) | HASHED),
        Kind::Phone | Kind::Number | Kind::Division => match number::pack(normal) {
            // the last half byte counts digits; no text is that of another's digits
            0 => hash(normal) & !0xF | 0x10,
            packed => packed,
        },
        Kind::Date => match date::facts(normal) {
            0 => u64::from(narrow(normal) | HASHED_DATE),
            packed => u64::from(packed),
        },
        _ => u64::from(narrow(normal)),
    }
}

/// Eighteen digits, the last of which may be X.
fn pack_id(text: &[u8]) -> Option<u64> {
    if text.len() != 18 {
        return None;
    }
    text.iter().enumerate().try_fold(0_u64, |packed, (at, byte)| match byte {
        b'0'..=b'9' => Some(packed * 11 + u64::from(byte - b'0')),
        b'X' if at == 17 => Some(packed * 11 + 10),
        _ => None,
    })
}

/// The text that was packed.
fn unpack_id(mut packed: u64) -> Option<[u8; 18]> {
    if packed == 0 || packed & HASHED != 0 {
        return None;
    }
    let mut text = [0; 18];
    for byte in text.iter_mut().rev() {
        *byte = match packed % 11 {
            10 => b'X',
            digit => b'0' + digit as u8,
        };
        packed /= 11;
    }
    Some(text)
}

/// Keys of records by number: a record that is not there has no keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    width: usize,
    words: Vec<u32>,
}

impl Standing {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { width: plan.width, words: Vec::new() }
    }

    /// How many records there is room for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len() / self.width.max(1)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Takes memory for records up to a number, so that growing to it moves none of those that are there.
    pub fn reserve(&mut self, records: usize) {
        self.words.reserve_exact((records * self.width).saturating_sub(self.words.len()));
    }

    /// Makes room for records up to a number.
    pub fn grow(&mut self, records: usize) {
        if records > self.len() {
            self.words.resize(records * self.width, 0);
        }
    }

    #[must_use]
    #[inline]
    pub fn get(&self, record: usize) -> &[u32] {
        &self.words[record * self.width..][..self.width]
    }

    /// The keys of records that follow each other.
    #[must_use]
    pub fn run(&self, records: std::ops::Range<usize>) -> &[u32] {
        &self.words[records.start * self.width..records.end * self.width]
    }

    /// The keys of a record, to be written.
    pub fn get_mut(&mut self, record: usize) -> &mut [u32] {
        &mut self.words[record * self.width..][..self.width]
    }

    pub(crate) fn words(&self) -> &[u32] {
        &self.words
    }
}

#[cfg(test)]
mod tests;
