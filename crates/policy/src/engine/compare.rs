//! Comparing sixty-four lanes at a time: one bit of a word for each.
//!
//! Compilers don't find the instruction that takes one bit of every lane, so it is named for processors that have it;
//! elsewhere eight lanes are packed by one multiplication.

use super::kernels::Lanes;
use crate::expr::Comparison;

/// Lanes that can be compared.
pub trait Compared: Copy + PartialOrd {
    /// The rows of which `op` holds between the two.
    fn word(to: impl ToWord, op: Comparison, a: &[Self; 64], b: &[Self; 64]) -> u64;

    /// The rows of which `op` holds with one value.
    fn word_with(to: impl ToWord, op: Comparison, a: &[Self; 64], b: Self) -> u64;
}

/// How lanes become bits on a processor.
pub trait ToWord: Copy {
    /// The highest bit of every byte.
    fn top_bits(self, bytes: &[u8; 64]) -> u64;

    /// The rows of which `op` holds.
    fn floats(self, op: Comparison, a: &[f64; 64], b: impl Fn(usize) -> [f64; 4]) -> u64;
}

/// Any processor.
#[derive(Clone, Copy)]
pub struct Plain;

impl ToWord for Plain {
    #[inline(always)]
    fn top_bits(self, bytes: &[u8; 64]) -> u64 {
        let eight = |bytes: &[u8; 8]| {
            (u64::from_le_bytes(*bytes) & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
        };
        bytes.as_chunks::<8>().0.iter().enumerate().fold(0, |word, (at, bytes)| word | eight(bytes) << (8 * at))
    }

    #[inline(always)]
    fn floats(self, op: Comparison, a: &[f64; 64], b: impl Fn(usize) -> [f64; 4]) -> u64 {
        lanes(self, op, |at| a[at], |at| b(at / 4)[at % 4])
    }
}

#[inline(always)]
fn lanes<T: PartialOrd>(to: impl ToWord, op: Comparison, a: impl Fn(usize) -> T, b: impl Fn(usize) -> T) -> u64 {
    match op {
        Comparison::Equal => word(to, |at| a(at) == b(at)),
        Comparison::NotEqual => word(to, |at| a(at) != b(at)),
        Comparison::Less => word(to, |at| a(at) < b(at)),
        Comparison::LessOrEqual => word(to, |at| a(at) <= b(at)),
        Comparison::Greater => word(to, |at| a(at) > b(at)),
        Comparison::GreaterOrEqual => word(to, |at| a(at) >= b(at)),
    }
}

macro_rules! compared {
    ($($lane:ty),*) => {$(
        impl Compared for $lane {
            #[inline(always)]
            fn word(to: impl ToWord, op: Comparison, a: &[Self; 64], b: &[Self; 64]) -> u64 {
                lanes(to, op, |at| a[at], |at| b[at])
            }

            #[inline(always)]
            fn word_with(to: impl ToWord, op: Comparison, a: &[Self; 64], b: Self) -> u64 {
                lanes(to, op, |at| a[at], |_| b)
            }
        }
    )*};
}

compared!(i8, i16, i32, i64, f32);

impl Compared for f64 {
    #[inline(always)]
    fn word(to: impl ToWord, op: Comparison, a: &[Self; 64], b: &[Self; 64]) -> u64 {
        to.floats(op, a, |four| [b[4 * four], b[4 * four + 1], b[4 * four + 2], b[4 * four + 3]])
    }

    #[inline(always)]
    fn word_with(to: impl ToWord, op: Comparison, a: &[Self; 64], b: Self) -> u64 {
        to.floats(op, a, |_| [b; 4])
    }
}

/// A bit for each of sixty-four lanes.
#[inline(always)]
pub fn word(to: impl ToWord, test: impl Fn(usize) -> bool) -> u64 {
    let mut bytes = [0_u8; 64];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = if test(at) { 0xff } else { 0 };
    }
    to.top_bits(&bytes)
}

/// The words of all rows of which `op` holds.
pub fn compare<T: Compared>(op: Comparison, a: Lanes<'_, T>, b: Lanes<'_, T>, rows: usize, out: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = pulp::x86::V3::try_new() {
        return wide.vectorize(wide::Comparing { wide, op, a, b, rows, out });
    }
    compare_by(Plain, op, a, b, rows, out);
}

#[inline(always)]
fn compare_by<T: Compared>(
    to: impl ToWord,
    op: Comparison,
    a: Lanes<'_, T>,
    b: Lanes<'_, T>,
    rows: usize,
    out: &mut [u64],
) {
    match (a, b) {
        (Lanes::Each(a), Lanes::Same(b)) => each_word(a, out, |chunk| T::word_with(to, op, chunk, b)),
        (Lanes::Same(a), Lanes::Each(b)) => each_word(b, out, |chunk| T::word_with(to, op.flipped(), chunk, a)),
        (Lanes::Same(a), Lanes::Same(b)) => out.fill(if T::word_with(to, op, &[a; 64], b) == 0 { 0 } else { !0 }),
        (Lanes::Each(a), Lanes::Each(b)) => {
            let mut others = b.as_chunks::<64>().0.iter();
            let rest = &b[rows / 64 * 64..];
            each_word(a, out, |chunk| match others.next() {
                Some(other) => T::word(to, op, chunk, other),
                None => T::word(to, op, chunk, &padded(rest)),
            });
        }
    }
}

/// A word for each sixty-four lanes; the last are filled up with copies of the first.
#[inline(always)]
fn each_word<T: Copy>(lanes: &[T], out: &mut [u64], mut word: impl FnMut(&[T; 64]) -> u64) {
    let (whole, rest) = lanes.as_chunks::<64>();
    let last = (!rest.is_empty()).then(|| padded(rest));
    for (chunk, out) in whole.iter().chain(&last).zip(out.iter_mut()) {
        *out = word(chunk);
    }
}

fn padded<T: Copy>(rest: &[T]) -> [T; 64] {
    let mut chunk = [rest[0]; 64];
    chunk[..rest.len()].copy_from_slice(rest);
    chunk
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use core::arch::x86_64::{__m256d, _CMP_EQ_OQ, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_LE_OQ, _CMP_LT_OQ, _CMP_NEQ_UQ};

    use pulp::x86::V3;

    use super::{Compared, ToWord, compare_by};
    use crate::engine::kernels::Lanes;
    use crate::expr::Comparison;

    /// A comparison to be made with wide vectors.
    pub struct Comparing<'a, T> {
        pub wide: V3,
        pub op: Comparison,
        pub a: Lanes<'a, T>,
        pub b: Lanes<'a, T>,
        pub rows: usize,
        pub out: &'a mut [u64],
    }

    impl<T: Compared> pulp::NullaryFnOnce for Comparing<'_, T> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            compare_by(self.wide, self.op, self.a, self.b, self.rows, self.out);
        }
    }

    impl ToWord for V3 {
        #[inline(always)]
        fn top_bits(self, bytes: &[u8; 64]) -> u64 {
            let (halves, _) = bytes.as_chunks::<32>();
            let bits = |half: &[u8; 32]| u64::from(self.avx2._mm256_movemask_epi8(pulp::cast(*half)).cast_unsigned());
            bits(&halves[0]) | bits(&halves[1]) << 32
        }

        #[inline(always)]
        fn floats(self, op: Comparison, a: &[f64; 64], b: impl Fn(usize) -> [f64; 4]) -> u64 {
            let avx = self.avx;
            match op {
                Comparison::Equal => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_EQ_OQ>(a, b)),
                Comparison::NotEqual => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_NEQ_UQ>(a, b)),
                Comparison::Less => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_LT_OQ>(a, b)),
                Comparison::LessOrEqual => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_LE_OQ>(a, b)),
                Comparison::Greater => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_GT_OQ>(a, b)),
                Comparison::GreaterOrEqual => fours(self, a, b, |a, b| avx._mm256_cmp_pd::<_CMP_GE_OQ>(a, b)),
            }
        }
    }

    #[inline(always)]
    fn fours(
        wide: V3,
        a: &[f64; 64],
        b: impl Fn(usize) -> [f64; 4],
        test: impl Fn(__m256d, __m256d) -> __m256d,
    ) -> u64 {
        let mut word = 0;
        for (at, four) in a.as_chunks::<4>().0.iter().enumerate() {
            let holds = test(pulp::cast(*four), pulp::cast(b(at)));
            word |= u64::from(wide.avx._mm256_movemask_pd(holds).cast_unsigned()) << (4 * at);
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    fn check<T: Compared + std::fmt::Debug>(lane: impl Fn(i8) -> T) {
        for rows in [1, 63, 64, 65, 200] {
            let a: Vec<T> = (0..rows).map(|row: i32| lane((row * 7919 % 101) as i8)).collect();
            let b: Vec<T> = (0..rows).map(|row: i32| lane((row * 104_729 % 97) as i8)).collect();
            let rows = a.len();
            for op in ALL {
                let (mut each, mut same, mut flipped) = ([0; 4], [0; 4], [0; 4]);
                compare(op, Lanes::Each(&a), Lanes::Each(&b), rows, &mut each);
                compare(op, Lanes::Each(&a), Lanes::Same(lane(50)), rows, &mut same);
                compare(op, Lanes::Same(lane(50)), Lanes::Each(&a), rows, &mut flipped);
                for row in 0..rows {
                    let holds = |a: T, b: T| a.partial_cmp(&b).is_some_and(|order| op.holds(order));
                    let bit = |words: &[u64; 4]| words[row / 64] >> (row % 64) & 1 == 1;
                    assert_eq!(bit(&each), holds(a[row], b[row]), "{op:?} {rows} {row}");
                    assert_eq!(bit(&same), holds(a[row], lane(50)), "{op:?} {rows} {row}");
                    assert_eq!(bit(&flipped), holds(lane(50), a[row]), "{op:?} {rows} {row}");
                }
            }
        }
    }

    #[test]
    fn every_lane_answers_in_its_own_bit() {
        check(|n| n);
        check(i16::from);
        check(|n| i32::from(n) << 20);
        check(|n| i64::from(n) << 40);
        check(f32::from);
        check(f64::from);
    }
}
