//! Time is an argument: only the application's edge may ask the wall clock.

use crate::Date;
use chrono::{DateTime, Utc};

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The instant, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The local date in China (UTC+8, no daylight saving).
    fn today(&self) -> Date {
        (self.now() + chrono::Duration::hours(8)).date_naive()
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
