//! Addresses and divisions: words in common; the township in common.

use std::collections::BTreeMap;

use crate::hash::{fold, hash};
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

/// What is worked out once for each distinct address; small, because comparing waits for memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    letters: u32,
    /// Hash of the digits.
    number: u16,
    length: u8,
    count: u8,
    /// Hashes of the first words, or of pairs of characters where there are no blanks; ascending.
    few: [u16; FEW],
}

const FEW: usize = 4;

/// All words of the addresses that have more than [`FEW`].
pub(crate) type Long = BTreeMap<u32, Box<[u16]>>;

pub(crate) fn facts(entry: u32, text: &str, long: &mut Long) -> Facts {
    let mut words: Vec<u16> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            words.push(hash(word.as_bytes()) as u16);
        } else {
            let chars: Vec<char> = word.chars().collect();
            words.extend(chars.windows(2).map(|two| fold(u64::from(two[0]) << 32 | u64::from(two[1])) as u16));
        }
    }
    words.sort_unstable();
    words.dedup();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let number = if digits.is_empty() { 0 } else { hash(&digits) as u16 | 1 };
    let mut few = [0; FEW];
    few.iter_mut().zip(&words).for_each(|(place, word)| *place = *word);
    let (count, length) = (words.len().min(255) as u8, text.len().min(255) as u8);
    if words.len() > FEW {
        long.insert(entry, words.into());
    }
    Facts { letters: letters(text.as_bytes()), number, length, count, few }
}

fn words<'a>(entry: u32, facts: &'a Facts, long: &'a Long) -> &'a [u16] {
    match facts.few.get(..facts.count as usize) {
        Some(few) => few,
        None => long.get(&entry).map_or(&facts.few, |all| all),
    }
}

/// The level of two different addresses; `right` is the pattern's text.
pub(crate) fn level<'t, 'p>(
    left: impl FnOnce() -> &'t [u8],
    entries: (u32, u32),
    (a, b): (&Facts, &Facts),
    right: impl FnOnce() -> &'p Pattern,
    long: &Long,
) -> u8 {
    let differing = (a.letters ^ b.letters).count_ones();
    let gap = a.length.abs_diff(b.length);
    let number = a.number == b.number;
    if differing <= 6 && gap <= 3 {
        let allowed = if number { 3 } else { 1 };
        let distance = right().distance(left());
        if distance <= 2.min(allowed) && a.length > 5 {
            return 2;
        }
        if distance <= allowed && a.length > 8 {
            return 3;
        }
    }
    let shared = shared(words(entries.0, a, long), words(entries.1, b, long));
    let least = a.count.min(b.count) as usize;
    match shared {
        0 => 6,
        _ if shared * 2 > least => 4,
        _ => 5,
    }
}

fn shared(a: &[u16], b: &[u16]) -> usize {
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
        let mut long = Long::new();
        let (fa, fb) = (facts(1, a, &mut long), facts(2, b, &mut long));
        let level = level(|| a.as_bytes(), (1, 2), (&fa, &fb), || &pattern, &long);
        assert_eq!(LEVELS[level as usize], expected, "{a} {b}");
    }

    #[test]
    fn addresses_are_graded_by_what_they_share() {
        check("24 gragronor", "24 gragranor", "spelt a little differently");
        check("24 gragronor", "24 tedash", "some words agree");
        check("24 gragronor", "241 tedash", "different");
        check("flat 3 rose court", "3 rose court", "most words agree");
        check("unit 7 block 3 long garden road west", "unit 9 block 4 long garden road west", "most words agree");
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
