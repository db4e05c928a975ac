//! Adding what holds for a row: terms of every row, and terms that a condition gives.

use super::exec::{Runner, Slot};
use super::kernels::{Lanes, ONES, ZEROS, add_where, are_set, each_one};
use super::plan::{Id, Term};

/// Terms of constants that are looked up together.
pub const BITS: usize = 8;

impl Runner<'_, '_> {
    /// Terms are added from left to right, so that every engine rounds alike. `then` is asked only of constants' sums.
    #[inline(always)]
    pub(super) fn sum(&self, id: Id, terms: &[Term], then: impl Fn(f64) -> f64, slot: &mut Slot) {
        let out = &mut slot.float[..self.rows];
        let same = terms.iter().take(BITS).map_while(|term| self.constant(term)).collect::<Vec<_>>();
        let sums = if same.len() > 2 { partial_sums(&same, then) } else { vec![] };
        let begun = if sums.is_empty() { 0 } else { same.len() };
        if begun > 0 {
            self.look_up_sums(&terms[..begun], &sums, out);
        }
        for (place, term) in terms.iter().enumerate().skip(begun) {
            match *term {
                Term::Each(id) => add_each(out, self.float(id), place == 0),
                Term::Where { when, value, .. } => {
                    if place == 0 {
                        out.fill(0.0);
                    }
                    match self.float(value) {
                        Lanes::Each(chosen) if self.plan.chosen_by[value] == Some(when) => {
                            let mut chosen = chosen.iter();
                            each_one(self.truth(when), out.len(), |row| out[row] += chosen.next().unwrap_or(&0.0));
                        }
                        lanes => add_where(out, self.truth(when), lanes),
                    }
                }
            }
        }
        if !self.plan.sure[id] {
            self.sum_known(terms, &mut slot.known[..self.words()]);
        }
    }

    /// The value of a term that adds the same to every row it adds to.
    fn constant(&self, term: &Term) -> Option<f64> {
        match *term {
            Term::Where { value, .. } if self.plan.is_constant(value) => Some(self.float(value).get(0)),
            _ => None,
        }
    }

    /// Which of the terms hold for a row is a number; what they come to for each is there already.
    #[inline(always)]
    fn look_up_sums(&self, terms: &[Term], sums: &[f64], out: &mut [f64]) {
        let Some(sums) = sums.first_chunk::<{ 1 << BITS }>() else { return };
        let mut truths = [&ZEROS[..self.words()]; BITS];
        for (truth, term) in truths.iter_mut().zip(terms) {
            if let Term::Where { when, .. } = *term {
                *truth = self.truth(when);
            }
        }
        for (at, out) in out.chunks_mut(64).enumerate() {
            let places = rows_as_numbers(truths.map(|words| words[at]));
            out.iter_mut().zip(places).for_each(|(out, place)| *out = sums[usize::from(place)]);
        }
    }

    fn sum_known(&self, terms: &[Term], known: &mut [u64]) {
        known.fill(!0);
        for term in terms {
            match *term {
                Term::Each(id) => known.iter_mut().zip(self.known(id)).for_each(|(known, of)| *known &= of),
                Term::Where { when, value, strict } => {
                    let (truth, asked, of) = (self.truth(when), self.known(when), self.known(value));
                    let chosen = self.plan.chosen_by[value] == Some(when);
                    let spread: Vec<u64>;
                    let of = match chosen {
                        false => of,
                        true if are_set(of, self.chosen_rows(when)) => &ONES[..truth.len()],
                        true => {
                            spread = self.spread(truth, of);
                            &spread
                        }
                    };
                    for (((known, truth), asked), of) in known.iter_mut().zip(truth).zip(asked).zip(of) {
                        *known &= (truth & of) | (!truth & if strict { *asked } else { !0 });
                    }
                }
            }
        }
    }

    /// Bits of chosen rows back at their rows; the others are set.
    fn spread(&self, truth: &[u64], of: &[u64]) -> Vec<u64> {
        let (mut spread, mut read) = (vec![!0; truth.len()], 0);
        each_one(truth, self.rows, |row| {
            spread[row / 64] &= !(u64::from(of[read / 64] >> (read % 64) & 1 == 0) << (row % 64));
            read += 1;
        });
        spread
    }
}

/// What any of the terms come to, added from left to right: the first term is the lowest bit.
fn partial_sums(terms: &[f64], then: impl Fn(f64) -> f64) -> Vec<f64> {
    let bit = |chosen: usize, place: usize| chosen >> place & 1 == 1;
    let sum = |chosen| {
        let chosen_terms = terms.iter().enumerate().filter(|(place, _)| bit(chosen, *place));
        then(chosen_terms.fold(0.0, |sum, (_, term)| sum + term))
    };
    (0..1 << BITS).map(sum).collect()
}

/// A number for each row: its bit in the first word is the lowest (Hacker's Delight, 7-3).
#[inline(always)]
fn rows_as_numbers(words: [u64; BITS]) -> [u8; 64] {
    let bytes = words.map(u64::to_le_bytes);
    let mut numbers = [0; 64];
    for (eighth, numbers) in numbers.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let mut x = u64::from_le_bytes(bytes.map(|bytes| bytes[eighth]));
        for (shift, mask) in [(7, 0x00aa_00aa_00aa_00aa_u64), (14, 0x0000_cccc_0000_cccc), (28, 0x0000_0000_f0f0_f0f0)]
        {
            let swapped = (x ^ (x >> shift)) & mask;
            x ^= swapped ^ (swapped << shift);
        }
        *numbers = x.to_le_bytes();
    }
    numbers
}

#[inline(always)]
fn add_each(out: &mut [f64], from: Lanes<'_, f64>, first: bool) {
    match from {
        Lanes::Each(lanes) if first => out.copy_from_slice(&lanes[..out.len()]),
        Lanes::Same(lane) if first => out.fill(lane),
        Lanes::Each(lanes) => out.iter_mut().zip(lanes).for_each(|(out, lane)| *out += lane),
        Lanes::Same(lane) => out.iter_mut().for_each(|out| *out += lane),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_number_the_terms_that_hold() {
        let words: [u64; BITS] = std::array::from_fn(|at| 0x9e37_79b9_7f4a_7c15_u64.rotate_left(7 * at as u32));
        for (row, number) in rows_as_numbers(words).iter().enumerate() {
            for (place, word) in words.iter().enumerate() {
                assert_eq!(number >> place & 1 == 1, word >> row & 1 == 1, "{row} {place}");
            }
        }
        assert_eq!(partial_sums(&[1.0, 2.0, 4.0], |sum| sum)[..8], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    }
}
