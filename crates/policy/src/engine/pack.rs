//! Putting the chosen rows of a block one after the other.

use super::kernels::{Lanes, are_few, each_one};

/// Lanes beyond a block that packing may write and nothing reads.
pub const SPARE: usize = 64;

/// Writes the rows that are set one after the other and says how many they are. `out` has `SPARE` lanes beyond them.
pub fn pack<T: pulp::bytemuck::Pod + Default>(out: &mut [T], words: &[u64], from: Lanes<'_, T>, rows: usize) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = pulp::x86::V3::try_new() {
        return wide.vectorize(wide::Packing { wide, out, words, from, rows });
    }
    pack_by(out, words, from, rows, one_by_one)
}

/// As [`pack`], of narrower lanes.
#[inline(always)]
pub fn pack_as<T: Copy, U: pulp::bytemuck::Pod + Default>(
    out: &mut [U],
    words: &[u64],
    from: &[T],
    wider: impl Fn(T) -> U,
) -> usize {
    let mut filled = 0;
    if are_few(words, from.len()) {
        each_one(words, from.len(), |row| {
            out[filled] = wider(from[row]);
            filled += 1;
        });
        return filled;
    }
    for (word, from) in words.iter().zip(from.chunks(64)) {
        let mut wide = [U::default(); 64];
        wide.iter_mut().zip(from).for_each(|(wide, lane)| *wide = wider(*lane));
        filled += pack(&mut out[filled..], &[*word], Lanes::Each(&wide[..from.len()]), from.len());
    }
    filled
}

/// As [`pack`], of bits; says nothing, as the count is known.
#[inline(always)]
pub fn pack_bits(out: &mut [u64], words: &[u64], from: &[u64], rows: usize) {
    let (mut open, mut filled, mut at) = (0_u64, 0, 0);
    for ((word, from), rows) in words.iter().zip(from).zip((0..=rows).rev().step_by(64)) {
        let word = if rows < 64 { word & ((1 << rows) - 1) } else { *word };
        let count = word.count_ones();
        let bits = if from & word == word { low_ones(count) } else { compress(*from, word) };
        open |= bits << filled;
        if filled + count >= 64 {
            out[at] = open;
            at += 1;
            open = if filled == 0 { 0 } else { bits >> (64 - filled) };
        }
        filled = (filled + count) % 64;
    }
    if let Some(last) = out.get_mut(at) {
        *last = open;
    }
}

#[inline(always)]
const fn low_ones(count: u32) -> u64 {
    if count == 0 { 0 } else { !0 >> (64 - count) }
}

/// The bits of `from` at the places that `mask` sets, moved to the low end (Hacker's Delight, 7-4).
#[inline(always)]
const fn compress(from: u64, mut mask: u64) -> u64 {
    let (mut bits, mut below) = (from & mask, !mask << 1);
    let mut step = 0;
    while step < 6 {
        let mut parity = below ^ (below << 1);
        parity ^= parity << 2;
        parity ^= parity << 4;
        parity ^= parity << 8;
        parity ^= parity << 16;
        parity ^= parity << 32;
        let moved = parity & mask;
        mask = (mask ^ moved) | (moved >> (1 << step));
        let moving = bits & moved;
        bits = (bits ^ moving) | (moving >> (1 << step));
        below &= !parity;
        step += 1;
    }
    bits
}

/// How many of the first `rows` are set.
pub fn count(words: &[u64], rows: usize) -> usize {
    let (whole, rest) = words.split_at(rows / 64);
    let tail = rest.first().map_or(0, |word| (word & ((1 << (rows % 64)) - 1)).count_ones());
    whole.iter().map(|word| word.count_ones() as usize).sum::<usize>() + tail as usize
}

#[inline(always)]
fn pack_by<T: Copy>(
    out: &mut [T],
    words: &[u64],
    from: Lanes<'_, T>,
    rows: usize,
    dense: impl Fn(&mut [T], u64, &[T; 64]),
) -> usize {
    let from = match from {
        Lanes::Each(from) => from,
        Lanes::Same(value) => {
            let filled = count(words, rows);
            out[..filled].fill(value);
            return filled;
        }
    };
    let mut filled = 0;
    let (whole, rest) = from[..rows].as_chunks::<64>();
    let mut tail = 0;
    if !are_few(words, rows) {
        for (from, word) in whole.iter().zip(words) {
            if *word == !0 {
                out[filled..filled + 64].copy_from_slice(from);
            } else {
                dense(&mut out[filled..filled + 64 + 4], *word, from);
            }
            filled += word.count_ones() as usize;
        }
        tail = rows - rest.len();
    }
    let from = &from[tail..rows];
    each_one(&words[tail / 64..], from.len(), |row| {
        out[filled] = from[row];
        filled += 1;
    });
    filled
}

/// Every row is written, and written over by the next when it is not chosen.
#[inline(always)]
fn one_by_one<T: Copy>(out: &mut [T], word: u64, from: &[T; 64]) {
    let mut filled = 0;
    for (lane, value) in from.iter().enumerate() {
        out[filled] = *value;
        filled += (word >> lane & 1) as usize;
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use core::arch::x86_64::__m256i;

    use pulp::x86::V3;

    use super::{Lanes, one_by_one, pack_by};

    /// Lanes to be packed with wide vectors.
    pub struct Packing<'a, T> {
        pub wide: V3,
        pub out: &'a mut [T],
        pub words: &'a [u64],
        pub from: Lanes<'a, T>,
        pub rows: usize,
    }

    impl<T: pulp::bytemuck::Pod + Default> pulp::NullaryFnOnce for Packing<'_, T> {
        type Output = usize;

        #[inline(always)]
        fn call(self) -> usize {
            let Self { wide, out, words, from, rows } = self;
            if size_of::<T>() == 8 {
                pack_by(out, words, from, rows, |out, word, from| fours(wide, out, word, from))
            } else {
                pack_by(out, words, from, rows, one_by_one)
            }
        }
    }

    /// Which halves of four eight-byte lanes come first, for each choice of them.
    const ORDERS: [[u32; 8]; 16] = {
        let mut orders = [[0; 8]; 16];
        let mut chosen = 0;
        while chosen < 16 {
            let (mut lane, mut filled) = (0, 0);
            while lane < 4 {
                if chosen >> lane & 1 == 1 {
                    orders[chosen][filled] = 2 * lane;
                    orders[chosen][filled + 1] = 2 * lane + 1;
                    filled += 2;
                }
                lane += 1;
            }
            chosen += 1;
        }
        orders
    };

    /// Four lanes at a time: the chosen first, then whatever; the next four are written over that.
    #[inline(always)]
    fn fours<T: pulp::bytemuck::Pod>(wide: V3, out: &mut [T], word: u64, from: &[T; 64]) {
        let mut filled = 0;
        for (at, four) in from.as_chunks::<4>().0.iter().enumerate() {
            let chosen = (word >> (4 * at)) as usize & 15;
            let order: __m256i = pulp::cast(ORDERS[chosen]);
            let first: [T; 4] = pulp::cast(wide.avx2._mm256_permutevar8x32_epi32(pulp::cast(*four), order));
            if let Some(place) = out.get_mut(filled..filled + 4) {
                place.copy_from_slice(&first);
            }
            filled += chosen.count_ones() as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_rows_keep_their_order() {
        let lanes: Vec<f64> = (0..200).map(f64::from).collect();
        for step in [1, 2, 3, 5, 30] {
            for rows in [7, 64, 130, 200] {
                let mut words = [0; 4];
                (0..rows).filter(|row| row % step != 1).for_each(|row| words[row / 64] |= 1 << (row % 64));
                let wanted: Vec<f64> =
                    lanes[..rows].iter().enumerate().filter(|(row, _)| row % step != 1).map(|(_, x)| *x).collect();
                let words = &words[..rows.div_ceil(64)];
                let mut out = vec![0.0; rows + SPARE];
                assert_eq!(pack(&mut out, words, Lanes::Each(&lanes), rows), wanted.len());
                assert_eq!(out[..wanted.len()], wanted, "{step} {rows}");
                out.fill(0.0);
                assert_eq!(pack_by(&mut out, words, Lanes::Each(&lanes), rows, one_by_one), wanted.len());
                assert_eq!(out[..wanted.len()], wanted, "{step} {rows}");
                let narrow: Vec<u8> = (0..200).collect();
                assert_eq!(pack_as(&mut out, words, &narrow[..rows], f64::from), wanted.len());
                assert_eq!(out[..wanted.len()], wanted, "{step} {rows}");
            }
        }
    }

    #[test]
    fn chosen_bits_keep_their_order() {
        for (step, rows) in [(1, 64), (2, 130), (3, 200), (7, 200), (5, 193), (64, 128)] {
            let bit = |words: &[u64], row: usize| words[row / 64] >> (row % 64) & 1 == 1;
            let words: Vec<u64> = (0..4)
                .map(|at| (0..64).filter(|row| (at * 64 + row) % step == 0).fold(0, |w, row| w | 1 << row))
                .collect();
            let from = [0x9e37_79b9_7f4a_7c15, !0, 0x0123_4567_89ab_cdef, 0x5555_0000_ffff_aaaa];
            let wanted: Vec<bool> = (0..rows).filter(|row| bit(&words, *row)).map(|row| bit(&from, row)).collect();
            let mut out = [0; 4];
            let words = &words[..rows.div_ceil(64)];
            pack_bits(&mut out, words, &from, rows);
            assert_eq!(count(words, rows), wanted.len());
            for (row, wanted) in wanted.iter().enumerate() {
                assert_eq!(bit(&out, row), *wanted, "{step} {rows} {row}");
            }
        }
    }
}
