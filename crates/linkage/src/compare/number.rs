//! Numbers as people copy them: citizen ID numbers, phones, other numbers.

use kernel::IdNumber;

use crate::text::Pattern;

pub(crate) const NUMBER_LEVELS: &[&str] =
    &["missing", "same", "one digit wrong", "two digits swapped", "two digits wrong", "a digit too many or few", "different"];
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

/// Whether the check character holds; worked out once for each distinct number.
pub(crate) fn id_holds(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| IdNumber::parse(text).is_ok())
}

/// Level of two different numbers among [`NUMBER_LEVELS`].
pub(crate) fn number_level(left: &[u8], right: &Pattern) -> u8 {
    match slip(left, right) {
        Slip::Replaced => 2,
        Slip::Swapped => 3,
        Slip::TwoReplaced => 4,
        Slip::Length => 5,
        Slip::Other => 6,
    }
}

/// Level of two different phone numbers among [`PHONE_LEVELS`].
pub(crate) fn phone_level(left: &[u8], right: &Pattern) -> u8 {
    let (short, long) = if left.len() < right.text().len() { (left, right.text()) } else { (right.text(), left) };
    if short.len() >= 7 && long.ends_with(short) {
        return 2;
    }
    match slip(left, right) {
        Slip::Replaced => 3,
        Slip::Swapped => 4,
        Slip::Length => 5,
        Slip::TwoReplaced | Slip::Other => 6,
    }
}

/// Level of two different ID numbers among [`ID_LEVELS`].
pub(crate) fn id_level(left: &[u8], left_holds: bool, right: &Pattern, right_holds: bool) -> u8 {
    let both_hold = left_holds && right_holds;
    match slip(left, right) {
        Slip::Replaced if both_hold => 6,
        Slip::Replaced => 2,
        Slip::Swapped if !both_hold => 3,
        Slip::TwoReplaced if !both_hold => 4,
        _ if left.len() == 18 && right.text().len() == 18 && left[6..17] == right.text()[6..17] => 5,
        _ if both_hold => 8,
        _ => 7,
    }
}

enum Slip {
    Replaced,
    Swapped,
    TwoReplaced,
    Length,
    Other,
}

fn slip(left: &[u8], right: &Pattern) -> Slip {
    let (a, b) = (left, right.text());
    if a.len() != b.len() {
        let near = a.len().abs_diff(b.len()) == 1 && a.len() > 5 && right.distance(a) == 1;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.set(text.as_bytes());
        pattern
    }

    #[test]
    fn a_slip_in_a_number_has_its_level() {
        let check = |a: &str, b: &str, expected: &str| {
            assert_eq!(NUMBER_LEVELS[number_level(a.as_bytes(), &pattern(b)) as usize], expected, "{a} {b}");
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
            let level = id_level(a.as_bytes(), id_holds(a.as_bytes()), &pattern(b), id_holds(b.as_bytes()));
            assert_eq!(ID_LEVELS[level as usize], expected);
        };
        let own = id(17);
        let mut wrong = own.clone().into_bytes();
        wrong[3] = if wrong[3] == b'9' { b'8' } else { wrong[3] + 1 };
        check(&own, std::str::from_utf8(&wrong).unwrap(), "one digit wrong, check character fails");
        let swapped = format!("{}{}{}{}", &own[..3], &own[4..5], &own[3..4], &own[5..]);
        let expected =
            if own[3..4] == own[4..5] { "same" } else { "two digits swapped, check character fails" };
        if expected != "same" {
            check(&own, &swapped, expected);
        }
        let moved = IdNumber::compose("110101", date, 17).unwrap();
        check(&own, moved.reveal(), "same birth date and sequence, other region");
        let other = IdNumber::compose("653001", kernel::parse_date("1977-11-23").unwrap(), 480).unwrap();
        check(&own, other.reveal(), "different");
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
        assert_eq!(PHONE_LEVELS[phone_level(b"09084222222", &pattern("4222222")) as usize], "same without the prefix");
        assert_eq!(PHONE_LEVELS[phone_level(b"13999990001", &pattern("13999990002")) as usize], "one digit wrong");
    }
}
