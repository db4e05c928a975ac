//! Putting the chosen rows of a block one after the other.

use super::kernels::{Lanes, each_one};

/// Below so many chosen rows of 64, going from one to the next is fastest.
const FEW: usize = 12;

/// Adds the rows that are set to the end of `out`; none is set beyond `rows`.
pub fn pack<T: pulp::bytemuck::Pod + Default>(out: &mut Vec<T>, words: &[u64], from: Lanes<'_, T>, rows: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = pulp::x86::V3::try_new() {
        return wide.vectorize(wide::Packing { wide, out, words, from, rows });
    }
    pack_by(out, words, from, rows, one_by_one);
}

#[inline(always)]
fn pack_by<T: Copy>(
    out: &mut Vec<T>,
    words: &[u64],
    from: Lanes<'_, T>,
    rows: usize,
    dense: impl Fn(&mut Vec<T>, u64, &[T; 64]),
) {
    for (at, word) in words.iter().enumerate() {
        let (first, count) = (at * 64, word.count_ones() as usize);
        let from = match from {
            Lanes::Each(from) => &from[first..rows.min(first + 64)],
            Lanes::Same(value) => {
                out.extend(std::iter::repeat_n(value, count));
                continue;
            }
        };
        match from.as_array::<64>() {
            Some(from) if *word == !0 => out.extend_from_slice(from),
            Some(from) if count >= FEW => dense(out, *word, from),
            _ => each_one(&[*word], from.len(), |row| out.push(from[row])),
        }
    }
}

/// Every row is written, and written over by the next when it is not chosen.
#[inline(always)]
fn one_by_one<T: Copy + Default>(out: &mut Vec<T>, word: u64, from: &[T; 64]) {
    let (mut packed, mut filled) = ([T::default(); 64], 0);
    for (lane, value) in from.iter().enumerate() {
        packed[filled & 63] = *value;
        filled += (word >> lane & 1) as usize;
    }
    out.extend_from_slice(&packed[..filled]);
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use core::arch::x86_64::__m256i;

    use pulp::x86::V3;

    use super::{Lanes, one_by_one, pack_by};

    /// Lanes to be packed with wide vectors.
    pub struct Packing<'a, T> {
        pub wide: V3,
        pub out: &'a mut Vec<T>,
        pub words: &'a [u64],
        pub from: Lanes<'a, T>,
        pub rows: usize,
    }

    impl<T: pulp::bytemuck::Pod + Default> pulp::NullaryFnOnce for Packing<'_, T> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self { wide, out, words, from, rows } = self;
            if size_of::<T>() == 8 {
                pack_by(out, words, from, rows, |out, word, from| fours(wide, out, word, from));
            } else {
                pack_by(out, words, from, rows, one_by_one);
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
    fn fours<T: pulp::bytemuck::Pod + Default>(wide: V3, out: &mut Vec<T>, word: u64, from: &[T; 64]) {
        let (mut packed, mut filled) = ([T::default(); 68], 0);
        for (at, four) in from.as_chunks::<4>().0.iter().enumerate() {
            let chosen = (word >> (4 * at)) as usize & 15;
            let order: __m256i = pulp::cast(ORDERS[chosen]);
            let first: [T; 4] = pulp::cast(wide.avx2._mm256_permutevar8x32_epi32(pulp::cast(*four), order));
            if let Some(place) = packed.get_mut(filled..filled + 4) {
                place.copy_from_slice(&first);
            }
            filled += chosen.count_ones() as usize;
        }
        out.extend_from_slice(&packed[..filled.min(64)]);
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
                let mut out = Vec::new();
                pack(&mut out, &words[..rows.div_ceil(64)], Lanes::Each(&lanes), rows);
                assert_eq!(out, wanted, "{step} {rows}");
                let mut out = Vec::new();
                for (at, word) in words.iter().enumerate().filter(|(at, _)| rows >= at * 64 + 64) {
                    let chunk = lanes[at * 64..].first_chunk().expect("64 rows");
                    one_by_one(&mut out, *word, chunk);
                }
                assert_eq!(out, wanted[..out.len()], "{step} {rows}");
            }
        }
    }
}
