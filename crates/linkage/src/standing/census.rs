//! How often values stand among all records: a rare one that two share says more.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::table::{Table, mixed};
use super::threads::in_threads;
use super::{Place, Plan, Standing};
use crate::hash::Folding;
use crate::spec::Spec;

/// How often values stand among all records.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    /// For each field whose rarity counts, by key; a value that is not there stands once.
    counts: Vec<HashMap<u64, u32, BuildHasherDefault<Folding>>>,
    /// Records that have the field at all.
    known: Vec<u32>,
}

impl Frequencies {
    /// Of no records.
    pub(super) fn none(fields: usize) -> Self {
        Self { counts: vec![HashMap::default(); fields], known: vec![0; fields] }
    }

    /// Of every value: for rows that ask so many at a time that counting for each time would be counting everyone over
    /// and over.
    #[must_use]
    pub fn of_everyone((plan, spec): (&Plan, &Spec), standing: &Standing, threads: usize) -> Self {
        let fields = spec.fields.iter().enumerate().filter(|(_, field)| field.frequency).map(|(at, _)| at).collect();
        let counted = in_threads(threads, fields, |field: usize| {
            let place = plan.whole[field];
            let keys = standing.words().chunks_exact(plan.width()).map(|keys| place.read(keys));
            let mut keys: Vec<u64> = keys.filter(|key| *key != 0).collect();
            keys.sort_unstable();
            let often = keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
            (field, keys.len() as u32, often.map(|same| (same[0], same.len() as u32)).collect())
        });
        let mut all = Self::none(spec.fields.len());
        for (field, known, counts) in counted {
            (all.known[field], all.counts[field]) = (known, counts);
        }
        all
    }

    /// Of the values that rows have, as parts of the records were counted.
    pub(super) fn of_watched(watched: Vec<Watched>, parts: Vec<Vec<Counted>>) -> Self {
        let mut all = Self::none(watched.len());
        let mut sums: Vec<Counted> = watched.iter().map(Watched::none).collect();
        for part in parts {
            for (sum, part) in sums.iter_mut().zip(part) {
                sum.known += part.known;
                sum.counts.iter_mut().zip(part.counts).for_each(|(sum, count)| *sum += count);
            }
        }
        for (field, (watched, sum)) in watched.into_iter().zip(sums).enumerate() {
            all.known[field] = sum.known;
            all.counts[field] = watched.keys.into_iter().zip(sum.counts).collect();
        }
        all
    }

    /// One over the share of a value among the records that have one.
    #[must_use]
    pub fn rarity(&self, field: usize, key: u64) -> f32 {
        let count = self.counts[field].get(&key).copied().unwrap_or(0).max(1);
        self.known[field].max(1) as f32 / count as f32
    }
}

/// The values of a field that rows which ask have.
pub(super) struct Watched {
    place: Place,
    table: Table,
    keys: Vec<u64>,
}

/// How often some records have them, and how many have the field at all.
pub(super) struct Counted {
    counts: Vec<u32>,
    known: u32,
}

impl Watched {
    pub fn new(place: Place, is_frequency: bool, rights: &[u32], width: usize) -> Self {
        let rights = rights.chunks_exact(width);
        let table = Table::new(if is_frequency { rights.len() } else { 0 });
        let mut watched = Self { place, table, keys: Vec::new() };
        for keys in rights.filter(|_| is_frequency) {
            let key = place.read(keys);
            if key != 0 && watched.table.enter(mixed(1, key)) as usize == watched.keys.len() {
                watched.keys.push(key);
            }
        }
        watched
    }

    pub fn none(&self) -> Counted {
        Counted { counts: vec![0; self.keys.len()], known: 0 }
    }

    #[inline]
    pub fn count(&self, record: &[u32], counted: &mut Counted) {
        let key = self.place.read(record);
        if key != 0 {
            counted.known += 1;
            if let Some(at) = self.table.find(mixed(1, key)) {
                counted.counts[at as usize] += 1;
            }
        }
    }
}
