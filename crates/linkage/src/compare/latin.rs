//! Names in Latin letters: typing errors, spelling families of transliteration, shortened names.

use crate::text::{Pattern, letters};

pub(crate) const LEVELS: &[&str] = &[
    "missing",
    "same",
    "one letter off",
    "same spelling family",
    "two letters off",
    "beginning only",
    "initial only",
    "three letters off",
    "swapped",
    "counted with the swapped column",
    "different",
];
pub(crate) const SWAPPED: u8 = 8;
pub(crate) const COUNTED: u8 = 9;
const DIFFERENT: u8 = 10;

impl Facts {
    #[inline]
    pub(crate) fn touch(self) -> u32 {
        self.letters
    }
}

const LETTERS: u32 = (1 << 27) - 1;

/// What is worked out once for each distinct name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Which letters it has, and from bit 27 its length, up to 31.
    letters: u32,
    family: u32,
}

pub(crate) fn facts(name: &[u8]) -> Facts {
    let family = family(name);
    let code = if family.len() < 2 { 0 } else { crate::hash::hash(&family) as u32 | 1 };
    Facts { letters: letters(name) & LETTERS | (name.len().min(31) as u32) << 27, family: code }
}

/// Lower case, one blank between words, no stops.
pub(crate) fn normalise(text: &str, out: &mut String) {
    for word in text.split(|c: char| c.is_whitespace() || c == '.') {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
}

/// Consonants of a name as transliterations agree on them: first letter, then w = v, y = i, z = s, ph = f, no h,
/// no vowels, no doubled letters.
#[must_use]
pub fn family(name: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(name.len());
    for (at, byte) in name.iter().enumerate() {
        let sound = match byte {
            b'w' => b'v',
            b'z' => b's',
            b'q' => b'k',
            b'p' if name.get(at + 1) == Some(&b'h') => b'f',
            b'h' | b' ' | b'\'' | b'-' => continue,
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' if at > 0 => continue,
            b'y' => b'i',
            other => *other,
        };
        if out.last() != Some(&sound) {
            out.push(sound);
        }
    }
    out
}

/// The level of two different names. Most pairs are told apart by their facts alone; only the others need the left
/// text and the right one as a pattern.
pub(crate) fn level<'t, 'p>(
    left: impl FnOnce() -> &'t [u8],
    a: Facts,
    right: impl FnOnce() -> &'p Pattern,
    b: Facts,
) -> u8 {
    let (length_a, length_b) = (a.letters >> 27, b.letters >> 27);
    let (shortest, gap) = (length_a.min(length_b), length_a.abs_diff(length_b));
    let differing = ((a.letters ^ b.letters) & LETTERS).count_ones();
    let in_family = a.family == b.family && a.family != 0;
    let (few, many) = if length_a < length_b { (a.letters, b.letters) } else { (b.letters, a.letters) };
    let may_begin = (gap >= 2 && shortest >= 3 || shortest == 1) && few & !many & LETTERS == 0;
    let reachable = gap <= 3 && differing <= 6 && shortest > 1;
    if !reachable && !may_begin {
        return if in_family && shortest > 1 { 3 } else { DIFFERENT };
    }
    let (left, right) = (left(), right());
    if shortest == 1 {
        return if left.first() == right.text().first() { 6 } else { DIFFERENT };
    }
    let distance = if reachable { right.distance(left) } else { u32::MAX };
    if distance <= 1 && shortest > 2 {
        return 2;
    }
    if in_family {
        return 3;
    }
    if may_begin && (left.starts_with(right.text()) || right.text().starts_with(left)) {
        return 5;
    }
    if distance <= 2 && shortest > 4 {
        return 4;
    }
    if distance <= 3 && shortest > 6 { 7 } else { DIFFERENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, expected: &str) {
        let mut pattern = Pattern::default();
        pattern.set(right.as_bytes());
        let level = level(|| left.as_bytes(), facts(left.as_bytes()), || &pattern, facts(right.as_bytes()));
        assert_eq!(LEVELS[level as usize], expected, "{left} {right}");
    }

    #[test]
    fn a_name_is_graded_by_what_happened_to_it() {
        check("gulnara", "gulnaro", "one letter off");
        check("gulnara", "gulanra", "one letter off");
        check("muhammed", "mohamad", "same spelling family");
        check("aibekov", "abekow", "same spelling family");
        check("alimjanova", "alimjano", "beginning only");
        check("alimjan", "a", "initial only");
        check("alimjan", "b", "different");
        check("thomas", "thonat", "two letters off");
        check("catherine", "kathorino", "three letters off");
        check("smith", "jones", "different");
        check("li", "le", "different");
    }

    #[test]
    fn case_blanks_and_stops_are_no_difference() {
        let mut out = String::new();
        normalise("  O.  De  Vries ", &mut out);
        assert_eq!(out, "o de vries");
    }
}
