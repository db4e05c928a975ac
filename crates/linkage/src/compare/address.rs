//! Addresses and divisions: words in common; the township in common.

use crate::hash::{fold, hash};
use crate::text::{Pattern, letters};

pub(crate) const LEVELS: &[&str] = &[
    "missing",
    "same",
    "spelt a little differently",
    "number agrees, words nearly",
    "number agrees",
    "most words agree",
    "some words agree",
    "different",
];
pub(crate) const DIVISION_LEVELS: &[&str] = &[
    "missing",
    "same",
    "same township, village not given",
    "same township",
    "same county",
    "same prefecture",
    "different",
];

/// What is worked out once for each distinct address; small, because comparing waits for memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    letters: u32,
    /// Hash of the digits.
    number: u16,
    length: u8,
    count: u8,
    /// Hashes of the words, or of pairs of characters where there are no blanks; ascending. Of many words where they
    /// start among the [`Long`] ones.
    few: [u16; FEW],
}

const FEW: usize = 4;

impl Facts {
    #[inline]
    pub(crate) fn touch(&self) -> u32 {
        self.letters
    }
}

/// The words of the addresses that have more than [`FEW`], one address after the other.
pub(crate) type Long = Vec<u16>;

pub(crate) fn facts(text: &str, long: &mut Long) -> Facts {
    let is_common = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut words: Vec<u16> = Vec::with_capacity(24);
    for word in text.split(|c: char| !is_common(c) && !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            words.push(hash(word.as_bytes()) as u16);
        } else {
            let two = |(a, b): (char, char)| fold(u64::from(a) << 32 | u64::from(b)) as u16;
            words.extend(word.chars().zip(word.chars().skip(1)).map(two));
        }
    }
    words.sort_unstable();
    words.dedup();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let number = if digits.is_empty() { 0 } else { hash(&digits) as u16 | 1 };
    words.truncate(255);
    let mut few = [0; FEW];
    if words.len() > FEW {
        let start = long.len() as u32;
        (few[0], few[1]) = (start as u16, (start >> 16) as u16);
        long.extend_from_slice(&words);
    } else {
        few.iter_mut().zip(&words).for_each(|(place, word)| *place = *word);
    }
    let (count, length) = (words.len() as u8, text.len().min(255) as u8);
    Facts { letters: letters(text.as_bytes()), number, length, count, few }
}

fn words<'a>(facts: &'a Facts, long: &'a [u16]) -> &'a [u16] {
    let count = facts.count as usize;
    facts.few.get(..count).unwrap_or_else(|| {
        let start = facts.few[0] as usize | (facts.few[1] as usize) << 16;
        &long[start..start + count]
    })
}

/// The level of two different addresses; `right` is the pattern's text.
pub(crate) fn level<'t, 'p>(
    left: impl FnOnce() -> &'t [u8],
    (a, b): (&Facts, &Facts),
    right: impl FnOnce() -> &'p Pattern,
    long: &[u16],
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
    if number && a.number != 0 {
        return 4;
    }
    let shared = shared(words(a, long), words(b, long));
    let least = a.count.min(b.count) as usize;
    match shared {
        0 => 7,
        _ if shared * 2 > least => 5,
        _ => 6,
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
    let is_township = |code: &[u8]| code.len() == 9 || code.len() == 12 && code.ends_with(b"000");
    match shared {
        9.. if is_township(a) || is_township(b) => 2,
        9.. => 3,
        6..9 => 4,
        4..6 => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: &str) {
        let mut pattern = Pattern::default();
        pattern.set(b.as_bytes());
        let mut long = Long::new();
        let (fa, fb) = (facts(a, &mut long), facts(b, &mut long));
        let level = level(|| a.as_bytes(), (&fa, &fb), || &pattern, &long);
        assert_eq!(LEVELS[level as usize], expected, "{a} {b}");
    }

    #[test]
    fn addresses_are_graded_by_what_they_share() {
        check("24 gragronor", "24 gragranor", "spelt a little differently");
        check("24 gragronor", "24 tedash", "number agrees");
        check("光明路街道团结路社区34号楼3单元602室", "34-3-602", "number agrees");
        check("24 gragronor", "241 tedash", "different");
        check("flat 3 rose court", "3 rose court", "number agrees");
        check("unit 7 block 3 long garden road west", "unit 9 block 4 long garden road west", "most words agree");
        check("帕米尔路5号院", "帕米尔路12号院", "most words agree");
    }

    #[test]
    fn divisions_are_graded_by_the_level_they_share() {
        let check = |a: &str, b: &str, expected: &str| {
            assert_eq!(DIVISION_LEVELS[division_level(a.as_bytes(), b.as_bytes()) as usize], expected);
        };
        check("653001101001", "653001101002", "same township");
        check("653001101001", "653001101000", "same township, village not given");
        check("653001101", "653001101002", "same township, village not given");
        check("653001101001", "653001102001", "same county");
        check("653001101001", "653022102001", "same prefecture");
        check("653001101001", "110101001001", "different");
    }
}
