//! Local calendar dates. Law speaks in days, full months and full years.

use chrono::Datelike;

/// A local calendar date, without time or zone.
pub type Date = chrono::NaiveDate;

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    #[error("not a date of the form 2026-11-20")]
    Shape,
    #[error("no such day in the calendar")]
    NoSuchDay,
}

/// Reads `YYYY-MM-DD` and nothing else.
///
/// # Errors
/// `Shape` when the text has another form, `NoSuchDay` for 2026-02-30.
pub fn parse_date(text: &str) -> Result<Date, DateFault> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return Err(DateFault::Shape);
    }
    from_parts(&text[0..4], &text[5..7], &text[8..10])
}

/// Reads the ways offices write a date: `2026-11-20`, `2026/11/20`, `2026.11.20`, `20261120`,
/// `2026年11月20日`, with one- or two-digit month and day and surrounding blanks.
///
/// # Errors
/// As [`parse_date`].
pub fn parse_loose_date(text: &str) -> Result<Date, DateFault> {
    let text = text.trim();
    let text = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return from_parts(&text[0..4], &text[4..6], &text[6..8]);
    }
    let mut parts = text.split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(y), Some(m), Some(d), None) if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => from_parts(y, m, d),
        _ => Err(DateFault::Shape),
    }
}

fn from_parts(year: &str, month: &str, day: &str) -> Result<Date, DateFault> {
    let number = |s: &str| -> Result<u32, DateFault> {
        if s.bytes().all(|b| b.is_ascii_digit()) {
            s.parse().map_err(|_| DateFault::Shape)
        } else {
            Err(DateFault::Shape)
        }
    };
    let (y, m, d) = (number(year)?, number(month)?, number(day)?);
    Date::from_ymd_opt(i32::try_from(y).map_err(|_| DateFault::Shape)?, m, d).ok_or(DateFault::NoSuchDay)
}

/// Full calendar months from `from` to `to`; negative when `to` is earlier.
///
/// A month is full on the same day number, or on the last day of a month that is too short for it:
/// 31 January to 28 February 2026 is one full month.
#[must_use]
pub fn full_months_between(from: Date, to: Date) -> i32 {
    if to < from {
        return -full_months_between(to, from);
    }
    let months = (to.year() - from.year()) * 12 + i32::try_from(to.month()).unwrap_or(0)
        - i32::try_from(from.month()).unwrap_or(0);
    let reached = to.day() >= from.day() || is_month_end(to);
    if reached { months } else { months - 1 }
}

/// Full calendar years from `from` to `to`; a person born on 29 February ages on 28 February of a common year.
#[must_use]
pub fn full_years_between(from: Date, to: Date) -> i32 {
    full_months_between(from, to) / 12
}

fn is_month_end(date: Date) -> bool {
    date.succ_opt().is_none_or(|next| next.month() != date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        parse_date(text).unwrap()
    }

    #[test]
    fn offices_dates_are_read() {
        for text in ["2026-11-05", "2026/11/5", "2026.11.05", "20261105", "2026年11月5日", " 2026-11-05 00:00:00 "] {
            assert_eq!(parse_loose_date(text), Ok(d("2026-11-05")), "{text}");
        }
        assert_eq!(parse_loose_date("2026-02-30"), Err(DateFault::NoSuchDay));
        assert_eq!(parse_loose_date("05/11/2026"), Err(DateFault::Shape));
        assert_eq!(parse_loose_date(""), Err(DateFault::Shape));
    }

    #[test]
    fn years_are_full_years() {
        assert_eq!(full_years_between(d("1966-11-21"), d("2026-11-20")), 59);
        assert_eq!(full_years_between(d("1966-11-20"), d("2026-11-20")), 60);
        assert_eq!(full_years_between(d("1964-02-29"), d("2026-02-28")), 62);
    }

    #[test]
    fn months_end_with_short_months() {
        assert_eq!(full_months_between(d("2026-01-31"), d("2026-02-28")), 1);
        assert_eq!(full_months_between(d("2026-01-30"), d("2026-02-27")), 0);
        assert_eq!(full_months_between(d("2026-05-20"), d("2026-11-20")), 6);
        assert_eq!(full_months_between(d("2026-11-20"), d("2026-05-20")), -6);
    }
}
