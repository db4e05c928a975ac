//! The few different things that the lines of a list say, by short numbers.

use std::collections::{BTreeSet, HashMap};

use kernel::DivisionCode;
use serde::{Deserialize, Serialize};

/// Sets of filled columns and divisions, each with its number.
#[derive(Default)]
pub(in crate::ingest) struct Words {
    filled: Numbers<u128>,
    places: Numbers<DivisionCode>,
}

struct Numbers<T> {
    all: Vec<T>,
    number_of: HashMap<T, u16>,
    last: Option<(T, u16)>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { all: Vec::new(), number_of: HashMap::new(), last: None }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Numbers<T> {
    /// None when there are too many.
    fn of(&mut self, word: T) -> Option<u16> {
        // Rows of one village stand together.
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == word) {
            return Some(number);
        }
        let number = match self.number_of.get(&word) {
            Some(number) => *number,
            None => {
                let number = u16::try_from(self.all.len()).ok()?;
                self.all.push(word);
                self.number_of.insert(word, number);
                number
            }
        };
        self.last = Some((word, number));
        Some(number)
    }

    fn from(all: Vec<T>) -> Self {
        let number_of = (0..).zip(&all).map(|(number, word)| (*word, number)).collect();
        Self { all, number_of, last: None }
    }
}

impl Words {
    pub fn number_of_filled(&mut self, filled: u128) -> Option<u16> {
        self.filled.of(filled)
    }

    pub fn filled(&self, number: u16) -> u128 {
        self.filled.all.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// 0: nowhere.
    pub fn number_of_place(&mut self, place: Option<DivisionCode>) -> Option<u16> {
        place.map_or(Some(0), |place| self.places.of(place)?.checked_add(1))
    }

    pub fn place(&self, number: u16) -> Option<DivisionCode> {
        self.places.all.get(usize::from(number.checked_sub(1)?)).copied()
    }
}

/// The first part: what the others' numbers mean, and the people beside.
#[derive(Serialize, Deserialize)]
struct Form {
    filled: Vec<u128>,
    places: Vec<DivisionCode>,
    beside: Vec<i64>,
}

pub(super) fn write(words: &Words, beside: &[i64]) -> Vec<u8> {
    let form = Form { filled: words.filled.all.clone(), places: words.places.all.clone(), beside: beside.to_vec() };
    serde_json::to_vec(&form).expect("plain data becomes JSON")
}

pub(super) fn read(bytes: &[u8]) -> Option<(Words, BTreeSet<i64>)> {
    let form: Form = serde_json::from_slice(bytes).ok()?;
    let words = Words { filled: Numbers::from(form.filled), places: Numbers::from(form.places) };
    Some((words, form.beside.into_iter().collect()))
}
