//! Time is an argument: only the application's edge may ask the wall clock.

use crate::Date;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};

/// China keeps one time, eight hours ahead of UTC, all year.
const AHEAD: Duration = Duration::hours(8);

/// A moment as clocks in China show it.
#[must_use]
pub fn in_china(at: DateTime<Utc>) -> NaiveDateTime {
    (at + AHEAD).naive_utc()
}

/// The same to the minute, `2026-11-20 08:05`.
#[must_use]
pub fn china_minute(at: DateTime<Utc>) -> String {
    in_china(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The instant, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The local date in China (UTC+8, no daylight saving).
    fn today(&self) -> Date {
        in_china(self.now()).date()
    }
}

/// The machine's clock; constructed by `app` alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still, for tests and for replays.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl FixedClock {
    /// Noon UTC of the given day.
    ///
    /// # Panics
    /// Never: noon exists on every date.
    #[must_use]
    pub fn on(date: Date) -> Self {
        Self(date.and_hms_opt(12, 0, 0).expect("noon exists").and_utc())
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_begins_at_four_in_the_afternoon_of_utc() {
        let at =
            |hour, minute| crate::parse_date("2026-11-19").unwrap().and_hms_opt(hour, minute, 0).unwrap().and_utc();
        assert_eq!(FixedClock(at(15, 59)).today().to_string(), "2026-11-19");
        assert_eq!(FixedClock(at(16, 0)).today().to_string(), "2026-11-20");
        assert_eq!(china_minute(at(16, 5)), "2026-11-20 00:05");
    }
}
