//! Housing projects with or without their care facility, training of care workers, and residents by division.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DivisionLevel, Divisions, Settlement};

use crate::ages::before;
use crate::cell::{Cell, Row, code, decimal};
use crate::dice::Dice;
use crate::land::Village;

/// Projects in about half of the urban communities. Land for the facility lies either side of 0.1 m² per head;
/// some projects built since 2014 have none.
pub(crate) fn housing(divisions: &Divisions, region: DivisionCode, seed: u64, on: Date) -> Vec<Row> {
    let mut dice = Dice::new(seed, "housing");
    let mut rows = Vec::new();
    let urban = divisions.of_level(DivisionLevel::Community).filter(|d| d.settlement == Some(Settlement::Urban));
    for community in urban.filter(|d| region.contains(d.code)) {
        for _ in 0..dice.count(0.8) {
            let number = rows.len() + 1;
            rows.push(project(&mut dice, community.code, &community.name, number, on));
        }
    }
    rows
}

fn project(dice: &mut Dice, at: DivisionCode, name: &str, number: usize, on: Date) -> Row {
    let residents = dice.between(300, 4200);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand people")]
    let heads = residents as f64;
    let per_head = [0.0, 0.06, 0.0999, 0.1, 0.125, 0.2][dice.weighted(&[0.28, 0.1, 0.08, 0.12, 0.22, 0.2])];
    let built = before(on, dice.between(100, 5800));
    let planned = before(built, dice.between(500, 1100));
    let accepted = crate::ages::before(built, -dice.between(20, 120));
    let delivered = crate::ages::before(accepted, -dice.between(10, 60));
    let late = |dice: &mut Dice, day: Date| if dice.chance(0.12) { before(day, -dice.between(30, 200)) } else { day };
    let mut row = Row::from([
        ("project_id", format!("{}X{number:04}", at.at(DivisionLevel::County).unwrap_or(at)).into()),
        ("项目名称", format!("{name}{}期住宅项目", ["一", "二", "三"][dice.below(3)]).into()),
        ("division", at.into()),
        ("land_m2", decimal(heads * (14.0 + 6.0 * dice.unit()))),
        ("floor_m2", decimal(heads * (32.0 + 8.0 * dice.unit()))),
        ("planned_residents", residents.into()),
        ("households", (residents * 10 / 32).into()),
        ("planned_on", planned.into()),
        ("built_on", built.into()),
        ("accepted_on", accepted.into()),
        ("delivered_on", delivered.into()),
        ("facility_land_m2", decimal(heads * per_head)),
        ("facility_floor_m2", decimal(heads * per_head * 1.2)),
    ]);
    if per_head > 0.0 {
        let failed = dice.chance(0.1);
        let rectified = failed && dice.chance(0.5);
        let done = late(dice, accepted);
        row.extend([
            ("facility_planned_on", late(dice, planned).into()),
            ("facility_built_on", late(dice, built).into()),
            ("facility_accepted_on", done.into()),
            ("facility_delivered_on", late(dice, delivered).into()),
            ("facility_acceptance", code(if failed { "failed" } else { "passed" })),
            ("rectified_on", rectified.then(|| before(done, -dice.between(40, 200))).into()),
        ]);
    }
    row
}

/// Courses since 2022 that add up to about 300 person-times of care workers, and some other courses.
pub(crate) fn training(divisions: &Divisions, region: DivisionCode, seed: u64, on: Date) -> Vec<Row> {
    let mut dice = Dice::new(seed, "training");
    let counties: Vec<_> = divisions.of_level(DivisionLevel::County).filter(|d| region.contains(d.code)).collect();
    let goal = dice.between(284, 316);
    let (mut rows, mut done) = (Vec::new(), 0);
    let Some(first) = counties.first() else { return rows };
    let mut days_ago = 1500;
    while done < goal && days_ago > 30 {
        let county = counties.get(dice.below(counties.len())).unwrap_or(first);
        let people = dice.between(12, 30).min(goal - done).max(1);
        let kind = if dice.chance(0.75) { "care_worker" } else { ["manager", "family_carer"][dice.below(2)] };
        done += if kind == "care_worker" { people } else { 0 };
        rows.push(Row::from([
            ("organisation", Cell::from(format!("{}职业技能培训学校", county.name))),
            ("division", county.code.into()),
            ("topic", code(kind)),
            ("on", before(on, days_ago).into()),
            ("person_times", people.into()),
        ]));
        days_ago -= dice.between(20, 70);
    }
    rows
}

/// Residents of every division of the region, in proportion to its older people.
pub(crate) fn residents(divisions: &Divisions, region: DivisionCode, villages: &[Village]) -> Vec<Row> {
    let mut counts: BTreeMap<DivisionCode, i64> = BTreeMap::new();
    for village in villages {
        let older = i64::try_from(village.quota).unwrap_or(0);
        let people =
            if village.residents > 0 { i64::try_from(village.residents).unwrap_or(0) } else { older * 1129 / 100 };
        let mut at = Some(village.code);
        while let Some(code) = at.filter(|code| region.contains(*code)) {
            *counts.entry(code).or_default() += people;
            at = code.parent();
        }
    }
    let row = |(at, people): (DivisionCode, i64)| {
        Row::from([("code", Cell::from(at)), ("区划名称", divisions.name(at).into()), ("residents", people.into())])
    };
    counts.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_add_up_to_about_300_and_projects_lie_on_both_sides_of_the_standard() {
        let divisions = Divisions::from_csv(include_str!("../../../packs/national/divisions.csv")).unwrap();
        let (region, on) = ("6530".parse().unwrap(), kernel::parse_date("2026-11-20").unwrap());
        let number = |row: &Row, key: &str| row[key].plain().parse::<f64>().unwrap();
        let courses = training(&divisions, region, 1, on);
        let care = courses.iter().filter(|row| row["topic"] == code("care_worker"));
        let people: f64 = care.map(|row| number(row, "person_times")).sum();
        assert!((250.0..=330.0).contains(&people), "{people}");
        let projects = housing(&divisions, region, 1, on);
        let per_head = |row: &Row| number(row, "facility_land_m2") / number(row, "planned_residents");
        assert!(projects.iter().any(|row| per_head(row) == 0.0));
        assert!(
            projects.iter().any(|row| per_head(row) >= 0.1)
                && projects.iter().any(|row| (0.01..0.1).contains(&per_head(row)))
        );
    }
}
