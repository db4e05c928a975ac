//! Hashes that depend on nothing but what is hashed, the same on every machine and in every run.

use std::hash::Hasher;

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of a text that depends on nothing but the text.
#[must_use]
#[inline]
pub fn hash(text: &[u8]) -> u64 {
    let mut h = (text.len() as u64).wrapping_mul(FACTOR);
    if let Some(last) = text.last_chunk::<8>() {
        let mut rest = text;
        while let Some((head, tail)) = rest.split_first_chunk::<8>() {
            h = fold(h ^ u64::from_le_bytes(*head));
            rest = tail;
        }
        if !rest.is_empty() {
            h = fold(h ^ u64::from_le_bytes(*last));
        }
        h
    } else {
        fold(h ^ short(text))
    }
}

/// Up to seven bytes as one number; texts of one length differ in it.
#[inline]
fn short(text: &[u8]) -> u64 {
    if let (Some(head), Some(tail)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*head)) << 32 | u64::from(u32::from_le_bytes(*tail));
    }
    match text {
        [] => 0,
        [a] => u64::from(*a),
        [a, .., z] => u64::from(*a) << 16 | u64::from(text[text.len() / 2]) << 8 | u64::from(*z),
    }
}

/// Mixes the bits of a number.
#[must_use]
#[inline]
pub const fn fold(x: u64) -> u64 {
    let wide = (x ^ 0x2545_F491_4F6C_DD1D) as u128 * FACTOR as u128;
    (wide >> 64) as u64 ^ wide as u64
}

/// A hasher that is the same in every run; for numbers that are hashes already it costs one fold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Folding(u64);

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = fold(self.0 ^ hash(bytes));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = fold(self.0 ^ number);
    }
}
