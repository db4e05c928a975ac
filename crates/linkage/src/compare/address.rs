//! Addresses and divisions: words in common; the township in common.

use crate::text::{Pattern, letters};

pub(crate) const LEVELS: &[&str] = &[
    "missing",
    "same",
    "spelt a little differently",
    "number agrees, words nearly",
    "most words agree",
    "some words agree",
    "different",
];
pub(crate) const DIVISION_LEVELS: &[&str] =
    &["missing", "same", "same township", "same county", "same prefecture", "different"];

/// What is worked out once for each distinct address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    letters: u32,
    /// Hash of the digits.
    number: u32,
    length: u32,
    count: u32,
    /// Hashes of the words, or of pairs of characters where there are no blanks; ascending. The first few stand
    /// here, where comparing finds them without another look into memory; when there are more, all stand in `all`.
    few: [u32; FEW],
    all: Option<Box<[u32]>>,
}

const FEW: usize = 4;

impl Facts {
    fn words(&self) -> &[u32] {
        self.all.as_deref().unwrap_or_else(|| &self.few[..self.count as usize])
    }
}

pub(crate) fn facts(text: &str) -> Facts {
    let mut words: Vec<u32> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            words.push(crate::intern::hash(word.as_bytes()) as u32);
        } else {
            let chars: Vec<char> = word.chars().collect();
            words.extend(chars.windows(2).map(|two| two[0] as u32 * 31 + two[1] as u32));
        }
    }
    words.sort_unstable();
    words.dedup();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let number = if digits.is_empty() { 0 } else { crate::intern::hash(&digits) as u32 | 1 };
    let mut few = [0; FEW];
    few.iter_mut().zip(&words).for_each(|(place, word)| *place = *word);
    let (count, length) = (words.len() as u32, text.len() as u32);
    let all = (words.len() > FEW).then(|| words.into());
    Facts { letters: letters(text.as_bytes()), number, length, count, few, all }
}

/// The level of two different addresses; `right` is the pattern's text.
pub(crate) fn level<'t>(left: impl Fn() -> &'t [u8], a: &Facts, right: &Pattern, b: &Facts) -> u8 {
    let differing = (a.letters ^ b.letters).count_ones();
    let gap = a.length.abs_diff(b.length);
    let number = a.number == b.number;
    if differing <= 6 && gap <= 3 {
        let allowed = if number { 3 } else { 1 };
        let distance = right.distance(left());
        if distance <= 2.min(allowed) && a.length > 5 {
            return 2;
        }
        if distance <= allowed && a.length > 8 {
            return 3;
        }
    }
    let shared = shared(a.words(), b.words());
    let least = a.count.min(b.count) as usize;
    match shared {
        0 => 6,
        _ if shared * 2 > least => 4,
        _ => 5,
    }
}

fn shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        count += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    count
}

/// The level of two different division codes (GB/T 2260: 2, 4, 6, 9, 12 digits, each within its parent).
pub(crate) fn division_level(a: &[u8], b: &[u8]) -> u8 {
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match shared {
        9.. => 2,
        6..9 => 3,
        4..6 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: &str) {
        let mut pattern = Pattern::default();
        pattern.set(b.as_bytes());
        let level = level(|| a.as_bytes(), &facts(a), &pattern, &facts(b));
        assert_eq!(LEVELS[level as usize], expected, "{a} {b}");
    }

    #[test]
    fn addresses_are_graded_by_what_they_share() {
        check("24 gragronor", "24 gragranor", "spelt a little differently");
        check("24 gragronor", "24 tedash", "some words agree");
        check("24 gragronor", "241 tedash", "different");
        check("flat 3 rose court", "3 rose court", "most words agree");
        check("帕米尔路5号院", "帕米尔路12号院", "most words agree");
    }

    #[test]
    fn divisions_are_graded_by_the_level_they_share() {
        let check = |a: &str, b: &str, expected: &str| {
            assert_eq!(DIVISION_LEVELS[division_level(a.as_bytes(), b.as_bytes()) as usize], expected);
        };
        check("653001101001", "653001101002", "same township");
        check("653001101001", "653001102001", "same county");
        check("653001101001", "653022102001", "same prefecture");
        check("653001101001", "110101001001", "different");
    }
}
