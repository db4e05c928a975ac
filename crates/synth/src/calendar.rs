//! When which department sends which list.

use chrono::{Datelike, Months};
use kernel::Date;

use crate::ages::before;

/// One list to send.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    pub source: &'static str,
    pub on: Date,
    /// One file per county.
    pub by_county: Option<ByCounty>,
    pub xlsx: bool,
    /// Deltas: only what happened after this day.
    pub after: Option<Date>,
    /// The police's year-end list of older residents.
    pub older_only: bool,
}

/// Which division decides in which county's file a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByCounty {
    Residence,
    Hukou,
}

fn list(source: &'static str, on: Date) -> Sending {
    Sending { source, on, by_county: None, xlsx: false, after: None, older_only: false }
}

/// Visits are kept from the first day of the quarter before.
pub(crate) fn first_visit_month(on: Date) -> Date {
    let quarter = on.month0() / 3 * 3;
    let start = Date::from_ymd_opt(on.year(), quarter + 1, 1).unwrap_or(on);
    start.checked_sub_months(Months::new(3)).unwrap_or(start)
}

/// Lists for the first night: monthly ones dated in the month before, so that its last day can be measured, the
/// police's older people at the year's end, and what happens daily up to the eve. A large region's lists of people are
/// no sheets.
pub(crate) fn first_night(as_of: Date, large: bool) -> Vec<Sending> {
    let month = month_end_before(as_of);
    let (year, eve) = (Date::from_ymd_opt(as_of.year() - 1, 12, 31).unwrap_or(as_of), before(as_of, 1));
    let day = |back: i64| before(month, back);
    let scoped = |source, on, by| Sending { by_county: Some(by), ..list(source, on) };
    let about_people = |source| !matches!(source, "places" | "hospitals" | "housing_projects" | "training");
    let sheet = |source, on| Sending { xlsx: !(large && about_people(source)), ..list(source, on) };
    let mut lists = vec![
        Sending { older_only: true, ..list("population", year) },
        scoped("population", day(3), ByCounty::Residence),
        scoped("kin", day(3), ByCounty::Residence),
        Sending { after: Some(year), ..list("deaths", eve) },
        scoped("low_income", day(5), ByCounty::Hukou),
        sheet("destitute", day(5)),
        sheet("low_income_margin", day(5)),
        list("disability", day(8)),
        sheet("special_families", day(10)),
        list("health_management", year),
        list("health_management", before(as_of, 10)),
        list("family_doctors", day(12)),
        sheet("dementia_diagnoses", day(12)),
        list("village_survey", day(14)),
        list("ltci", day(14)),
        list("ability_assessments", before(as_of, 2)),
        list("institution_stays", before(as_of, 2)),
        sheet("great_contribution", day(20)),
        sheet("meal_delivery_needs", day(14)),
        list("benefit_recipients", day(1)),
        sheet("places", month_end_before(month)),
        sheet("places", month),
        sheet("hospitals", day(0)),
        sheet("housing_projects", day(9)),
        sheet("training", day(0)),
        list("division_residents", year),
    ];
    let mut from = first_visit_month(as_of);
    while from <= eve {
        let until = month_end(from).min(eve);
        lists.push(Sending { after: Some(before(from, 1)), ..list("visit_returns", until) });
        from = before(until, -1);
    }
    lists
}

/// Lists of a following night: what departments send daily. A delta begins some days before the last night, since
/// the list of that night ended before it did; what it repeats is not news.
pub(crate) fn following_night(since: Date, as_of: Date) -> Vec<Sending> {
    let delta = |source, overlap: i64| Sending { after: Some(before(since, overlap)), ..list(source, as_of) };
    vec![
        Sending { by_county: Some(ByCounty::Residence), ..list("population", as_of) },
        delta("deaths", 1),
        Sending { by_county: Some(ByCounty::Hukou), ..list("low_income", as_of) },
        list("village_survey", as_of),
        delta("ability_assessments", 2),
        list("institution_stays", as_of),
        list("benefit_recipients", as_of),
        delta("visit_returns", 1),
    ]
}

fn month_end(day: Date) -> Date {
    let next = day.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    next.map_or(day, |first| before(first, 1))
}

fn month_end_before(day: Date) -> Date {
    before(day.with_day(1).unwrap_or(day), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_sent_month_by_month_up_to_the_eve() {
        let on = |text: &str| kernel::parse_date(text).unwrap();
        let lists = first_night(on("2026-11-20"), false);
        let sent: Vec<String> =
            lists.iter().filter(|l| l.source == "visit_returns").map(|l| l.on.to_string()).collect();
        assert_eq!(sent, ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-19"]);
        let next = following_night(on("2026-11-20"), on("2026-11-21"));
        let visits = next.iter().find(|l| l.source == "visit_returns").unwrap();
        assert_eq!((visits.after, visits.on), (Some(on("2026-11-19")), on("2026-11-21")));
    }
}
