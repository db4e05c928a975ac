//! What comes next and by when: the pack's steps, counted in working days.

use chrono::{Datelike, Weekday};
use kernel::Date;
use policy::Pack;
use policy::model::{Benefit, Count, Process};
use policy::value::ValueType;

use crate::model::{Matter, State};

/// The day that many working days later. Saturdays and Sundays don't count; public holidays do, until the pack knows
/// them.
#[must_use]
pub fn working_days_after(day: Date, days: u64) -> Date {
    let mut at = day;
    let mut left = days;
    while left > 0 {
        let Some(next) = at.succ_opt() else { return at };
        at = next;
        if !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    at
}

/// The step that comes next.
pub fn next(pack: &Pack, benefit: &Benefit, matter: &Matter, notified: bool) -> Option<&'static str> {
    let once = is_once(pack, benefit);
    match matter.state {
        State::Contacting => Some("again"),
        State::Accepted => benefit.process.as_ref().map(|_| "file"),
        State::Filed if matter.papers.len() < benefit.opens.len() => Some("papers"),
        State::Filed => Some("recommend"),
        State::Recommended => Some("decide"),
        State::Granted if !notified => Some("notify"),
        State::Granted if once => Some("deliver"),
        State::Refused | State::Ended if !notified => Some("notify"),
        State::Stopping => Some("stop"),
        _ => None,
    }
}

/// Whether it is given once, on a day, rather than running on: what an award records is a date.
pub fn is_once(pack: &Pack, benefit: &Benefit) -> bool {
    let records = benefit.process.as_ref().and_then(|process| process.records.as_deref());
    let fact = records.and_then(|key| pack.dictionary.get("person", key));
    fact.map_or(benefit.kind == "in_kind", |fact| fact.value_type == ValueType::Date)
}

/// The last day of a step that began on a day; none where the pack names no deadline.
pub fn due(pack: &Pack, process: Option<&Process>, step: &str, since: Date) -> Option<Date> {
    let days = match process?.step(step)?.working_days.as_ref()? {
        Count::Number(days) => *days,
        Count::Parameter(id, _) => pack.parameter(id)?.on(since)?.value.as_units()?,
    };
    Some(working_days_after(since, u64::try_from(days).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_are_not_counted() {
        let day = |text: &str| kernel::parse_date(text).unwrap();
        assert_eq!(working_days_after(day("2026-11-26"), 1), day("2026-11-27"));
        assert_eq!(working_days_after(day("2026-11-27"), 1), day("2026-11-30"));
        assert_eq!(working_days_after(day("2026-11-28"), 5), day("2026-12-04"));
        assert_eq!(working_days_after(day("2026-11-30"), 0), day("2026-11-30"));
    }
}
