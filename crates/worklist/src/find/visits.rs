//! Visits due in the current period and not yet made: counted from the visits recorded, kind by kind.

use std::sync::Arc;

use chrono::{Datelike, Days, Months};
use kernel::{Date, PersonId};
use policy::Pack;
use policy::model::{Count, Visit};

use super::{Findings, Here, date};
use crate::model::{Kind, Wanted};

pub fn find(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let [never, due, overdue]: [Arc<str>; 3] = ["never_visited", "visit_due", "visit_overdue"].map(Into::into);
    for rule in night.rules("visit") {
        let Some(visit) = night.pack.rule(&rule.id).and_then(|r| r.visit()) else { continue };
        let Some(now) = Period::around(&visit.every, night.as_of) else { continue };
        let times = times(night, visit);
        let made = Made::of_kinds(night, visit);
        let last = visit.last_fact.as_deref().and_then(|key| here.people.column(key));
        for row in rule.outcome.yes.ones() {
            let visits = made.of(here.person(row), now);
            if visits.now >= times {
                continue;
            }
            let last = last.and_then(|column| date(&column.get(row))).max(visits.last);
            let (due, cause) = match last {
                None => (now.end, &never),
                Some(last) if last < now.before_start => (now.before_end, &overdue),
                Some(_) => (now.end, &due),
            };
            wanted.push(Wanted { due_on: Some(due), ..here.item(Kind::Visit, &rule.id, row, cause) });
        }
    }
    wanted
}

/// The first day whose visits matter for a night: the period before the current one, of the rarest visit.
#[must_use]
pub fn visits_from(pack: &Pack, as_of: Date) -> Date {
    let visits = pack.rules.iter().filter_map(|rule| rule.visit());
    let starts = visits.filter_map(|visit| Period::around(&visit.every, as_of)).map(|period| period.before_start);
    starts.min().unwrap_or(as_of)
}

/// The calendar period that holds a day, and the one before it.
#[derive(Clone, Copy, Debug)]
struct Period {
    start: Date,
    end: Date,
    before_start: Date,
    before_end: Date,
}

impl Period {
    /// `every`: `month`, `quarter`, `year`, as packs write it.
    fn around(every: &str, day: Date) -> Option<Self> {
        let (first_month, months) = match every {
            "month" => (day.month(), 1),
            "quarter" => ((day.month0() / 3) * 3 + 1, 3),
            "year" => (1, 12),
            _ => return None,
        };
        let start = Date::from_ymd_opt(day.year(), first_month, 1)?;
        let next = start.checked_add_months(Months::new(months))?;
        Some(Self {
            start,
            end: next.checked_sub_days(Days::new(1))?,
            before_start: start.checked_sub_months(Months::new(months))?,
            before_end: start.checked_sub_days(Days::new(1))?,
        })
    }
}

/// Visits of a rule's kinds up to the night, by person, then day.
struct Made(Vec<(PersonId, Date)>);

/// What was made of one person's visits.
struct Visits {
    /// In the current period.
    now: i64,
    last: Option<Date>,
}

impl Made {
    fn of_kinds(night: &Findings<'_>, visit: &Visit) -> Self {
        let Some(table) = night.population.table("visit") else { return Self(Vec::new()) };
        let (Some(people), Some(kinds), Some(days)) =
            (table.column("person_id"), table.column("kind"), table.column("on"))
        else {
            return Self(Vec::new());
        };
        let people = people.meanings(|text| text.parse::<PersonId>().ok());
        let kinds = kinds.meanings(|kind| visit.kinds.iter().any(|k| k == kind));
        let rows = (0..table.rows()).filter(|row| kinds.get(*row) == Some(&true));
        let made_on = |row| Some((people.get(row).copied().flatten()?, date(&days.get(row))?));
        let mut made = Vec::with_capacity(table.rows());
        made.extend(rows.filter_map(made_on).filter(|(_, day)| *day <= night.as_of));
        made.sort_unstable();
        Self(made)
    }

    fn of(&self, person: PersonId, period: Period) -> Visits {
        let first = self.0.partition_point(|(other, _)| *other < person);
        let days = self.0[first..].iter().take_while(|(other, _)| *other == person).map(|(_, day)| *day);
        let visits = Visits { now: 0, last: None };
        days.fold(visits, |so_far, day| Visits {
            now: so_far.now + i64::from(day >= period.start),
            last: so_far.last.max(Some(day)),
        })
    }
}

fn times(night: &Findings<'_>, visit: &Visit) -> i64 {
    match &visit.times {
        Count::Number(times) => *times,
        Count::Parameter(id, _) => {
            let value = night.pack.parameter(id).and_then(|p| p.on(night.as_of)).map(|v| &v.value);
            value.and_then(policy::value::Value::as_units).unwrap_or(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_a_calendar_quarter() {
        let p = Period::around("quarter", kernel::parse_date("2026-11-20").unwrap()).unwrap();
        assert_eq!(
            [p.start, p.end, p.before_start, p.before_end].map(|d| d.to_string()),
            ["2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30"]
        );
        let m = Period::around("month", kernel::parse_date("2026-03-31").unwrap()).unwrap();
        assert_eq!((m.before_start.to_string(), m.end.to_string()), ("2026-02-01".into(), "2026-03-31".into()));
        assert!(Period::around("fortnight", p.start).is_none());
    }
}
