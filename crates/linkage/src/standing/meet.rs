//! Who meets whom: one pass over all records for every block at once, then the first look at each pair.

use std::sync::Arc;

use super::census::{Counted, Frequencies, Watched};
use super::screen::{Chance, Scale, Screen};
use super::table::{Table, mixed};
use super::threads::in_threads;
use super::{Place, Plan, Standing};
use crate::model::Model;
use crate::spec::Spec;

const NONE: u32 = u32::MAX;
/// Rows that a thread looks at before it takes the next ones.
const AT_ONCE: usize = 1 << 12;

/// Rows that look for their person among the standing records.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    pub spec: &'a Spec,
    pub plan: &'a Plan,
    pub standing: &'a Standing,
    /// Keys of the rows that ask, one after the other.
    pub rights: &'a [u32],
    /// How often values stand among the records, where that was counted before; else it is counted for the rows' own.
    pub counted: Option<&'a Arc<Frequencies>>,
    /// The records that are met, ascending, where not all of them are.
    pub among: Option<&'a [i64]>,
    pub threads: usize,
}

/// Whom they met.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Pairs that the keys decide.
    pub known: Vec<Pair>,
    /// Pairs that need a look at the record; their odds are the most they can reach.
    pub open: Vec<Pair>,
    pub frequencies: Arc<Frequencies>,
    /// Pairs that met in a block.
    pub compared: u64,
    /// Records in blocks too large after every split, of which rows met their nearest only.
    pub cut_records: u64,
}

/// A record and a row that may be one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub record: u32,
    pub row: u32,
    pub odds: f64,
    /// The level of each field, where it is known.
    pub levels: Box<[u8]>,
}

impl Query<'_> {
    /// Pairs that can reach the least odds, by row and then record; never those that `apart(record, row)` knows to
    /// be different.
    #[must_use]
    pub fn run(&self, model: &Model, least_odds: f64, apart: impl Fn(u32, u32) -> bool + Sync) -> Found {
        let rows = self.rights.len() / self.plan.width().max(1);
        if rows == 0 || self.standing.is_empty() {
            let frequencies = Frequencies::none(self.spec.fields.len());
            return Found { frequencies: Arc::new(frequencies), ..Found::default() };
        }
        let (passes, frequencies) = self.passes();
        let blocks = in_threads(self.threads, passes, |pass| pass.finish(self));
        let scale = Scale::new(self.plan, self.spec, model, &frequencies);
        let screen = Screen::new(&scale, self.spec, least_odds);
        let mut found = Found { cut_records: blocks.iter().map(|blocks| blocks.cut).sum(), ..Found::default() };
        let parts: Vec<usize> = (0..rows).step_by(AT_ONCE).collect();
        let by = (&scale, &screen, least_odds);
        let look = |from: usize| self.look(&blocks, by, from..(from + AT_ONCE).min(rows), &apart);
        for part in in_threads(self.threads, parts, look) {
            found.known.extend(part.known);
            found.open.extend(part.open);
            found.compared += part.compared;
        }
        found.frequencies = frequencies;
        found
    }

    /// For each pair the weight of each field in bits.
    pub fn weights<'p>(
        &self,
        model: &Model,
        frequencies: &Frequencies,
        pairs: impl Iterator<Item = &'p Pair>,
    ) -> Vec<Vec<f64>> {
        let scale = Scale::new(self.plan, self.spec, model, frequencies);
        let of = |pair: &Pair| {
            let mut weights = Vec::with_capacity(pair.levels.len());
            scale.weigh(&pair.levels, self.row(pair.row), |ratio| weights.push(ratio.log2()));
            weights
        };
        pairs.map(of).collect()
    }

    /// The keys of a row that asks.
    #[must_use]
    pub fn row(&self, row: u32) -> &[u32] {
        &self.rights[row as usize * self.plan.width()..][..self.plan.width()]
    }

    fn look(
        &self,
        blocks: &[Blocks],
        (scale, screen, least_odds): (&Scale<'_>, &Screen<'_>, f64),
        rows: std::ops::Range<usize>,
        apart: &impl Fn(u32, u32) -> bool,
    ) -> Found {
        let mut found = Found::default();
        let mut met: Vec<u32> = Vec::new();
        let mut levels = vec![0; self.spec.fields.len()];
        for row in rows {
            let row = row as u32;
            met.clear();
            blocks.iter().for_each(|blocks| met.extend_from_slice(blocks.of(row)));
            met.sort_unstable();
            met.dedup();
            found.compared += met.len() as u64;
            // touched together, so that waiting for memory overlaps
            std::hint::black_box(met.iter().fold(0, |all, record| all ^ self.standing.get(*record as usize)[0]));
            met.retain(|record| !apart(*record, row));
            if met.is_empty() {
                continue;
            }
            let asking = screen.ask(self.row(row));
            for record in met.iter().copied() {
                let (odds, pairs) = match screen.look(&asking, self.standing.get(record as usize), &mut levels) {
                    Chance::None => continue,
                    Chance::Known => (scale.weigh(&levels, asking.keys, |_| {}), &mut found.known),
                    Chance::AtMost(bits) => (f64::from(bits.exp2()), &mut found.open),
                };
                if odds >= least_odds {
                    pairs.push(Pair { record, row, odds, levels: levels.as_slice().into() });
                }
            }
        }
        found
    }

    /// The first round of every pass, and how often the rows' values stand among the records.
    fn passes(&self) -> (Vec<Pass>, Arc<Frequencies>) {
        let mut passes = in_threads(self.threads, self.spec.blocks.iter().collect(), |block| Pass::new(self, block));
        let fields = if self.counted.is_some() { 0 } else { self.spec.fields.len() };
        let watched = in_threads(self.threads, (0..fields).collect(), |field| {
            Watched::new(self.plan.whole[field], self.spec.fields[field].frequency, self.rights, self.plan.width())
        });
        let records = self.among.map_or(self.standing.len(), <[i64]>::len);
        let chunk = records.div_ceil(self.threads.max(1)).max(1);
        let scanned = in_threads(self.threads, (0..records).step_by(chunk).collect(), |from| {
            let to = (from + chunk).min(records);
            match self.among {
                Some(some) => {
                    let keys = |record: &i64| (*record as u32, self.standing.get(*record as usize));
                    scan((&passes, &watched), some[from..to].iter().map(keys))
                }
                None => {
                    let keys = self.standing.run(from..to).chunks_exact(self.plan.width());
                    scan((&passes, &watched), (from as u32..).zip(keys))
                }
            }
        });
        let mut counted = Vec::with_capacity(scanned.len());
        for scanned in scanned {
            passes.iter_mut().zip(scanned.lefts).for_each(|(pass, lefts)| pass.lefts.extend(lefts));
            counted.push(scanned.counted);
        }
        let frequencies = match self.counted {
            Some(counted) => Arc::clone(counted),
            None => Arc::new(Frequencies::of_watched(watched, counted)),
        };
        (passes, frequencies)
    }
}

/// The blocks of records, and how often they have the values that are watched.
fn scan<'k>((passes, watched): (&[Pass], &[Watched]), records: impl Iterator<Item = (u32, &'k [u32])>) -> Scanned {
    let mut found =
        Scanned { lefts: vec![Vec::new(); passes.len()], counted: watched.iter().map(Watched::none).collect() };
    for (record, keys) in records {
        for (pass, lefts) in passes.iter().zip(&mut found.lefts) {
            if let Some(block) = pass.table.find(key_of(&pass.on, keys)) {
                lefts.push((record, block));
            }
        }
        watched.iter().zip(&mut found.counted).for_each(|(watched, counted)| watched.count(keys, counted));
    }
    found
}

struct Scanned {
    lefts: Vec<Vec<(u32, u32)>>,
    counted: Vec<Counted>,
}

/// One blocking pass.
struct Pass {
    on: Vec<Place>,
    split: Vec<Place>,
    table: Table,
    /// Rows and records with their blocks.
    rights: Vec<(u32, u32)>,
    lefts: Vec<(u32, u32)>,
}

impl Pass {
    fn new(query: &Query<'_>, block: &crate::spec::Block) -> Self {
        let places = |parts: &mut dyn Iterator<Item = &crate::spec::Part>| -> Vec<Place> {
            parts.map(|part| query.plan.place(*part)).collect()
        };
        let on = places(&mut block.on.iter());
        let split = places(&mut query.spec.split.iter().filter(|part| !block.on.contains(part)));
        let mut table = Table::new(query.rights.len() / query.plan.width());
        let mut rights = Vec::new();
        for (row, keys) in (0..).zip(query.rights.chunks_exact(query.plan.width())) {
            let key = key_of(&on, keys);
            if key != 0 {
                rights.push((row, table.enter(key)));
            }
        }
        Self { on, split, table, rights, lefts: Vec::new() }
    }

    fn finish(self, query: &Query<'_>) -> Blocks {
        let rows = query.rights.len() / query.plan.width();
        let mut blocks = Blocks { of_right: vec![NONE; rows], starts: vec![0], left: Vec::new(), cut: 0 };
        let (lefts, rights) = blocks.place(query, self.lefts, self.rights, self.table.count);
        // Rows that lack what a block is split by are split by the rest.
        let lacks = |row: u32| {
            let has = |place: &Place| place.read(query.row(row)) != 0;
            self.split.iter().enumerate().filter(|(_, place)| has(place)).fold(0_u32, |all, (at, _)| all | 1 << at)
        };
        let mut of_pattern: std::collections::BTreeMap<u32, Vec<(u32, u32)>> = std::collections::BTreeMap::new();
        rights.into_iter().for_each(|(row, block)| of_pattern.entry(lacks(row)).or_default().push((row, block)));
        for (pattern, rights) in of_pattern {
            let split = self.split.iter().enumerate().filter(|(at, _)| pattern >> at & 1 == 1);
            let split: Vec<Place> = split.map(|(_, place)| *place).collect();
            blocks.refine(query, lefts.clone(), rights, &split);
        }
        blocks
    }
}

/// For every row the records it meets.
struct Blocks {
    of_right: Vec<u32>,
    starts: Vec<u32>,
    left: Vec<u32>,
    cut: u64,
}

impl Blocks {
    fn of(&self, row: u32) -> &[u32] {
        match self.of_right[row as usize] {
            NONE => &[],
            block => &self.left[self.starts[block as usize] as usize..self.starts[block as usize + 1] as usize],
        }
    }

    /// Takes the blocks that are small enough and gives back the rest.
    fn place(
        &mut self,
        query: &Query<'_>,
        lefts: Vec<(u32, u32)>,
        rights: Vec<(u32, u32)>,
        count: u32,
    ) -> (Vec<(u32, u32)>, Vec<(u32, u32)>) {
        let mut counts = vec![0_u32; count as usize];
        lefts.iter().for_each(|(_, block)| counts[*block as usize] += 1);
        let mut places = vec![NONE; count as usize];
        for (place, count) in places.iter_mut().zip(&counts) {
            if *count > 0 && *count as usize <= query.spec.largest_block {
                *place = self.starts.len() as u32 - 1;
                self.starts.push(self.starts.last().unwrap_or(&0) + count);
            }
        }
        self.left.resize(*self.starts.last().unwrap_or(&0) as usize, 0);
        let mut filled = vec![0_u32; count as usize];
        let mut large = (Vec::new(), Vec::new());
        for (record, block) in lefts {
            match places[block as usize] {
                NONE => large.0.push((record, block)),
                place => {
                    self.left[(self.starts[place as usize] + filled[block as usize]) as usize] = record;
                    filled[block as usize] += 1;
                }
            }
        }
        for (row, block) in rights {
            match places[block as usize] {
                NONE if counts[block as usize] > 0 => large.1.push((row, block)),
                NONE => {}
                place => self.of_right[row as usize] = place,
            }
        }
        large
    }

    /// Splits blocks that are too large by one part after the other.
    fn refine(&mut self, query: &Query<'_>, lefts: Vec<(u32, u32)>, rights: Vec<(u32, u32)>, split: &[Place]) {
        if lefts.is_empty() || rights.is_empty() {
            return;
        }
        let Some((part, rest)) = split.split_first() else { return self.nearest(query, lefts, rights) };
        let mut table = Table::new(rights.len());
        let key = |block: u32, keys: &[u32]| match part.read(keys) {
            0 => 0,
            key => mixed(u64::from(block) + 2, key),
        };
        let rights = rights.into_iter().map(|(row, block)| (row, table.enter(key(block, query.row(row))))).collect();
        let split = lefts
            .into_iter()
            .filter_map(|(record, block)| Some((record, table.find(key(block, query.standing.get(record as usize)))?)));
        let lefts = split.collect();
        let (lefts, rights) = self.place(query, lefts, rights, table.count);
        self.refine(query, lefts, rights, rest);
    }

    /// A block that nothing splits: records and rows are laid in the order of their keys, and each row meets those
    /// around it.
    fn nearest(&mut self, query: &Query<'_>, mut lefts: Vec<(u32, u32)>, mut rights: Vec<(u32, u32)>) {
        let record = |record: u32| query.standing.get(record as usize);
        lefts.sort_unstable_by(|a, b| (a.1, record(a.0), a.0).cmp(&(b.1, record(b.0), b.0)));
        rights.sort_unstable_by_key(|(row, block)| (*block, *row));
        self.cut += lefts.len() as u64;
        let most = query.spec.largest_block;
        for (row, block) in rights {
            let from = lefts.partition_point(|(_, of)| *of < block);
            let to = lefts.partition_point(|(_, of)| *of <= block);
            let around = &lefts[from..to];
            let keys = query.row(row);
            let at = around.partition_point(|(left, _)| record(*left) < keys);
            let start = at.saturating_sub(most / 2).min(around.len().saturating_sub(most));
            self.of_right[row as usize] = self.starts.len() as u32 - 1;
            self.left.extend(around[start..(start + most).min(around.len())].iter().map(|(left, _)| *left));
            self.starts.push(self.left.len() as u32);
        }
    }
}

/// The key of several parts, 0 when one is absent.
#[inline]
fn key_of(places: &[Place], keys: &[u32]) -> u64 {
    let mut all = 1;
    for place in places {
        let key = place.read(keys);
        if key == 0 {
            return 0;
        }
        all = mixed(all, key);
    }
    all
}
