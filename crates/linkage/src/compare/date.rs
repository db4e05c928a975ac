//! Birth dates: the slips of clerks, the first of January of those whose day nobody knows, the lunar calendar.

use kernel::{Date, parse_loose_date};

pub(crate) const LEVELS: &[&str] = &[
    "missing",
    "same",
    "day and month swapped",
    "one digit off",
    "two digits swapped",
    "year agrees, one day is 1 January",
    "year off by one, day agrees",
    "year off by two or ten, day agrees",
    "lunar and solar date",
    "year and month agree",
    "year agrees",
    "day agrees",
    "within a year",
    "within four years",
    "within ten years",
    "different",
];
const DIFFERENT: u8 = 15;

/// Writes the date as `YYYY-MM-DD`; eight digits that are no date stay as they are, so that a slip can be seen.
pub(crate) fn normalise(text: &str, out: &mut String) {
    match parse_loose_date(text) {
        Ok(date) => out.push_str(&date.format("%Y-%m-%d").to_string()),
        Err(_) => out.push_str(text.trim()),
    }
}

/// The eight digits, one in each half byte; 0 when there are not eight.
pub(crate) fn facts(text: &[u8]) -> u32 {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    if digits.clone().count() != 8 {
        return 0;
    }
    digits.fold(0, |packed, digit| packed << 4 | u32::from(digit - b'0'))
}

/// The level of two different dates.
pub(crate) fn level(a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return DIFFERENT;
    }
    let differing = a ^ b;
    let same_year = differing >> 16 == 0;
    let same_day = differing & 0xFFFF == 0;
    if same_year && (a & 0xFF) << 8 | a >> 8 & 0xFF == b & 0xFFFF {
        return 2;
    }
    if same_year && (a & 0xFFFF == 0x0101 || b & 0xFFFF == 0x0101) {
        return 5;
    }
    let years = (year(a) - year(b)).abs();
    if same_day && (years <= 2 || years == 10) {
        return if years == 1 { 6 } else { 7 };
    }
    let spots = spots(differing);
    if spots.count_ones() == 1 {
        return 3;
    }
    if spots.count_ones() == 2 && swapped(a, b, spots) {
        return 4;
    }
    if years <= 1 && lunar(a, b) {
        return 8;
    }
    match years {
        0 if differing & 0xFF00 == 0 => 9,
        0 => 10,
        _ if same_day => 11,
        1 => 12,
        2..=4 => 13,
        5..=10 => 14,
        _ => DIFFERENT,
    }
}

/// One bit for each half byte that is not zero.
const fn spots(x: u32) -> u32 {
    let any = x | x >> 1 | x >> 2 | x >> 3;
    any & 0x1111_1111
}

/// Whether two neighbouring digits changed places.
const fn swapped(a: u32, b: u32, spots: u32) -> bool {
    let low = spots.trailing_zeros();
    if spots >> low != 0x11 {
        return false;
    }
    let (x, y) = (a >> low & 0xFF, b >> low & 0xFF);
    x >> 4 == y & 0xF && x & 0xF == y >> 4
}

fn year(packed: u32) -> i32 {
    let digit = |at: u32| (packed >> at & 0xF) as i32;
    digit(28) * 1000 + digit(24) * 100 + digit(20) * 10 + digit(16)
}

fn day(packed: u32) -> Option<Date> {
    let two = |at: u32| (packed >> (at + 4) & 0xF) * 10 + (packed >> at & 0xF);
    Date::from_ymd_opt(year(packed), two(8), two(0))
}

/// A lunar date written as if it were solar lies 17 to 52 days before the solar date of the same day.
fn lunar(a: u32, b: u32) -> bool {
    let (Some(a), Some(b)) = (day(a), day(b)) else { return false };
    (17..=52).contains(&(a - b).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: &str) {
        let packed = |text: &str| facts(text.as_bytes());
        assert_eq!(LEVELS[level(packed(a), packed(b)) as usize], expected, "{a} {b}");
        assert_eq!(level(packed(a), packed(b)), level(packed(b), packed(a)), "{a} {b}");
    }

    #[test]
    fn each_slip_of_a_date_has_its_level() {
        check("1951-03-07", "1951-07-03", "day and month swapped");
        check("1951-03-07", "1951-03-17", "one digit off");
        check("1951-03-07", "1957-03-07", "one digit off");
        check("1951-03-12", "1951-03-21", "two digits swapped");
        check("1951-03-07", "1951-01-01", "year agrees, one day is 1 January");
        check("1951-03-07", "1950-03-07", "year off by one, day agrees");
        check("1951-03-07", "1961-03-07", "year off by two or ten, day agrees");
        check("1951-03-07", "1951-04-11", "lunar and solar date");
        check("1951-03-07", "1951-03-29", "lunar and solar date");
        check("1951-03-07", "1951-03-18", "year and month agree");
        check("1951-03-07", "1951-09-18", "year agrees");
        check("1951-03-07", "1988-03-07", "day agrees");
        check("1951-03-07", "1952-09-18", "within a year");
        check("1951-03-07", "1955-09-18", "within four years");
        check("1951-03-07", "1959-09-18", "within ten years");
        check("1951-03-07", "1988-09-18", "different");
        check("1951-03-07", "unknown", "different");
    }

    #[test]
    fn offices_write_one_date_in_many_ways() {
        for text in ["1951-03-07", "1951/3/7", "19510307", "1951年3月7日"] {
            let mut out = String::new();
            normalise(text, &mut out);
            assert_eq!(out, "1951-03-07");
        }
        let mut out = String::new();
        normalise("19510231", &mut out);
        assert_eq!(facts(out.as_bytes()), 0x1951_0231);
    }
}
