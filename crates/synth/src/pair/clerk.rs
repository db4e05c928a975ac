//! Faults of a list that names people without their papers at hand.

use chrono::Datelike;
use kernel::Date;

use super::hand::Hand;
use super::town::Town;
use super::{Household, Row};
use crate::ages::before;
use crate::dice::Dice;
use crate::faults::{fifteen, one_digit, swapped};

/// Shares of faulty cells in a fairly kept row. Those of a well-kept row are 0.3 of it, of a badly kept one 2.6, so
/// that faults come together; `id_missing`, `phone_missing` and marks are the list's way and the same for all rows.
#[derive(Clone, Copy, Debug)]
pub struct PairRates {
    pub id_missing: f64,
    pub id_digit: f64,
    pub id_swapped: f64,
    pub id_fifteen: f64,
    /// The number of someone of the same household.
    pub id_of_kin: f64,
    /// Transliterated names: another mark, a blank or nothing between the parts.
    pub marks: f64,
    pub spelling: f64,
    pub father_missing: f64,
    pub father_first: f64,
    /// Names of Han and Hui.
    pub homophone: f64,
    pub near_sound: f64,
    pub turned: f64,
    /// Any name.
    pub look_alike: f64,
    pub dropped: f64,
    pub slip: f64,
    pub day_month: f64,
    pub date_digit: f64,
    pub year_off: f64,
    /// The lunar day written as if it were solar.
    pub lunar: f64,
    pub new_year: f64,
    pub date_missing: f64,
    pub moved_near: f64,
    pub moved_far: f64,
    pub township_only: f64,
    pub division_missing: f64,
    pub address_other: f64,
    pub address_short: f64,
    pub address_missing: f64,
    pub phone_missing: f64,
    pub phone_changed: f64,
    pub phone_of_kin: f64,
    pub phone_digit: f64,
    pub sex_wrong: f64,
    pub sex_missing: f64,
}

impl Default for PairRates {
    fn default() -> Self {
        Self {
            id_missing: 0.80,
            id_digit: 0.12,
            id_swapped: 0.06,
            id_fifteen: 0.10,
            id_of_kin: 0.02,
            marks: 0.30,
            spelling: 0.22,
            father_missing: 0.06,
            father_first: 0.03,
            homophone: 0.12,
            near_sound: 0.03,
            turned: 0.01,
            look_alike: 0.04,
            dropped: 0.02,
            slip: 0.02,
            day_month: 0.03,
            date_digit: 0.04,
            year_off: 0.04,
            lunar: 0.05,
            new_year: 0.07,
            date_missing: 0.03,
            moved_near: 0.06,
            moved_far: 0.03,
            township_only: 0.05,
            division_missing: 0.03,
            address_other: 0.20,
            address_short: 0.25,
            address_missing: 0.12,
            phone_missing: 0.42,
            phone_changed: 0.16,
            phone_of_kin: 0.10,
            phone_digit: 0.03,
            sex_wrong: 0.01,
            sex_missing: 0.01,
        }
    }
}

/// Copies rows.
pub(super) struct Clerk<'a> {
    pub rates: PairRates,
    pub hand: &'a Hand,
    pub town: &'a Town<'a>,
}

impl Clerk<'_> {
    /// The row as the list has it; `haste` multiplies the rates.
    pub(super) fn copy(&self, dice: &mut Dice, row: &mut Row, kin: &Household<'_>, haste: f64) {
        let r = self.rates;
        self.name(dice, &mut row.name, haste);
        self.id_number(dice, row, kin, haste);
        if hit(dice, r.sex_wrong * haste) {
            row.sex = if row.sex == "1" { "2" } else { "1" };
        }
        if hit(dice, r.sex_missing * haste) {
            row.sex = "";
        }
        self.home(dice, row, haste);
        self.phone(dice, row, kin, haste);
        row.date = self.date(dice, row.born, haste);
    }

    fn home(&self, dice: &mut Dice, row: &mut Row, haste: f64) {
        let r = self.rates;
        let moved = if hit(dice, r.moved_near * haste) {
            Some(self.town.neighbour(dice, row.division))
        } else {
            hit(dice, r.moved_far * haste).then(|| self.town.any(dice))
        };
        if let Some(code) = moved {
            row.division = code;
            row.address = self.town.address(dice, code);
        }
        if hit(dice, r.address_other * haste) {
            let at = if dice.chance(0.6) { row.division } else { self.town.any(dice) };
            row.address = self.town.address(dice, at);
        }
        if hit(dice, r.address_short * haste) {
            row.address = self.town.shortened(dice, row.division, &row.address);
        }
        if hit(dice, r.address_missing * haste) {
            row.address.clear();
        }
        row.place = row.division.to_string();
        if hit(dice, r.township_only * haste) {
            row.place.replace_range(9.min(row.place.len()).., "000");
        }
        if hit(dice, r.division_missing * haste) {
            row.place.clear();
        }
    }

    fn name(&self, dice: &mut Dice, name: &mut String, haste: f64) {
        let (r, hand) = (self.rates, self.hand);
        let mut apply = |dice: &mut Dice, rate: f64, change: &dyn Fn(&mut Dice, &str) -> Option<String>| {
            if hit(dice, rate * haste) {
                *name = change(dice, name).unwrap_or_else(|| name.clone());
            }
        };
        apply(dice, r.look_alike, &|dice, name| hand.look_alike(dice, name));
        apply(dice, r.dropped, &Hand::dropped);
        apply(dice, r.slip, &|dice, name| hand.slip(dice, name));
        let always = 1.0 / haste;
        apply(dice, always, &|dice, name| self.parts(dice, name, haste));
        apply(dice, always, &|dice, name| self.han(dice, name, haste));
    }

    /// A transliterated name: its parts spelt anew, left out, in another order, with another mark between.
    fn parts(&self, dice: &mut Dice, name: &str, haste: f64) -> Option<String> {
        let r = self.rates;
        let (given, father) = name.split_once('·')?;
        let spelt = |dice: &mut Dice, part: String, rate: f64| {
            let changed = hit(dice, rate * haste).then(|| self.hand.spelling(dice, &part)).flatten();
            changed.unwrap_or(part)
        };
        let given = spelt(dice, given.to_owned(), r.spelling);
        let given = spelt(dice, given, r.spelling * 0.3);
        let father = spelt(dice, father.to_owned(), r.spelling);
        let name = if hit(dice, r.father_missing * haste) {
            given
        } else if hit(dice, r.father_first * haste) {
            format!("{father}·{given}")
        } else {
            format!("{given}·{father}")
        };
        let mark = if hit(dice, r.marks) { *dice.pick(&["", ".", "•", " ", "・"]) } else { "·" };
        Some(name.replace('·', mark))
    }

    /// A name of surname and given name: misheard, turned round, spaced.
    fn han(&self, dice: &mut Dice, name: &str, haste: f64) -> Option<String> {
        let r = self.rates;
        let first = name.chars().next()?.len_utf8();
        if name.chars().count() > 4 {
            return None;
        }
        let mut name = name.to_owned();
        if hit(dice, r.homophone * haste) {
            name = self.hand.homophone(dice, &name).unwrap_or(name);
        }
        if hit(dice, r.near_sound * haste) {
            name = self.hand.near_sound(dice, &name).unwrap_or(name);
        }
        if hit(dice, r.turned * haste) {
            name = format!("{}{}", &name[first..], &name[..first]);
        } else if name.chars().count() == 2 && hit(dice, r.marks * 0.3) {
            name.insert(name.chars().next()?.len_utf8(), ' ');
        }
        Some(name)
    }

    fn id_number(&self, dice: &mut Dice, row: &mut Row, kin: &Household<'_>, haste: f64) {
        let r = self.rates;
        if dice.chance(r.id_missing) {
            row.id_number.clear();
            return;
        }
        let kinds = [r.id_digit, r.id_swapped, r.id_fifteen, r.id_of_kin].map(|rate| (rate * haste).min(0.24));
        let sound = 1.0 - kinds.iter().sum::<f64>();
        let wrong = match dice.weighted(&[kinds[0], kinds[1], kinds[2], kinds[3], sound]) {
            0 => one_digit(dice, &row.id_number),
            1 => swapped(dice, &row.id_number),
            2 => fifteen(&row.id_number),
            3 => kin.other(dice, row.key).map(|other| other.id_number.clone()),
            _ => None,
        };
        row.id_number = wrong.unwrap_or(std::mem::take(&mut row.id_number));
    }

    fn phone(&self, dice: &mut Dice, row: &mut Row, kin: &Household<'_>, haste: f64) {
        let r = self.rates;
        if dice.chance(r.phone_missing) {
            row.phone.clear();
            return;
        }
        if hit(dice, r.phone_changed * haste) {
            row.phone = format!("{}{:08}", ["160", "161", "163"][dice.below(3)], dice.below(100_000_000));
        }
        if hit(dice, r.phone_of_kin * haste)
            && let Some(other) = kin.other(dice, row.key)
        {
            row.phone.clone_from(&other.phone);
        }
        if hit(dice, r.phone_digit * haste) && !row.phone.is_empty() {
            let at = dice.below(row.phone.len());
            row.phone.replace_range(at..=at, &dice.below(10).to_string());
        }
    }

    fn date(&self, dice: &mut Dice, born: Date, haste: f64) -> String {
        let r = self.rates;
        let kinds = [r.day_month, r.date_digit, r.year_off, r.lunar, r.new_year, r.date_missing]
            .map(|rate| (rate * haste).min(0.16));
        let sound = 1.0 - kinds.iter().sum::<f64>();
        let year = born.year();
        let other = |year, month, day| Date::from_ymd_opt(year, month, day).unwrap_or(born);
        let date = match dice.weighted(&[kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], sound]) {
            0 => other(year, born.day(), born.month()),
            1 => {
                // also a day that no calendar has
                let mut text = born.to_string();
                let at = *dice.pick(&[2, 3, 5, 6, 8, 9]);
                text.replace_range(at..=at, &dice.below(10).to_string());
                return text;
            }
            2 => other(year + [-10, -2, -1, -1, 1, 1, 2, 10][dice.below(8)], born.month(), born.day()),
            3 => {
                // the lunar day lies 20 to 50 days before the solar one and has no 31st
                let lunar = before(born, dice.between(20, 50));
                other(lunar.year(), lunar.month(), lunar.day().min(30))
            }
            4 => other(year, 1, 1),
            5 => return String::new(),
            _ => born,
        };
        date.to_string()
    }
}

fn hit(dice: &mut Dice, rate: f64) -> bool {
    dice.chance(rate.min(0.97))
}
