//! The rows of one row group, in the order in which they are written.

use policy::column::{Bits, Sparse};

/// Chosen rows of a table.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    list: &'a [u32],
    /// The rows follow each other from a row that begins a word: their bits can be copied word by word.
    first_word: Option<usize>,
}

impl<'a> Rows<'a> {
    pub fn new(list: &'a [u32]) -> Self {
        let follow = list.first().is_some_and(|first| first % 64 == 0) && list.windows(2).all(|w| w[1] == w[0] + 1);
        Self { list, first_word: list.first().filter(|_| follow).map(|first| *first as usize / 64) }
    }

    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// The table's row at a place of the group.
    pub fn at(&self, place: usize) -> usize {
        self.list[place] as usize
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = usize> {
        self.list.iter().map(|row| *row as usize)
    }

    /// Where the values of these rows lie, given which places of the group have one.
    pub fn places(&self, of: &Sparse, known: Option<&Bits>) -> Vec<usize> {
        let places = |rows: &mut dyn Iterator<Item = usize>| rows.filter_map(|row| of.place(row)).collect();
        match known {
            None => places(&mut self.iter()),
            Some(known) => places(&mut known.ones().map(|at| self.at(at))),
        }
    }

    /// Whether the rows follow each other from a row that begins a word.
    pub const fn follow(&self) -> bool {
        self.first_word.is_some()
    }

    /// The bits of these rows.
    pub fn select(&self, bits: &Bits) -> Bits {
        match self.first_word {
            Some(first) => Bits::from_words(
                bits.words()[first..].iter().take(self.len().div_ceil(64)).copied().collect(),
                self.len(),
            ),
            None => match bits.count_ones() {
                // Most bits say the same of everyone.
                0 => Bits::filled(self.len(), false),
                all if all == bits.len() => Bits::filled(self.len(), true),
                _ => {
                    let bit = |row: u32| bits.words()[row as usize / 64] >> (row % 64) & 1;
                    let word = |rows: &[u32]| rows.iter().rev().fold(0, |word, row| word << 1 | bit(*row));
                    Bits::from_words(self.list.chunks(64).map(word).collect(), self.len())
                }
            },
        }
    }
}
