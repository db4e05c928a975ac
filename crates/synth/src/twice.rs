//! People registered twice: a second row of the population list, with another sound number.
//!
//! As when someone moved and was entered anew, or was given a number anew: the name as another hand writes it, another
//! village, another household, another telephone. Most keep their day of birth; some have the lunar one in one entry.
//! The rates are guesses; no office has told us its own.

use chrono::Datelike;
use kernel::{Date, DivisionCode, DivisionLevel, Divisions, IdNumber, Settlement};

use crate::ages::before;
use crate::cell::Row;
use crate::dice::Dice;
use crate::names::Names;
use crate::pair::Hand;
use crate::papers::address;
use crate::person::Person;

/// Chance that the second entry keeps its county's number, the birth date, the name, the village, the telephone.
const SAME_COUNTY: f64 = 0.35;
const SAME_BIRTH: f64 = 0.85;
const SAME_NAME: f64 = 0.55;
const SAME_VILLAGE: f64 = 0.4;
const SAME_PHONE: f64 = 0.35;
const NO_PHONE: f64 = 0.4;
/// Sequences of a day that nobody else is given: the region's own numbers jump about, these count down.
const LAST: u16 = 999;

/// Makes second entries.
pub(crate) struct Twice<'r> {
    rate: f64,
    seed: u64,
    hand: Hand,
    divisions: &'r Divisions,
    villages: Vec<DivisionCode>,
}

impl<'r> Twice<'r> {
    /// None when nobody is registered twice.
    pub(crate) fn new(
        rate: f64,
        seed: u64,
        names: &Names,
        divisions: &'r Divisions,
        region: DivisionCode,
    ) -> Option<Self> {
        let villages =
            divisions.of_level(DivisionLevel::Community).map(|d| d.code).filter(|code| region.contains(*code));
        (rate > 0.0).then(|| Self { rate, seed, hand: Hand::new(names), divisions, villages: villages.collect() })
    }

    /// The second row of a person of the population, if there is one; `row` is the first.
    pub(crate) fn row(&self, person: &Person, row: &Row) -> Option<Row> {
        let mut dice = Dice::keyed(self.seed, "registered twice", u64::from(person.number));
        if !dice.chance(self.rate) || person.id_number.is_empty() {
            return None;
        }
        let mut second = row.clone();
        let born = if dice.chance(SAME_BIRTH) { person.born } else { other_day(&mut dice, person.born) };
        let home = if dice.chance(SAME_VILLAGE) { person.residence } else { *dice.pick(&self.villages) };
        let own = dice.chance(SAME_COUNTY);
        let county = if own { person.id_number[..6].to_owned() } else { self.other_county(&mut dice) };
        second.insert("id_number", number(&mut dice, &county, born, person).into());
        second.insert("birth_date", born.into());
        if !dice.chance(SAME_NAME) {
            second.insert("name", self.respelt(&mut dice, &person.name).into());
        }
        let urban = self.divisions.settlement(home) == Some(Settlement::Urban);
        second.insert("residence_division", home.into());
        second.insert("hukou_division", home.into());
        second.insert("address", address(&mut dice, self.divisions, home, urban).into());
        second.insert("household_id", format!("{}T", person.household).into());
        if !dice.chance(SAME_PHONE) {
            let phone = (!dice.chance(NO_PHONE)).then(|| format!("160{:08}", dice.below(100_000_000)));
            second.insert("phone", phone.into());
        }
        Some(second)
    }

    fn other_county(&self, dice: &mut Dice) -> String {
        let village = dice.pick(&self.villages);
        village.at(DivisionLevel::County).unwrap_or(*village).to_string()
    }

    fn respelt(&self, dice: &mut Dice, name: &str) -> String {
        let spelt = if name.contains('·') {
            self.hand.spelling(dice, name)
        } else {
            self.hand.homophone(dice, name).or_else(|| self.hand.look_alike(dice, name))
        };
        spelt.unwrap_or_else(|| name.to_owned())
    }
}

/// The lunar day taken for the solar one, or a year more or less.
fn other_day(dice: &mut Dice, born: Date) -> Date {
    if dice.chance(0.6) {
        return before(born, dice.between(20, 50));
    }
    let year = born.year() + if dice.chance(0.5) { 1 } else { -1 };
    born.with_year(year).unwrap_or(born)
}

/// A sound number of the sex; its sequence stands at the end of the day's, where no one's first number is.
fn number(dice: &mut Dice, county: &str, born: Date, person: &Person) -> String {
    let last = LAST - u16::try_from(dice.below(40)).unwrap_or(0) * 2;
    let sequence = if person.male { last } else { last - 1 };
    IdNumber::compose(county, born, sequence).map(|number| number.reveal().to_owned()).unwrap_or_default()
}
