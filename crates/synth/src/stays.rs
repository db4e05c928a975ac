//! Who lives in a care institution: entries crowd around 30 days ago, papers are missing for some.

use kernel::{Date, DivisionLevel};

use crate::ability::Assessor;
use crate::ages::before;
use crate::dice::Dice;
use crate::person::{Arrangement, Income, Person, Stay};
use crate::places::Place;

/// Beds of the region and how many are taken so far.
pub(crate) struct Beds<'a> {
    places: &'a [Place],
    taken: Vec<i64>,
}

/// Institutions are kept a little below full.
const FILL_PERCENT: i64 = 88;

impl<'a> Beds<'a> {
    pub(crate) fn new(places: &'a [Place]) -> Self {
        Self { places, taken: vec![0; places.len()] }
    }

    /// Residents per place, by index.
    pub(crate) fn taken(&self) -> &[i64] {
        &self.taken
    }

    /// Gives an older person a place in the own county, if the person needs one and a bed is free.
    pub(crate) fn admit(&mut self, dice: &mut Dice, person: &mut Person, assessor: &Assessor, on: Date) {
        let county = person.residence.at(DivisionLevel::County);
        let Some(older) = person.older.as_mut() else { return };
        let level = older.assessments.last().map_or(0, |a| a.level);
        let need = match (older.income, level) {
            (Income::Destitute, _) => 0.45,
            (_, 4) => 0.42,
            (_, 3) => 0.16,
            _ if older.survey.wants_institution => 0.12,
            _ => 0.002,
        };
        if !dice.chance(need) {
            return;
        }
        let wanted = if older.income == Income::Destitute { "welfare_home" } else { "care_home" };
        let free = |(index, place): &(usize, &Place)| {
            place.takes_residents()
                && place.division.at(DivisionLevel::County) == county
                && !matches!(place.facts.get("closed_on"), Some(crate::Cell::Date(_)))
                && self.taken[*index] * 100 < place.beds * FILL_PERCENT
        };
        let open: Vec<(usize, &Place)> = self.places.iter().enumerate().filter(free).collect();
        let fitting: Vec<usize> = open.iter().filter(|(_, p)| p.kind == wanted).map(|(i, _)| *i).collect();
        let Some(place) = fitting.first().copied().or_else(|| open.get(dice.below(open.len())).map(|(i, _)| *i)) else {
            return;
        };
        self.taken[place] += 1;
        let days = match dice.weighted(&[0.12, 0.12, 0.76]) {
            0 => *dice.pick(&[29, 30, 31]),
            1 => dice.between(6, 45),
            _ => dice.between(46, 1900),
        };
        let since = before(on, days);
        if dice.chance(0.75) {
            // assessed before entry: usually weeks, sometimes so long ago that it had lapsed
            let ahead = if dice.chance(0.1) { dice.between(380, 500) } else { dice.between(0, 60) };
            let frailty = older.frailty;
            older.assessments.push(assessor.assess(dice, frailty, older.dementia, before(since, ahead)));
            older.assessments.sort_by_key(|a| a.on);
            older.assessments.dedup_by_key(|a| a.on);
        }
        let stay = Stay { place, since, contract: dice.chance(0.93), paid: dice.chance(0.9) };
        let on_entry = older.assessments.iter().rev().find(|a| a.on <= since && a.valid_until >= since);
        let poor = older.income == Income::Allowance && on_entry.is_some_and(|a| a.level == 4);
        older.receives_institution_aid = if poor && stay.contract { dice.chance(0.55) } else { dice.chance(0.012) };
        older.survey.arrangement = Arrangement::Institution;
        older.stay = Some(stay);
    }
}
