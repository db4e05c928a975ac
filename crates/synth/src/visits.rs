//! Contacts with older people: the village's diligence decides how many of the due ones were made.

use chrono::{Datelike, Months};
use kernel::Date;

use crate::dice::Dice;
use crate::land::Village;
use crate::person::{Older, Person, SpecialFamily, Visit};

const BY: [&str; 6] = ["village_doctor", "family_doctor", "cadre", "grid_worker", "resident_team", "volunteer"];

/// All visits to a person from the first of `from`'s month to `until`.
///
/// Each month of each person has its own chance, so that a later `until` adds visits and changes none.
pub(crate) fn made(seed: u64, village: &Village, person: &Person, from: Date, until: Date) -> Vec<Visit> {
    let Some(older) = person.older.as_deref() else { return Vec::new() };
    let mut visits = Vec::new();
    let mut month = from.with_day(1).unwrap_or(from);
    while month <= until {
        let mut dice = Dice::keyed(seed, "visits", u64::from(person.number) * 4096 + u64::from(months(month)));
        visits.extend(in_month(&mut dice, village, person, older, month));
        month = month.checked_add_months(Months::new(1)).unwrap_or(Date::MAX);
    }
    visits.retain(|v| v.on <= until && v.on >= from && person.died.is_none_or(|died| v.on < died));
    visits.sort_by_key(|v| (v.on, v.kind));
    visits.dedup_by_key(|v| (v.on, v.kind));
    visits
}

fn in_month(dice: &mut Dice, village: &Village, person: &Person, older: &Older, month: Date) -> Vec<Visit> {
    let level = older.assessments.last().map_or(0, |a| a.level);
    let severe = person.disability.is_some_and(|d| d.grade <= 2);
    let special = older.special_family != SpecialFamily::No;
    let helpless = level >= 3;
    let watched = helpless || severe || special || older.survey.children_in_village == 0;
    let mut made = Vec::new();
    let mut visit = |dice: &mut Dice, kind: &'static str| {
        let day = u32::try_from(dice.between(1, 28)).unwrap_or(1);
        let by = BY[dice.below(BY.len())];
        made.push(Visit { on: month.with_day(day).unwrap_or(month), kind, by });
    };
    if !watched {
        if dice.chance(0.015) {
            visit(dice, "phone");
        }
        return made;
    }
    if dice.chance(village.diligence) {
        let kind = if helpless && dice.chance(0.93) || dice.chance(0.5) { "home" } else { "phone" };
        visit(dice, kind);
        if dice.chance(0.12) {
            visit(dice, "phone");
        }
    }
    // helped once a quarter, in a month that the person's number decides
    if (helpless || dice.chance(0.05)) && months(month) % 3 == person.number % 3 && dice.chance(village.diligence) {
        visit(dice, "village_help");
    }
    made
}

fn months(month: Date) -> u32 {
    u32::try_from(month.year()).unwrap_or(0) * 12 + month.month0()
}
