//! Blocking: which rows meet at all.
//!
//! Each pass puts rows into blocks by its key. A block with too many left rows is split by further keys; what is
//! still too large after the last one is laid in order and cut into pieces, so that work stays bounded whatever the
//! data is. Nothing is dropped silently: [`Index::cut_rows`] counts.

use std::collections::BTreeMap;

use crate::data::{Data, Rows};
use crate::hash::fold;
use crate::keys::{Transform, codes};
use crate::spec::{Part, Spec};

const NONE: u32 = u32::MAX;

/// For every right row, the left rows it meets.
#[derive(Clone, Debug)]
pub struct Index {
    passes: Vec<Pass>,
    is_single: bool,
    /// Left rows that met only part of their block, over all passes.
    pub cut_rows: u64,
}

#[derive(Clone, Debug, Default)]
struct Pass {
    block_of_right: Vec<u32>,
    /// Where each block's rows start; one more than there are blocks.
    starts: Vec<u32>,
    left: Vec<u32>,
}

impl Index {
    /// Builds all passes.
    #[must_use]
    pub fn build(spec: &Spec, data: &Data) -> Self {
        let mut keys: BTreeMap<Part, Codes> = BTreeMap::new();
        for part in spec.blocks.iter().flat_map(|block| &block.on).chain(&spec.split) {
            keys.entry(*part).or_insert_with(|| Codes::of(data, *part));
        }
        let mut scratch = Scratch::default();
        let mut cut_rows = 0;
        let mut passes = Vec::with_capacity(spec.blocks.len());
        for block in &spec.blocks {
            let split: Vec<Part> = spec.split.iter().filter(|part| !block.on.contains(part)).copied().collect();
            let mut builder = Builder {
                data,
                keys: &keys,
                largest: spec.largest_block,
                pass: Pass { block_of_right: vec![NONE; data.right().len()], starts: vec![0], left: Vec::new() },
                cut_rows: 0,
                scratch: &mut scratch,
            };
            builder.build(&block.on, &split);
            cut_rows += builder.cut_rows;
            passes.push(builder.pass);
        }
        Self { passes, is_single: data.is_single(), cut_rows }
    }

    /// The left rows a right row meets, each once, ascending. In a file linked with itself, only earlier rows.
    pub fn candidates(&self, right: u32, out: &mut Vec<u32>) {
        out.clear();
        for pass in &self.passes {
            let block = pass.block_of_right[right as usize];
            if block != NONE {
                let (from, to) = (pass.starts[block as usize], pass.starts[block as usize + 1]);
                out.extend_from_slice(&pass.left[from as usize..to as usize]);
            }
        }
        if self.is_single {
            out.retain(|left| *left < right);
        }
        out.sort_unstable();
        out.dedup();
    }
}

struct Builder<'a> {
    data: &'a Data,
    keys: &'a BTreeMap<Part, Codes>,
    largest: usize,
    pass: Pass,
    cut_rows: u64,
    scratch: &'a mut Scratch,
}

/// Memory that one pass leaves to the next.
#[derive(Default)]
struct Scratch {
    blocks: Blocks,
    /// Rows and their blocks.
    of_right: Vec<(u32, u32)>,
    of_left: Vec<(u32, u32)>,
    /// By block: its left rows, its place among those small enough, how much of it is filled.
    counts: Vec<u32>,
    places: Vec<u32>,
    filled: Vec<u32>,
}

/// The code of each value of a field; 0 for one that leads to no block.
enum Codes {
    /// Its number, of those below this one.
    Number(u32),
    Table(Vec<u32>),
}

impl Codes {
    /// Codes that no right row has are left out.
    fn of(data: &Data, part: Part) -> Self {
        let right = data.right().values.chunks_exact(data.right().fields.max(1)).map(|row| row[part.field]);
        if part.transform == Transform::Whole {
            return Self::Number(right.max().map_or(0, |most| most + 1));
        }
        let mut codes = codes(data.values(part.field), part.transform);
        if !data.is_single() {
            let most = codes.iter().max().map_or(0, |code| *code as usize);
            let mut present = vec![false; most + 1];
            right.for_each(|value| present[codes[value as usize] as usize] = true);
            codes.iter_mut().for_each(|code| *code = if present[*code as usize] { *code } else { 0 });
        }
        Self::Table(codes)
    }

    #[inline]
    fn code(&self, value: u32) -> u32 {
        match self {
            Self::Number(below) => number(value, *below),
            Self::Table(codes) => codes[value as usize],
        }
    }
}

#[inline]
fn number(value: u32, below: u32) -> u32 {
    if value < below { value } else { 0 }
}

/// One part of a key: its field and the codes of its values.
type Key<'a> = Vec<(usize, &'a Codes)>;

impl<'a> Builder<'a> {
    fn build(&mut self, on: &[Part], split: &[Part]) {
        let (left, right) = self.round(&self.key(on.iter()), None, None, split.is_empty());
        // right rows that lack what a block is split by are split by the rest
        let mut of_pattern: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for row in right {
            let values = self.data.right().row(row);
            let has = |part: &Part| self.keys[part].code(values[part.field]) != 0;
            let pattern = (0..).zip(split).filter(|(_, part)| has(part)).fold(0, |all, (at, _)| all | 1 << at);
            of_pattern.entry(pattern).or_default().push(row);
        }
        for (pattern, right) in of_pattern {
            let split: Vec<Part> =
                (0..).zip(split).filter(|(at, _)| pattern >> at & 1 == 1).map(|(_, part)| *part).collect();
            self.split(on, &split, left.clone(), right);
        }
    }

    fn split(&mut self, on: &[Part], split: &[Part], mut left: Vec<u32>, mut right: Vec<u32>) {
        for round in 1.min(split.len())..=split.len() {
            if left.is_empty() || right.is_empty() {
                return;
            }
            let key = self.key(on.iter().chain(&split[..round]));
            (left, right) = self.round(&key, Some(&left), Some(&right), round == split.len());
        }
    }

    fn key<'p>(&self, parts: impl Iterator<Item = &'p Part>) -> Key<'a> {
        let keys = self.keys;
        parts.map(|part| (part.field, &keys[part])).collect()
    }

    /// Makes blocks of the rows given (all when none are given) and gives back the rows of those too large.
    fn round(&mut self, key: &Key, left: Option<&[u32]>, right: Option<&[u32]>, is_last: bool) -> (Vec<u32>, Vec<u32>) {
        let rights = right.map_or(self.data.right().len(), <[u32]>::len);
        let Scratch { blocks, of_right, of_left, counts, places, filled } = &mut *self.scratch;
        blocks.reset(rights);
        of_right.clear();
        of_left.clear();
        each_batch(self.data.right(), right, key, |rows, keys| {
            blocks.touch(keys.iter().copied());
            for (row, key) in rows.iter().zip(keys).filter(|(_, key)| **key != 0) {
                of_right.push((*row, blocks.enter(*key)));
            }
        });
        counts.clear();
        counts.resize(blocks.count as usize, 0);
        let mut passed = [(0, 0); BATCH];
        each_batch(&self.data.left, left, key, |rows, keys| {
            let mut count = 0;
            for (row, key) in rows.iter().zip(keys) {
                passed[count] = (*row, *key);
                count += usize::from(*key != 0 && blocks.may_have(*key));
            }
            blocks.touch(passed[..count].iter().map(|(_, key)| *key));
            for (row, key) in &passed[..count] {
                if let Some(block) = blocks.find(*key) {
                    counts[block as usize] += 1;
                    of_left.push((*row, block));
                }
            }
        });
        // places of the blocks that are small enough
        places.clear();
        for count in counts.iter() {
            if *count == 0 || *count as usize > self.largest {
                places.push(NONE);
                continue;
            }
            places.push(self.pass.starts.len() as u32 - 1);
            self.pass.starts.push(self.pass.starts.last().unwrap_or(&0) + count);
        }
        self.pass.left.resize(*self.pass.starts.last().unwrap_or(&0) as usize, 0);
        filled.clear();
        filled.resize(counts.len(), 0);
        let mut large: Vec<(u32, u32)> = Vec::new();
        for (row, block) in of_left.iter().copied() {
            let place = places[block as usize];
            if place == NONE {
                large.push((row, block));
            } else {
                self.pass.left[(self.pass.starts[place as usize] + filled[block as usize]) as usize] = row;
                filled[block as usize] += 1;
            }
        }
        let mut large_right = Vec::new();
        for (row, block) in of_right.iter().copied() {
            let place = places[block as usize];
            if place != NONE {
                self.pass.block_of_right[row as usize] = place;
            } else if counts[block as usize] > 0 {
                large_right.push((row, block));
            }
        }
        if is_last {
            self.cut(large, large_right);
            return (Vec::new(), Vec::new());
        }
        (large.iter().map(|(row, _)| *row).collect(), large_right.iter().map(|(row, _)| *row).collect())
    }

    /// Lays the rows of each block in the order of their values and cuts both sides into as many pieces.
    fn cut(&mut self, mut left: Vec<(u32, u32)>, mut right: Vec<(u32, u32)>) {
        let data = self.data;
        left.sort_unstable_by_key(|(row, block)| (*block, data.left.row(*row), *row));
        right.sort_unstable_by_key(|(row, block)| (*block, data.right().row(*row), *row));
        self.cut_rows += left.len() as u64;
        let mut rights = right.chunk_by(|a, b| a.1 == b.1);
        for lefts in left.chunk_by(|a, b| a.1 == b.1) {
            let Some(rights) = rights.find(|rights| rights[0].1 == lefts[0].1) else { return };
            let pieces = lefts.len().div_ceil(self.largest);
            for piece in 0..pieces {
                let place = self.pass.starts.len() as u32 - 1;
                let of = |length: usize| piece * length / pieces..(piece + 1) * length / pieces;
                self.pass.left.extend(lefts[of(lefts.len())].iter().map(|(row, _)| *row));
                self.pass.starts.push(self.pass.left.len() as u32);
                for (row, _) in &rights[of(rights.len())] {
                    self.pass.block_of_right[*row as usize] = place;
                }
            }
        }
    }
}

/// Rows whose keys are made together.
const BATCH: usize = 512;

/// Calls `take` with rows (all, when none are given) and their keys, 0 where a part is absent.
fn each_batch(of: &Rows, only: Option<&[u32]>, key: &Key, mut take: impl FnMut(&[u32], &[u64])) {
    let count = only.map_or(of.len(), <[u32]>::len);
    let (mut rows, mut keys) = ([0_u32; BATCH], [0_u64; BATCH]);
    for start in (0..count).step_by(BATCH) {
        let length = BATCH.min(count - start);
        match only {
            Some(only) => rows[..length].copy_from_slice(&only[start..start + length]),
            None => rows[..length].iter_mut().zip(start as u32..).for_each(|(row, n)| *row = n),
        }
        let (rows, keys) = (&rows[..length], &mut keys[..length]);
        keys.fill(1);
        for (field, codes) in key {
            let rows_of = (of, only.is_none().then_some(start), rows);
            match codes {
                Codes::Number(below) => add(keys, rows_of, *field, |value| number(value, *below)),
                Codes::Table(table) => add(keys, rows_of, *field, |value| table[value as usize]),
            }
        }
        keys.iter_mut().for_each(|key| *key = if *key == 0 { 0 } else { fold(*key) | 1 });
        take(rows, keys);
    }
}

/// Adds a part to the keys of some rows, which lie one behind the other where a start is given.
#[inline]
fn add(keys: &mut [u64], (of, start, rows): (&Rows, Option<usize>, &[u32]), field: usize, code: impl Fn(u32) -> u32) {
    let add = |key: &mut u64, row: &[u32]| {
        let code = u64::from(code(row[field]));
        let next = key.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) ^ code;
        *key = if code == 0 || *key == 0 { 0 } else { next };
    };
    match start {
        Some(start) => {
            let values = of.values[start * of.fields..].chunks_exact(of.fields);
            keys.iter_mut().zip(values).for_each(|(key, row)| add(key, row));
        }
        None => keys.iter_mut().zip(rows).for_each(|(key, row)| add(key, of.row(*row))),
    }
}

/// Blocks by key: a table of right keys with a coarse filter in front that stays in the cache.
///
/// Keys are told apart by 32 bits beyond their place; two keys taken for one make a pair more, never one less.
#[derive(Default)]
struct Blocks {
    filter: Vec<u64>,
    /// Upper half of the key, then the block's number from 1.
    slots: Vec<u64>,
    count: u32,
}

impl Blocks {
    /// Empty, for so many rows, in the memory of the pass before.
    fn reset(&mut self, rows: usize) {
        let bits = (rows * 8).next_power_of_two().max(64);
        self.filter.clear();
        self.filter.resize(bits / 64, 0);
        self.slots.clear();
        self.slots.resize((rows * 3 / 2).next_power_of_two().max(2), 0);
        self.count = 0;
    }

    fn enter(&mut self, key: u64) -> u32 {
        let bit = (key >> 28) as usize & (self.filter.len() * 64 - 1);
        self.filter[bit / 64] |= 1 << (bit % 64);
        let at = self.place(key);
        if self.slots[at] == 0 {
            self.count += 1;
            self.slots[at] = key >> 32 << 32 | u64::from(self.count);
        }
        self.slots[at] as u32 - 1
    }

    /// Touches the slots of many keys together, so that waiting for memory overlaps.
    fn touch(&self, keys: impl Iterator<Item = u64>) {
        let mask = self.slots.len() - 1;
        std::hint::black_box(keys.fold(0, |all, key| all ^ self.slots[(key >> 1) as usize & mask]));
    }

    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let bit = (key >> 28) as usize & (self.filter.len() * 64 - 1);
        self.filter[bit / 64] >> (bit % 64) & 1 == 1
    }

    #[inline]
    fn find(&self, key: u64) -> Option<u32> {
        (self.slots[self.place(key)] as u32).checked_sub(1)
    }

    /// The slot of a key, or the empty one where it belongs.
    #[inline]
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key >> 1) as usize & mask;
        while self.slots[at] != 0 && self.slots[at] >> 32 != key >> 32 {
            at = (at + 1) & mask;
        }
        at
    }
}
