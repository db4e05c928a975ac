//! Distances between short texts, without allocation.

/// Bytes of a text that are compared.
pub(crate) const LONGEST: usize = 64;

/// A text made ready to be compared with many others: for every byte, the places where it stands.
///
/// Holds texts of up to 64 bytes; longer ones are cut.
#[derive(Clone)]
pub struct Pattern {
    places: Box<[u64; 256]>,
    text: Vec<u8>,
}

impl Default for Pattern {
    fn default() -> Self {
        Self { places: Box::new([0; 256]), text: Vec::with_capacity(LONGEST) }
    }
}

impl Pattern {
    /// Takes another text.
    pub fn set(&mut self, text: &[u8]) {
        for byte in &self.text {
            self.places[*byte as usize] = 0;
        }
        self.text.clear();
        self.text.extend_from_slice(&text[..text.len().min(LONGEST)]);
        for (at, byte) in self.text.iter().enumerate() {
            self.places[*byte as usize] |= 1 << at;
        }
    }

    /// The text that was set.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    ///
    /// Bit-parallel (Hyyrö 2003): one step per byte of `other`.
    #[must_use]
    pub fn distance(&self, other: &[u8]) -> u32 {
        let other = &other[..other.len().min(LONGEST)];
        let length = self.text.len();
        if length == 0 {
            return other.len() as u32;
        }
        let last = 1_u64 << (length - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = length as u32;
        for byte in other {
            let matches = self.places[*byte as usize];
            let swapped = ((!diagonal & matches) << 1) & before;
            diagonal = ((matches & up).wrapping_add(up) ^ up) | matches | down | swapped;
            let right_up = down | !(diagonal | up);
            let right_down = diagonal & up;
            distance += u32::from(right_up & last != 0);
            distance -= u32::from(right_down & last != 0);
            let shifted = right_up << 1 | 1;
            up = right_down << 1 | !(diagonal | shifted);
            down = diagonal & shifted;
            before = matches;
        }
        distance
    }
}

/// [`Pattern::distance`] between two texts of any alphabet; for texts compared once.
#[must_use]
pub fn distance(a: &str, b: &str) -> u32 {
    if a.is_ascii() && b.is_ascii() {
        let mut pattern = Pattern::default();
        pattern.set(a.as_bytes());
        return pattern.distance(b.as_bytes());
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = [vec![0; b.len() + 1], (0..=b.len() as u32).collect::<Vec<u32>>(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        rows.rotate_left(1);
        // rows[0] is now the row before, rows[2] the one before that
        let (two_before, before) = (rows[2].clone(), rows[0].clone());
        let row = &mut rows[1];
        row[0] = i as u32;
        for j in 1..=b.len() {
            let replaced = before[j - 1] + u32::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(before[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(two_before[j - 2] + 1);
            }
        }
    }
    rows[1][b.len()]
}

/// Whether so many insertions, deletions, replacements and swaps of neighbours, three at most, make one short text
/// the other.
#[must_use]
pub fn near(a: &[u8], b: &[u8], allowed: usize) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    if a.len().abs_diff(b.len()) > allowed {
        return false;
    }
    if a.is_empty() || b.is_empty() || allowed == 0 {
        return a.len().max(b.len()) <= allowed;
    }
    let left = allowed - 1;
    near(&a[1..], b, left)
        || near(a, &b[1..], left)
        || near(&a[1..], &b[1..], left)
        || a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && near(&a[2..], &b[2..], left)
}

/// Jaro–Winkler similarity, 0 to 1, of texts of up to 64 bytes.
#[must_use]
pub fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let (a, b) = (&a[..a.len().min(64)], &b[..b.len().min(64)]);
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut taken_a, mut taken_b, mut matches) = (0_u64, 0_u64, 0_u32);
    for (i, byte) in a.iter().enumerate() {
        #[expect(clippy::needless_range_loop, reason = "the place is what is wanted")]
        for j in i.saturating_sub(reach)..(i + reach + 1).min(b.len()) {
            if taken_b >> j & 1 == 0 && b[j] == *byte {
                taken_a |= 1 << i;
                taken_b |= 1 << j;
                matches += 1;
                break;
            }
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let mut crossed = 0;
    let mut j = 0;
    for i in (0..a.len()).filter(|i| taken_a >> i & 1 == 1) {
        while taken_b >> j & 1 == 0 {
            j += 1;
        }
        crossed += u32::from(a[i] != b[j]);
        j += 1;
    }
    let m = f64::from(matches);
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - f64::from(crossed) / 2.0) / m) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

/// Which letters a text has: texts within distance `d` differ in at most `2 d` of these bits.
#[must_use]
pub fn letters(text: &[u8]) -> u32 {
    text.iter().fold(0, |set, byte| set | 1 << (byte & 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check_distance(a: &str, b: &str, expected: u32) {
        let mut pattern = Pattern::default();
        pattern.set(a.as_bytes());
        assert_eq!(pattern.distance(b.as_bytes()), expected, "{a} {b}");
        assert_eq!(distance(a, b), expected, "{a} {b}");
    }

    #[test]
    fn a_typo_of_each_kind_is_one_step() {
        check_distance("martha", "martha", 0);
        check_distance("martha", "marhta", 1);
        check_distance("martha", "marth", 1);
        check_distance("martha", "marthaa", 1);
        check_distance("martha", "mbrtha", 1);
        check_distance("martha", "", 6);
        check_distance("", "ab", 2);
    }

    #[test]
    fn characters_outside_ascii_count_as_one() {
        assert_eq!(distance("王小明", "王晓明"), 1);
        assert_eq!(distance("王小明", "王明小"), 1);
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        assert!((jaro_winkler(b"martha", b"marhta") - 0.9611).abs() < 1e-4);
        assert!((jaro_winkler(b"dwayne", b"duane") - 0.84).abs() < 1e-4);
        assert!((jaro_winkler(b"dixon", b"dicksonx") - 0.8133).abs() < 1e-4);
        assert!(jaro_winkler(b"abc", b"xyz") == 0.0);
    }

    /// The textbook table, to check the bit-parallel form against.
    fn by_table(a: &[u8], b: &[u8]) -> u32 {
        let mut d = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    (i + j) as u32
                } else {
                    let mut best = d[i - 1][j - 1] + u32::from(a[i - 1] != b[j - 1]);
                    best = best.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(d[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        d[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn the_fast_distance_is_the_textbook_distance(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            let expected = by_table(a.as_bytes(), b.as_bytes());
            let mut pattern = Pattern::default();
            pattern.set(b"something else");
            pattern.set(a.as_bytes());
            prop_assert_eq!(pattern.distance(b.as_bytes()), expected);
            // the path for other alphabets
            let (wide_a, wide_b) = (format!("é{a}"), format!("é{b}"));
            prop_assert_eq!(distance(&wide_a, &wide_b), expected);
        }

        #[test]
        fn near_is_within_the_distance(a in "[abc]{0,9}", b in "[abc]{0,9}", allowed in 0_usize..4) {
            prop_assert_eq!(near(a.as_bytes(), b.as_bytes(), allowed), distance(&a, &b) as usize <= allowed);
        }

        #[test]
        fn letters_bound_the_distance(a in "[a-z]{0,12}", b in "[a-z]{0,12}") {
            let differing = (letters(a.as_bytes()) ^ letters(b.as_bytes())).count_ones();
            prop_assert!(differing <= 2 * distance(&a, &b));
        }
    }
}
