//! Addresses and divisions: words in common; the township in common.

use crate::hash::{fold, hash};
use crate::text::{LONGEST, Pattern, letters};

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
    let number = number(text.as_bytes());
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

/// Hash of the digits; 0 when there are none.
fn number(text: &[u8]) -> u16 {
    let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
    if digits.is_empty() { 0 } else { hash(&digits) as u16 | 1 }
}

/// The levels of addresses that are spelt nearly alike or have the same number.
pub(crate) const NEAR: [usize; 3] = [2, 3, 4];

/// From so many bytes on an outline holds of a text both its ends, each of so many bytes that one slip leaves one of them
/// as it is.
const LONG: usize = LONGEST - 1;
const END: usize = 24;

/// What tells of most pairs of addresses that they are not near: of the number 12 bits, of the length three, of how many
/// digits there are two, then a bit for a long text, and twelve of everything but the digits or, of a long text, of its
/// ends. Digits and ends are those of the part that distances are taken of.
pub(crate) fn outline(text: &[u8]) -> u32 {
    let compared = &text[..text.len().min(LONGEST)];
    let few = |text: &[u8]| (fold(hash(text)) >> 32) as u32;
    let digits = compared.iter().filter(|byte| byte.is_ascii_digit()).count() as u32;
    let is_long = compared.len() >= LONG;
    let rest = if is_long {
        few(&compared[..END]) & 0x3F | (few(&compared[compared.len() - END..]) & 0x3F) << 6
    } else {
        let others: Vec<u8> = compared.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect();
        few(&others) & 0xFFF
    };
    let number = u32::from(number(text)) & 0xFFF;
    number << 18 | (compared.len() as u32 & 7) << 15 | (digits & 3) << 13 | u32::from(is_long) << 12 | rest
}

/// Whether two different addresses may be on one of the [`NEAR`] levels.
///
/// Where the numbers differ they are one slip apart at most. It leaves everything else as it was, or makes a digit of it
/// or out of it; of two long texts it leaves one end.
#[inline]
pub(crate) fn may_be_near(a: u32, b: u32) -> bool {
    let number = |outline: u32| outline >> 18;
    let length = |outline: u32| outline >> 15 & 7;
    let digits = |outline: u32| outline >> 13 & 3;
    let is_long = |outline: u32| outline >> 12 & 1 == 1;
    // How many more, counted in as many bits.
    let more = |of: fn(u32) -> u32, mask: u32| of(a).wrapping_sub(of(b)) & mask;
    if number(a) == number(b) {
        return true;
    }
    match (is_long(a), is_long(b)) {
        (true, true) => {
            let differing = a ^ b;
            differing & 0x3F == 0 || differing & 0xFC0 == 0
        }
        (false, false) => {
            let is_digit_for_other = matches!(more(digits, 3), 1 | 3) && more(length, 7) == 0;
            (a ^ b) & 0xFFF == 0 || is_digit_for_other
        }
        (is_long, _) => {
            let (long, short) = if is_long { (a, b) } else { (b, a) };
            length(long) == LONG as u32 & 7 && length(short) == (LONG as u32 - 1) & 7
        }
    }
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
    use proptest::prelude::*;

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

    fn address() -> impl Strategy<Value = String> {
        let street = prop::sample::select(vec!["", "帕米尔路", "建外街道大北家园社区居民委员会", "24 gragronor a"]);
        let tail = prop::sample::select(vec!["", "号楼", "a", "-", "单元302室", "社区居民委员会居委"]);
        (street, "[0-9]{0,3}", tail, "[0-9a]{0,3}").prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}"))
    }

    /// A text with a few bytes taken out, put in or replaced.
    fn slips() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
        prop::collection::vec((0..70_usize, 0..4_u8, prop::sample::select(b"0157ae- ".to_vec())), 0..4)
    }

    fn slip(text: &str, slips: &[(usize, u8, u8)]) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, how, byte) in slips {
            let at = at % chars.len().max(1);
            match how {
                0 => chars.insert(at.min(chars.len()), char::from(*byte)),
                1 if !chars.is_empty() => drop(chars.remove(at)),
                2 if at + 1 < chars.len() => chars.swap(at, at + 1),
                _ if !chars.is_empty() => chars[at] = char::from(*byte),
                _ => {}
            }
        }
        chars.into_iter().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn what_outlines_tell_apart_is_not_near((a, other) in (address(), address()), slips in slips(), of_one in any::<bool>()) {
            let b = slip(if of_one { &a } else { &other }, &slips);
            prop_assume!(a != b && !a.is_empty() && !b.is_empty());
            let mut pattern = Pattern::default();
            pattern.set(b.as_bytes());
            let mut long = Long::new();
            let (fa, fb) = (facts(&a, &mut long), facts(&b, &mut long));
            let level = level(|| a.as_bytes(), (&fa, &fb), || &pattern, &long);
            let (oa, ob) = (outline(a.as_bytes()), outline(b.as_bytes()));
            prop_assert_eq!(may_be_near(oa, ob), may_be_near(ob, oa));
            prop_assert!(may_be_near(oa, ob) || !NEAR.contains(&usize::from(level)), "{} {} {}", a, b, LEVELS[level as usize]);
        }
    }

    #[test]
    fn outlines_tell_most_addresses_apart() {
        let of = |text: &str| outline(text.as_bytes());
        let flat = "建外街道建国里社区居委会10号楼1单元302室";
        let far = ["朝外街道体东社区居委会9号楼1单元504室", "建外街道大北家园社区居民委员会31号楼3单元402室"];
        for other in far {
            assert!(!may_be_near(of(flat), of(other)), "{other}");
        }
        assert!(may_be_near(of(flat), of("建外街道建国里社区居委会10号楼1单元303室")));
        let long = "建外街道大北家园社区居民委员会25号楼4单元301室";
        assert!(!may_be_near(of("呼家楼街道金台里社区居民委员会39号楼1单元302室"), of(long)));
        assert!(may_be_near(of("建外街道大北家园社区居民委员会25号楼4单元302室"), of(long)));
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
