//! Chance, reproducibly: every draw comes from a ChaCha stream named by seed and purpose.
//!
//! The conversions from random bits are written out here and not taken from a library, so that a library's
//! new version never changes a single synthetic person.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws.
pub(crate) struct Dice {
    rng: ChaCha8Rng,
}

impl Dice {
    /// The stream for `purpose` (a division code, a list, a day) under `seed`.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(fnv(purpose.as_bytes()));
        Self { rng }
    }

    /// The stream for one subject (a person, a row) within a purpose, cheap enough to be asked per row.
    pub(crate) fn keyed(seed: u64, purpose: &str, key: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ key.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        rng.set_stream(fnv(purpose.as_bytes()));
        Self { rng }
    }

    /// 0 ≤ x < 1.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let bits = (self.rng.next_u64() >> 11) as f64;
        bits / (1_u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// 0 ≤ n < bound; 0 for an empty bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            return 0;
        }
        let wide = u128::from(self.rng.next_u64()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// low ≤ n ≤ high.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Index of one of the weights, in proportion.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// A draw from the standard normal, as the sum of twelve uniform ones less six.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A count around `mean` (Poisson by inversion, for small means).
    pub(crate) fn count(&mut self, mean: f64) -> usize {
        let limit = (-mean).exp();
        let (mut n, mut product) = (0, self.unit());
        while product > limit && n < 40 {
            n += 1;
            product *= self.unit();
        }
        n
    }
}

/// FNV-1a, to name a stream.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_stream_repeats_and_differs_by_purpose() {
        let draw = |purpose: &str| (0..8).map(|_| 0).scan(Dice::new(7, purpose), |d, _| Some(d.below(1000))).collect();
        let (one, again, other): (Vec<_>, Vec<_>, Vec<_>) = (draw("a"), draw("a"), draw("b"));
        assert_eq!(one, again);
        assert_ne!(one, other);
    }

    #[test]
    fn shares_come_out_as_asked() {
        let mut dice = Dice::new(1, "shares");
        let mut seen = [0; 3];
        for _ in 0..10_000 {
            seen[dice.weighted(&[1.0, 2.0, 7.0])] += 1;
        }
        assert!((900..1100).contains(&seen[0]) && (6800..7200).contains(&seen[2]), "{seen:?}");
    }
}
