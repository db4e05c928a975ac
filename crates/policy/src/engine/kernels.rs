//! Loops over a block of rows, written so that the compiler turns them into vector instructions.
//!
//! Bits travel as words of 64 rows. A condition is a pair of words: true, and known; true lies within known.

use super::compare::{Plain, word};

/// Words and rows of a block: the more rows, the fewer steps; its lanes should still stay in the second cache.
pub const WORDS: usize = 128;
pub const ROWS: usize = WORDS * 64;
/// A block of set bits and of clear ones.
pub const ONES: [u64; WORDS] = [!0; WORDS];
pub const ZEROS: [u64; WORDS] = [0; WORDS];

/// The lanes of an operand: one per row, or one for all.
#[derive(Clone, Copy, Debug)]
pub enum Lanes<'a, T> {
    Each(&'a [T]),
    Same(T),
}

impl<T: Copy> Lanes<'_, T> {
    #[inline]
    pub fn get(&self, row: usize) -> T {
        match self {
            Self::Each(lanes) => lanes[row],
            Self::Same(value) => *value,
        }
    }
}

/// The rows for which `test` holds.
#[inline(always)]
pub fn select<T: Copy>(lanes: &[T], out: &mut [u64], test: impl Fn(T) -> bool) {
    let (whole, rest) = lanes.as_chunks::<64>();
    for (chunk, out) in whole.iter().zip(out.iter_mut()) {
        *out = word(Plain, |at| test(chunk[at]));
    }
    if let Some(word) = out.get_mut(whole.len())
        && !rest.is_empty()
    {
        *word = rest.iter().enumerate().fold(0, |word, (at, lane)| word | u64::from(test(*lane)) << at);
    }
}

/// A value of each row.
#[inline(always)]
pub fn map<T: Copy, U>(a: Lanes<'_, T>, out: &mut [U], each: impl Fn(T) -> U)
where
    U: Copy,
{
    match a {
        Lanes::Each(a) => out.iter_mut().zip(a).for_each(|(out, a)| *out = each(*a)),
        Lanes::Same(a) => out.fill(each(a)),
    }
}

/// A value of each row from two operands.
#[inline(always)]
pub fn map2<T: Copy, U: Copy>(a: Lanes<'_, T>, b: Lanes<'_, T>, out: &mut [U], each: impl Fn(T, T) -> U) {
    match (a, b) {
        (Lanes::Each(a), Lanes::Each(b)) => {
            out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = each(*a, *b));
        }
        (Lanes::Each(_), Lanes::Same(b)) => map(a, out, |a| each(a, b)),
        (Lanes::Same(a), _) => map(b, out, |b| each(a, b)),
    }
}

/// Lanes that can be chosen by a mask of all ones or none.
pub trait Lane: Copy {
    fn choose(self, other: Self, mask: u64) -> Self;
}

impl Lane for i64 {
    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "bits are carried, not numbers")]
    fn choose(self, other: Self, mask: u64) -> Self {
        let mask = mask as Self;
        (self & !mask) | (other & mask)
    }
}

impl Lane for f64 {
    #[inline]
    fn choose(self, other: Self, mask: u64) -> Self {
        Self::from_bits((self.to_bits() & !mask) | (other.to_bits() & mask))
    }
}

impl Lane for u32 {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the mask is all ones or none")]
    fn choose(self, other: Self, mask: u64) -> Self {
        let mask = mask as Self;
        (self & !mask) | (other & mask)
    }
}

/// Four lanes' masks for each four bits.
const MASKS: [[u64; 4]; 16] = {
    let mut masks = [[0; 4]; 16];
    let mut bits = 0;
    while bits < 16 {
        let mut lane = 0;
        while lane < 4 {
            masks[bits][lane] = if bits >> lane & 1 == 1 { !0 } else { 0 };
            lane += 1;
        }
        bits += 1;
    }
    masks
};

/// Whether so few rows are set that going from one to the next is faster than masking all.
#[inline(always)]
pub fn are_few(words: &[u64], rows: usize) -> bool {
    rows < 64 || words.iter().map(|word| word.count_ones()).sum::<u32>() as usize * 4 < rows
}

/// Whether the first `rows` are all set.
#[inline(always)]
pub fn are_set(words: &[u64], rows: usize) -> bool {
    let (whole, rest) = words.split_at(rows / 64);
    whole.iter().fold(!0, |all, word| all & word) == !0
        && rest.first().is_none_or(|word| word.trailing_ones() as usize >= rows % 64)
}

/// Replaces the rows that are set.
#[inline(always)]
pub fn blend<T: Lane>(out: &mut [T], words: &[u64], from: Lanes<'_, T>) {
    if are_few(words, out.len()) {
        return each_one(words, out.len(), |row| out[row] = from.get(row));
    }
    let tail = out.len() / 64 * 64;
    for ((at, out), word) in out.as_chunks_mut::<64>().0.iter_mut().enumerate().zip(words) {
        match from {
            Lanes::Each(lanes) => {
                let lanes = &lanes[at * 64..at * 64 + 64];
                blend64(out, *word, |lane| lanes[lane]);
            }
            Lanes::Same(value) => blend64(out, *word, |_| value),
        }
    }
    let rows = out.len() - tail;
    if rows > 0 {
        each_one(&words[tail / 64..], rows, |row| out[tail + row] = from.get(tail + row));
    }
}

#[inline]
fn blend64<T: Lane>(out: &mut [T; 64], word: u64, from: impl Fn(usize) -> T) {
    for (at, four) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let masks = &MASKS[(word >> (4 * at) & 15) as usize];
        for (lane, (out, mask)) in four.iter_mut().zip(masks).enumerate() {
            *out = out.choose(from(4 * at + lane), *mask);
        }
    }
}

/// Adds to the rows that are set.
#[inline(always)]
pub fn add_where(out: &mut [f64], words: &[u64], from: Lanes<'_, f64>) {
    if are_few(&words[..out.len().div_ceil(64)], out.len()) || !out.len().is_multiple_of(64) {
        return match from {
            Lanes::Each(from) => each_one(words, out.len(), |row| out[row] += from[row]),
            Lanes::Same(value) => each_one(words, out.len(), |row| out[row] += value),
        };
    }
    for ((at, out), word) in out.as_chunks_mut::<64>().0.iter_mut().enumerate().zip(words) {
        match from {
            Lanes::Same(value) => add_masked(out, *word, |_| value),
            Lanes::Each(from) => {
                let from = &from[at * 64..at * 64 + 64];
                add_masked(out, *word, |lane| from[lane]);
            }
        }
    }
}

#[inline(always)]
fn add_masked(out: &mut [f64; 64], word: u64, from: impl Fn(usize) -> f64) {
    for (at, four) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let masks = &MASKS[(word >> (4 * at) & 15) as usize];
        for (lane, (out, mask)) in four.iter_mut().zip(masks).enumerate() {
            *out += f64::from_bits(from(4 * at + lane).to_bits() & mask);
        }
    }
}

/// Words whose set rows are listed before anything is done with them.
const LISTED: usize = 8;

/// Runs over the rows that are set, below `rows`.
///
/// Rows are listed first, some at a time whether they are set or not, as guessing wrong when a word ends costs more.
#[inline(always)]
pub fn each_one(words: &[u64], rows: usize, mut act: impl FnMut(usize)) {
    let mut list = [0_u32; LISTED * 64 + 16];
    for (tile, words) in words[..rows.div_ceil(64)].chunks(LISTED).enumerate() {
        let first = tile * LISTED * 64;
        let mut listed = 0;
        for (at, word) in words.iter().enumerate() {
            let mut rest = *word;
            if rows - first - at * 64 < 64 {
                rest &= (1 << (rows - first - at * 64)) - 1;
            }
            let (count, at) = (rest.count_ones() as usize, (at * 64) as u32);
            let mut next = listed;
            listed += count;
            while next < listed {
                for place in &mut list[next..next + 8] {
                    *place = at + rest.trailing_zeros();
                    rest &= rest.wrapping_sub(1);
                }
                next += 8;
            }
        }
        list[..listed].iter().for_each(|row| act(first + *row as usize));
    }
}

/// Sums, differences or products; a row beyond 64 bits is no longer known.
pub fn whole_arith(op: crate::expr::Arith, a: Lanes<'_, i64>, b: Lanes<'_, i64>, out: &mut [i64], known: &mut [u64]) {
    use crate::expr::Arith;
    let mut beyond = 0;
    match op {
        Arith::Add => {
            map2(a, b, out, i64::wrapping_add);
            beyond |= any2(a, b, out, |a, b, sum| (a ^ sum) & (b ^ sum));
        }
        Arith::Subtract => {
            map2(a, b, out, i64::wrapping_sub);
            beyond |= any2(a, b, out, |a, b, difference| (a ^ b) & (a ^ difference));
        }
        Arith::Multiply | Arith::Divide => {
            map2(a, b, out, i64::wrapping_mul);
            beyond |= if magnitude(a) + magnitude(b) < 64 { 0 } else { -1 };
        }
    }
    if beyond < 0 {
        for (row, out) in out.iter_mut().enumerate() {
            *out = super::whole::arith(op, a.get(row), b.get(row)).unwrap_or_else(|| {
                known[row / 64] &= !(1 << (row % 64));
                0
            });
        }
    }
}

/// Negative when it is for any row.
#[inline]
fn any2(a: Lanes<'_, i64>, b: Lanes<'_, i64>, out: &[i64], test: impl Fn(i64, i64, i64) -> i64) -> i64 {
    let fold = |any: i64, each: i64| any | each;
    match (a, b) {
        (Lanes::Each(a), Lanes::Each(b)) => {
            a.iter().zip(b).zip(out).map(|((a, b), out)| test(*a, *b, *out)).fold(0, fold)
        }
        (Lanes::Each(a), Lanes::Same(b)) => a.iter().zip(out).map(|(a, out)| test(*a, b, *out)).fold(0, fold),
        (Lanes::Same(a), Lanes::Each(b)) => b.iter().zip(out).map(|(b, out)| test(a, *b, *out)).fold(0, fold),
        (Lanes::Same(a), Lanes::Same(b)) => test(a, b, out.first().copied().unwrap_or(0)),
    }
}

/// Bits that the largest of the values needs, sign apart.
#[inline(always)]
pub fn magnitude(a: Lanes<'_, i64>) -> u32 {
    let all = match a {
        Lanes::Each(a) => a.iter().fold(0, |all, a| all | (a ^ (a >> 63))),
        Lanes::Same(a) => a ^ (a >> 63),
    };
    64 - all.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_rows_in_order() {
        for rows in [1, 63, 64, 65, 200] {
            let lanes: Vec<i64> = (0..rows).map(|i| i * 7919 % 101).collect();
            let mut words = [0; WORDS];
            select(&lanes, &mut words, |lane| lane > 50);
            for (row, lane) in lanes.iter().enumerate() {
                assert_eq!(words[row / 64] >> (row % 64) & 1 == 1, *lane > 50, "{rows} {row}");
            }
        }
    }

    #[test]
    fn blending_touches_only_chosen_rows() {
        for (rows, step) in [(64, 1), (130, 3), (130, 40), (64, 65), (7, 2)] {
            let mut words = [0; WORDS];
            (0..rows).step_by(step).for_each(|row| words[row / 64] |= 1 << (row % 64));
            let from: Vec<f64> = (0..rows).map(|row| f64::from(u32::try_from(row).expect("small"))).collect();
            let mut out = vec![-1.0; rows];
            blend(&mut out, &words, Lanes::Each(&from));
            for (row, out) in out.iter().enumerate() {
                assert_eq!(*out >= 0.0, row % step == 0, "{rows} {step} {row}");
            }
        }
    }

    #[test]
    fn sums_beyond_the_range_are_not_known() {
        use crate::expr::Arith;
        let (mut out, mut known) = ([0; 3], [!0]);
        whole_arith(Arith::Add, Lanes::Each(&[1, i64::MAX, 5]), Lanes::Same(1), &mut out, &mut known);
        assert_eq!((out[0], out[2], known[0] & 7), (2, 6, 0b101));
        let mut known = [!0];
        let far = Lanes::Each(&[1 << 40, 3, -(1 << 40)][..]);
        whole_arith(Arith::Multiply, far, Lanes::Same(1 << 22), &mut out, &mut known);
        assert_eq!((out, known[0] & 7), ([1 << 62, 3 << 22, -(1 << 62)], 7));
        whole_arith(Arith::Multiply, far, Lanes::Same(1 << 23), &mut out, &mut known);
        assert_eq!(known[0] & 7, 0b110);
    }
}
