//! Calendar functions over days since 1970-01-01.
//!
//! Dates outside the years 1 to 9999 are null, as databases can't hold them alike.

use chrono::{Datelike, Months};
use kernel::{Date, full_months_between, full_years_between};

use crate::expr::DateCall;
use crate::value::{date_of, days_of};

const FIRST: i64 = -719_162;
const LAST: i64 = 2_932_896;

/// The value of a date function; null when a date leaves the calendar.
pub fn call(which: DateCall, a: i64, b: i64) -> Option<i64> {
    if which == DateCall::DaysBetween {
        return Some(b - a);
    }
    if which == DateCall::AddDays {
        return checked(a.checked_add(b)?);
    }
    let from = day(a)?;
    match which {
        DateCall::MonthsBetween => Some(full_months_between(from, day(b)?).into()),
        DateCall::YearsBetween => Some(full_years_between(from, day(b)?).into()),
        DateCall::AddMonths => add_months(from, b),
        DateCall::MonthStart => checked(days_of(from.with_day(1)?).into()),
        DateCall::MonthEnd => checked(days_of(month_end(from)?).into()),
        DateCall::YearStart => checked(days_of(Date::from_ymd_opt(from.year(), 1, 1)?).into()),
        DateCall::YearEnd => checked(days_of(Date::from_ymd_opt(from.year(), 12, 31)?).into()),
        DateCall::DaysBetween | DateCall::AddDays => None,
    }
}

fn day(days: i64) -> Option<Date> {
    i32::try_from(days).ok().map(date_of)
}

fn checked(days: i64) -> Option<i64> {
    (FIRST..=LAST).contains(&days).then_some(days)
}

/// The same day number some months on, or the last day of a month that is too short for it.
fn add_months(from: Date, months: i64) -> Option<i64> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let to = if months < 0 { from.checked_sub_months(count) } else { from.checked_add_months(count) };
    checked(days_of(to?).into())
}

fn month_end(date: Date) -> Option<Date> {
    date.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> i64 {
        days_of(kernel::parse_date(text).expect("a day")).into()
    }

    #[test]
    fn months_stop_at_the_end_of_short_ones() {
        for (from, months, to) in
            [("2026-01-31", 1, "2026-02-28"), ("2024-02-29", -12, "2023-02-28"), ("2026-11-20", 14, "2028-01-20")]
        {
            assert_eq!(call(DateCall::AddMonths, on(from), months), Some(on(to)), "{from} {months}");
        }
        assert_eq!(call(DateCall::AddMonths, on("9999-12-01"), 1), None);
        assert_eq!(call(DateCall::AddDays, on("9999-12-31"), 1), None);
        assert_eq!(call(DateCall::AddDays, on("0001-01-01"), -1), None);
    }

    #[test]
    fn months_and_years_have_ends() {
        let each = [
            (DateCall::MonthStart, "2024-02-01"),
            (DateCall::MonthEnd, "2024-02-29"),
            (DateCall::YearStart, "2024-01-01"),
            (DateCall::YearEnd, "2024-12-31"),
        ];
        for (which, to) in each {
            assert_eq!(call(which, on("2024-02-10"), 0), Some(on(to)));
        }
    }
}
