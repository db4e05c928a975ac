//! Keys of rows that ask, numbered, and found again among the keys of millions of records.

use crate::hash::fold;

/// A key that a further part is mixed into. Never 0.
#[inline]
pub(super) fn mixed(before: u64, key: u64) -> u64 {
    fold(before.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) ^ key) | 1
}

/// Numbers keys from 0, with a coarse filter in front that stays in the cache.
///
/// Keys are told apart by 32 bits beyond their place; two keys taken for one make a pair more, never one less.
pub(super) struct Table {
    filter: Vec<u64>,
    slots: Vec<u64>,
    pub count: u32,
}

impl Table {
    pub fn new(rows: usize) -> Self {
        let bits = (rows * 8).next_power_of_two().max(64);
        Self { filter: vec![0; bits / 64], slots: vec![0; (rows * 3 / 2).next_power_of_two().max(2)], count: 0 }
    }

    pub fn enter(&mut self, key: u64) -> u32 {
        let bit = (key >> 28) as usize & (self.filter.len() * 64 - 1);
        self.filter[bit / 64] |= 1 << (bit % 64);
        let at = self.slot(key);
        if self.slots[at] == 0 {
            self.count += 1;
            self.slots[at] = key >> 32 << 32 | u64::from(self.count);
        }
        self.slots[at] as u32 - 1
    }

    #[inline]
    pub fn find(&self, key: u64) -> Option<u32> {
        let bit = (key >> 28) as usize & (self.filter.len() * 64 - 1);
        if key == 0 || self.filter[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        (self.slots[self.slot(key)] as u32).checked_sub(1)
    }

    #[inline]
    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key >> 1) as usize & mask;
        while self.slots[at] != 0 && self.slots[at] >> 32 != key >> 32 {
            at = (at + 1) & mask;
        }
        at
    }
}
