//! What happens between the day the region was invented for and a later one: deaths, moves, new assessments.
//!
//! Each village and day has its own chance, so that a night asked for twice is the same night.

use chrono::Duration;
use kernel::Date;

use crate::ability::Assessor;
use crate::ages::marital;
use crate::dice::Dice;
use crate::land::Village;
use crate::person::{Income, Person, Relation};

/// Shares of older people to whom something happens on one day.
#[derive(Clone, Copy, Debug)]
pub struct DailyRates {
    /// At 60; it grows with age.
    pub death: f64,
    pub move_away: f64,
    pub assessment: f64,
    pub income: f64,
    pub survey: f64,
}

impl Default for DailyRates {
    fn default() -> Self {
        Self { death: 0.000_03, move_away: 0.000_4, assessment: 0.003, income: 0.000_3, survey: 0.004 }
    }
}

/// A village and what may change there.
pub(crate) struct Days<'a> {
    pub seed: u64,
    pub rates: DailyRates,
    pub villages: &'a [Village],
    pub assessor: &'a Assessor<'a>,
}

impl Days<'_> {
    /// Lets the days after `from`, up to and with `until`, happen to the people of a village.
    pub(crate) fn pass(&self, village: &Village, people: &mut [Person], from: Date, until: Date) {
        let mut day = from + Duration::days(1);
        while day <= until {
            let mut dice = Dice::new(self.seed, &format!("day {day} {}", village.code));
            for index in 0..people.len() {
                if people[index].older.is_some() && people[index].alive(day) {
                    self.one(&mut dice, people, index, day);
                }
            }
            day += Duration::days(1);
        }
    }

    fn one(&self, dice: &mut Dice, people: &mut [Person], index: usize, day: Date) {
        let age = people[index].age(day);
        if dice.chance(self.rates.death * 1.11_f64.powi(age - 60)) {
            die(people, index, day);
            return;
        }
        let person = &mut people[index];
        if dice.chance(self.rates.move_away) {
            let to = self.villages[dice.below(self.villages.len())].code;
            person.residence_since = if to == person.residence { person.residence_since } else { day };
            person.residence = to;
        }
        let assessed = dice.chance(self.rates.assessment);
        let (income, surveyed) = (dice.chance(self.rates.income), dice.chance(self.rates.survey));
        let Some(older) = person.older.as_mut() else { return };
        if assessed {
            let frailty = older.frailty + 0.2;
            older.assessments.push(self.assessor.assess(dice, frailty, older.dementia, day));
        }
        if income {
            older.income_since = day;
            older.income = if older.income == Income::Allowance { Income::Ordinary } else { Income::Allowance };
        }
        if surveyed {
            older.survey.on = day;
            older.survey.wants_home_adaptation = !older.survey.wants_home_adaptation;
        }
    }
}

/// The partner is widowed on the same day.
pub(crate) fn die(people: &mut [Person], index: usize, day: Date) {
    people[index].died = Some(day);
    let partner = people[index].kin.iter().find(|k| k.relation == Relation::Spouse).map(|k| k.number);
    if let Some(partner) = people.iter_mut().find(|p| Some(p.number) == partner && p.alive(day)) {
        partner.marital = marital::WIDOWED;
    }
}
