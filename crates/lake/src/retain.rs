//! Which days are kept, and taking the others away.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{Datelike, Days, Months};
use kernel::Date;
use serde::Deserialize;

use crate::fault::LakeFault;
use crate::publish::discard;
use crate::read::dates;

/// A day stays when any of these keeps it. Counted back from the newest day, which always stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Every day of the last so many.
    pub days: u32,
    /// The last day there is of each of the last so many months.
    pub months: u32,
    /// The last day there is of each of the last so many years.
    pub years: u32,
}

impl Retention {
    /// The days that nothing keeps, oldest first.
    #[must_use]
    pub fn leaves(&self, days: &[Date]) -> Vec<Date> {
        let Some(newest) = days.iter().max().copied() else { return Vec::new() };
        let last_of = |key: fn(Date) -> (i32, u32)| -> BTreeMap<(i32, u32), Date> {
            let mut last = BTreeMap::new();
            days.iter().for_each(|day| {
                let slot = last.entry(key(*day)).or_insert(*day);
                *slot = (*slot).max(*day);
            });
            last
        };
        let of_month = last_of(|day| (day.year(), day.month()));
        let of_year = last_of(|day| (day.year(), 0));
        let recent = newest.checked_sub_days(Days::new(u64::from(self.days))).unwrap_or(Date::MIN);
        let first_month = newest.with_day(1).and_then(|d| d.checked_sub_months(Months::new(self.months)));
        let first_year = newest.year().saturating_sub(i32::try_from(self.years).unwrap_or(i32::MAX));
        let kept = |day: Date| {
            day == newest
                || day > recent
                || first_month.is_none_or(|first| day >= first)
                    && of_month.get(&(day.year(), day.month())) == Some(&day)
                || day.year() >= first_year && of_year.get(&(day.year(), 0)) == Some(&day)
        };
        let mut left: Vec<Date> = days.iter().copied().filter(|day| !kept(*day)).collect();
        left.sort_unstable();
        left
    }
}

/// Takes the days away that the policy does not keep; says which.
///
/// # Errors
/// When the folder can't be listed or a day can't be removed; what was removed before stays removed.
pub fn retain(lake: &Path, retention: &Retention) -> Result<Vec<Date>, LakeFault> {
    let left = retention.leaves(&dates(lake)?);
    for day in &left {
        discard(lake, &format!("as_of={day}"))?;
    }
    Ok(left)
}

/// How many bytes the days hold, for telling what a policy costs.
///
/// # Errors
/// When a folder can't be listed.
pub fn size(lake: &Path) -> Result<u64, LakeFault> {
    let mut bytes = 0;
    for (_, path) in crate::publish::entries(lake)? {
        let about = fs::metadata(&path).map_err(LakeFault::io("read", &path))?;
        bytes += if about.is_dir() { size(&path)? } else { about.len() };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        kernel::parse_date(text).unwrap()
    }

    fn every(from: &str, until: &str) -> Vec<Date> {
        let until = day(until);
        day(from).iter_days().take_while(|d| *d <= until).collect()
    }

    #[test]
    fn recent_days_month_ends_and_year_ends_stay() {
        let policy = Retention { days: 40, months: 3, years: 2 };
        let days = every("2023-01-01", "2026-11-20");
        let left = policy.leaves(&days);
        let kept: Vec<String> = days.iter().filter(|d| !left.contains(d)).map(ToString::to_string).collect();
        assert_eq!(kept[..4], ["2024-12-31", "2025-12-31", "2026-08-31", "2026-09-30"]);
        assert_eq!(kept.len(), 4 + 40, "{kept:?}");
        assert_eq!(kept.last().map(String::as_str), Some("2026-11-20"));
    }

    #[test]
    fn a_month_without_its_last_night_keeps_the_last_there_is() {
        let policy = Retention { days: 1, months: 12, years: 0 };
        let days = ["2026-08-14", "2026-08-29", "2026-10-02", "2026-11-19", "2026-11-20"].map(day);
        assert_eq!(policy.leaves(&days), ["2026-08-14", "2026-11-19"].map(day));
    }

    #[test]
    fn the_newest_day_stays_whatever_the_policy_says() {
        let none = Retention { days: 0, months: 0, years: 0 };
        assert_eq!(none.leaves(&[day("2026-11-20")]), []);
        assert_eq!(none.leaves(&[]), []);
    }

    #[test]
    fn days_are_taken_away_as_a_whole() {
        let lake = tempfile::tempdir().unwrap();
        for date in ["2026-11-18", "2026-11-19", "2026-11-20"] {
            let county = lake.path().join(format!("as_of={date}/county=653001"));
            fs::create_dir_all(&county).unwrap();
            fs::write(county.join("person.parquet"), "12345").unwrap();
        }
        assert_eq!(size(lake.path()).unwrap(), 15);
        let policy = Retention { days: 1, months: 0, years: 0 };
        assert_eq!(retain(lake.path(), &policy).unwrap(), ["2026-11-18", "2026-11-19"].map(day));
        assert_eq!(dates(lake.path()).unwrap(), [day("2026-11-20")]);
        assert_eq!(size(lake.path()).unwrap(), 5);
    }
}
