//! Numbers as people copy them: citizen ID numbers, phones, other numbers.

use kernel::IdNumber;

pub(crate) const NUMBER_LEVELS: &[&str] = &[
    "missing",
    "same",
    "one digit wrong",
    "two digits swapped",
    "two digits wrong",
    "a digit too many or few",
    "different",
];
pub(crate) const PHONE_LEVELS: &[&str] = &[
    "missing",
    "same",
    "same without the prefix",
    "one digit wrong",
    "two digits swapped",
    "a digit too many or few",
    "different",
];
pub(crate) const ID_LEVELS: &[&str] = &[
    "missing",
    "same",
    "one digit wrong, check character fails",
    "two digits swapped, check character fails",
    "two digits wrong, check character fails",
    "same birth date and sequence, other region",
    "one digit differs, both check characters hold",
    "different, a check character fails",
    "different",
];

/// Digits and letters only, capitals, full-width forms made narrow.
pub(crate) fn normalise(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '０'..='９' => out.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            'ｘ' | 'Ｘ' => out.push('X'),
            c if c.is_alphanumeric() => out.extend(c.to_uppercase()),
            _ => {}
        }
    }
}

/// The 18-character form of a number that holds, else what was written: the old 15-digit form equals the new.
pub(crate) fn normalise_id(text: &str, out: &mut String) {
    match IdNumber::parse(text) {
        Ok(number) => out.push_str(number.reveal()),
        Err(_) => normalise(text, out),
    }
}

/// Digits of a phone number, without the country code of China.
pub(crate) fn normalise_phone(text: &str, out: &mut String) {
    normalise(text, out);
    for prefix in ["0086", "86"] {
        if out.len() == 11 + prefix.len() && out.starts_with(prefix) {
            out.drain(..prefix.len());
        }
    }
}

/// Whether the check character holds (ISO 7064 MOD 11-2, as in [`IdNumber`]), without allocating.
fn id_holds(text: &[u8]) -> bool {
    let Some((last, body)) = text.split_last().filter(|_| text.len() == 18) else { return false };
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum = body.iter().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = (12 - sum) % 11;
    u32::from(*last) == if check == 10 { u32::from(b'X') } else { u32::from(b'0') + check }
}

/// Up to 15 digits in half bytes, the first highest, and their count; 0 for any other text.
pub(crate) fn pack(text: &[u8]) -> u64 {
    if text.is_empty() || text.len() > 15 || !text.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let digits = text.iter().fold(0, |packed, digit| packed << 4 | u64::from(digit - b'0'));
    digits << (4 * (16 - text.len())) | text.len() as u64
}

/// Level of two different numbers among [`NUMBER_LEVELS`].
pub(crate) fn number_level<'a>(left: (u64, impl Fn() -> &'a [u8]), right: (u64, impl Fn() -> &'a [u8])) -> u8 {
    match packed_slip(left.0, right.0).unwrap_or_else(|| slip(left.1(), right.1())) {
        Slip::Replaced => 2,
        Slip::Swapped => 3,
        Slip::TwoReplaced => 4,
        Slip::Length => 5,
        Slip::Prefix | Slip::Other => 6,
    }
}

/// Level of two different phone numbers among [`PHONE_LEVELS`].
pub(crate) fn phone_level<'a>(left: (u64, impl Fn() -> &'a [u8]), right: (u64, impl Fn() -> &'a [u8])) -> u8 {
    let slip = packed_slip(left.0, right.0).unwrap_or_else(|| {
        let (a, b) = (left.1(), right.1());
        let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
        if short.len() >= 7 && long.ends_with(short) { Slip::Prefix } else { slip(a, b) }
    });
    match slip {
        Slip::Prefix => 2,
        Slip::Replaced => 3,
        Slip::Swapped => 4,
        Slip::Length => 5,
        Slip::TwoReplaced | Slip::Other => 6,
    }
}

/// The slip between two packed numbers of one length.
fn packed_slip(a: u64, b: u64) -> Option<Slip> {
    if a == 0 || a & 0xF != b & 0xF {
        return None;
    }
    let differing = a ^ b;
    let spots = (differing | differing >> 1 | differing >> 2 | differing >> 3) & 0x1111_1111_1111_1111;
    Some(match spots.count_ones() {
        1 => Slip::Replaced,
        2 => {
            let low = spots.trailing_zeros();
            let (x, y) = (a >> low & 0xFF, b >> low & 0xFF);
            if spots >> low == 0x11 && x >> 4 == y & 0xF && x & 0xF == y >> 4 {
                Slip::Swapped
            } else if a & 0xF > 6 {
                Slip::TwoReplaced
            } else {
                Slip::Other
            }
        }
        _ => Slip::Other,
    })
}

/// Level of two different ID numbers among [`ID_LEVELS`].
pub(crate) fn id_level(left: &[u8], right: &[u8]) -> u8 {
    let both_hold = id_holds(left) && id_holds(right);
    match slip(left, right) {
        Slip::Replaced if both_hold => 6,
        Slip::Replaced => 2,
        Slip::Swapped if !both_hold => 3,
        Slip::TwoReplaced if !both_hold => 4,
        _ if left.len() == 18 && right.len() == 18 && left[6..17] == right[6..17] => 5,
        _ if both_hold => 8,
        _ => 7,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    Prefix,
    Replaced,
    Swapped,
    TwoReplaced,
    Length,
    Other,
}

fn slip(left: &[u8], right: &[u8]) -> Slip {
    let (a, b) = (left, right);
    if a.len() != b.len() {
        let near = a.len().abs_diff(b.len()) == 1 && a.len() > 5 && one_apart(a, b);
        return if near { Slip::Length } else { Slip::Other };
    }
    let mut places = a.iter().zip(b).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at);
    let (Some(first), second, None) = (places.next(), places.next(), places.next()) else { return Slip::Other };
    match second {
        None => Slip::Replaced,
        Some(second) if second == first + 1 && a[first] == b[second] && a[second] == b[first] => Slip::Swapped,
        Some(_) if a.len() > 6 => Slip::TwoReplaced,
        Some(_) => Slip::Other,
    }
}

/// Whether taking one digit from the longer gives the shorter.
fn one_apart(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    short[same..] == long[same + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_number_has_its_level() {
        let check = |a: &'static str, b: &'static str, expected: &str| {
            for packed in [pack, |_: &[u8]| 0] {
                let number = |text: &'static str| (packed(text.as_bytes()), move || text.as_bytes());
                assert_eq!(NUMBER_LEVELS[number_level(number(a), number(b)) as usize], expected, "{a} {b}");
            }
        };
        check("12345678", "12345679", "one digit wrong");
        check("12345678", "12435678", "two digits swapped");
        check("12345678", "92345679", "two digits wrong");
        check("12345678", "1234568", "a digit too many or few");
        check("12345678", "87654321", "different");
    }

    #[test]
    fn an_id_number_with_a_failing_check_is_told_from_another_persons() {
        let date = kernel::parse_date("1951-03-07").unwrap();
        let id = |sequence| IdNumber::compose("653001", date, sequence).unwrap().reveal().to_owned();
        let check = |a: &str, b: &str, expected: &str| {
            let level = id_level(a.as_bytes(), b.as_bytes());
            assert_eq!(ID_LEVELS[level as usize], expected);
        };
        let own = id(17);
        let mut wrong = own.clone().into_bytes();
        wrong[3] = if wrong[3] == b'9' { b'8' } else { wrong[3] + 1 };
        check(&own, std::str::from_utf8(&wrong).unwrap(), "one digit wrong, check character fails");
        let swapped = format!("{}{}{}{}", &own[..3], &own[4..5], &own[3..4], &own[5..]);
        let expected = if own[3..4] == own[4..5] { "same" } else { "two digits swapped, check character fails" };
        if expected != "same" {
            check(&own, &swapped, expected);
        }
        let moved = IdNumber::compose("110101", date, 17).unwrap();
        check(&own, moved.reveal(), "same birth date and sequence, other region");
        let other = IdNumber::compose("653001", kernel::parse_date("1977-11-23").unwrap(), 480).unwrap();
        check(&own, other.reveal(), "different");
    }

    #[test]
    fn the_quick_check_agrees_with_the_kernel() {
        for sequence in 0..400 {
            let id = IdNumber::compose("653001", kernel::parse_date("1951-03-07").unwrap(), sequence).unwrap();
            let own = id.reveal().as_bytes();
            let holding: Vec<u8> =
                b"0123456789X".iter().filter(|c| id_holds(&[&own[..17], &[**c]].concat())).copied().collect();
            assert_eq!(holding, [own[17]]);
        }
    }

    #[test]
    fn the_fifteen_digit_form_is_the_same_number() {
        let date = kernel::parse_date("1951-03-07").unwrap();
        let id = IdNumber::compose("653001", date, 17).unwrap();
        let old = format!("{}{}", &id.reveal()[..6], &id.reveal()[8..17]);
        let (mut a, mut b) = (String::new(), String::new());
        normalise_id(id.reveal(), &mut a);
        normalise_id(&old, &mut b);
        assert_eq!(a, b);
    }

    #[test]
    fn a_phone_number_is_the_same_with_and_without_its_prefix() {
        let mut out = String::new();
        normalise_phone("+86 139-9999-0001", &mut out);
        assert_eq!(out, "13999990001");
        let level = |a: &'static str, b: &'static str| {
            let phone = |text: &'static str| (pack(text.as_bytes()), move || text.as_bytes());
            PHONE_LEVELS[phone_level(phone(a), phone(b)) as usize]
        };
        assert_eq!(level("09084222222", "4222222"), "same without the prefix");
        assert_eq!(level("13999990001", "13999990002"), "one digit wrong");
        assert_eq!(level("13999990001", "1399990001"), "a digit too many or few");
    }
}
