//! A row of bits, 64 to a word: which rows of a table hold something.

/// Bits by row. Bits beyond the length are zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// `len` bits, all `value`.
    #[must_use]
    pub fn filled(len: usize, value: bool) -> Self {
        let mut bits = Self { words: vec![if value { !0 } else { 0 }; len.div_ceil(64)], len };
        bits.clear_tail();
        bits
    }

    /// Takes whole words; bits beyond `len` are cleared, missing words are zero.
    #[must_use]
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Self {
        words.resize(len.div_ceil(64), 0);
        let mut bits = Self { words, len };
        bits.clear_tail();
        bits
    }

    /// One bit per item.
    #[must_use]
    pub fn from_bools(items: impl IntoIterator<Item = bool>) -> Self {
        let items = items.into_iter();
        let mut words = Vec::with_capacity(items.size_hint().0.div_ceil(64));
        let (mut word, mut len) = (0, 0);
        for item in items {
            word |= u64::from(item) << (len % 64);
            len += 1;
            if len % 64 == 0 {
                words.push(std::mem::take(&mut word));
            }
        }
        if len % 64 != 0 {
            words.push(word);
        }
        Self { words, len }
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words, first row in the lowest bit of the first word.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The bit of `row`; false beyond the end.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// # Panics
    /// When `row` is beyond the end.
    pub fn set(&mut self, row: usize, value: bool) {
        assert!(row < self.len, "row {row} of {}", self.len);
        let (word, bit) = (&mut self.words[row / 64], 1 << (row % 64));
        if value { *word |= bit } else { *word &= !bit }
    }

    pub fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        self.len += 1;
        if value {
            self.set(self.len - 1, true);
        }
    }

    /// Longer with zeros, or shorter.
    pub fn resize(&mut self, len: usize) {
        self.words.resize(len.div_ceil(64), 0);
        self.len = len;
        self.clear_tail();
    }

    #[must_use]
    pub fn count_ones(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    #[must_use]
    pub fn all(&self) -> bool {
        self.count_ones() == self.len
    }

    /// The rows whose bit is set, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let row = at * 64 + rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    row
                })
            })
        })
    }

    /// Every bit, first row first.
    pub fn iter(&self) -> impl Iterator<Item = bool> {
        (0..self.len).map(|row| self.get(row))
    }

    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Those set here and not in `other`.
    #[must_use]
    pub fn and_not(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    #[must_use]
    pub fn not(&self) -> Self {
        Self::from_words(self.words.iter().map(|word| !word).collect(), self.len)
    }

    /// How many rows are set in both.
    #[must_use]
    pub fn count_and(&self, other: &Self) -> usize {
        self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones() as usize).sum()
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        debug_assert_eq!(self.len, other.len);
        let words = self.words.iter().zip(&other.words).map(|(a, b)| combine(*a, *b)).collect();
        Self::from_words(words, self.len)
    }

    fn clear_tail(&mut self) {
        if !self.len.is_multiple_of(64)
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_stays_clear() {
        let ones = Bits::filled(70, true);
        assert_eq!((ones.count_ones(), ones.words()[1]), (70, 0b11_1111));
        assert_eq!(Bits::filled(70, false).not(), ones);
        assert!(ones.all() && !ones.get(70));
    }

    #[test]
    fn ones_come_in_row_order() {
        let mut bits = Bits::filled(130, false);
        for row in [0, 63, 64, 129] {
            bits.set(row, true);
        }
        assert_eq!(bits.ones().collect::<Vec<_>>(), [0, 63, 64, 129]);
        bits.resize(64);
        assert_eq!(bits.count_ones(), 2);
        assert_eq!(Bits::from_bools(bits.iter()), bits);
    }
}
