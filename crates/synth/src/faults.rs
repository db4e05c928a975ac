//! Faults planted in lists, at stated rates, and remembered.
//!
//! Whether a row is faulty depends on source and person only: a mistyped number stays mistyped night after night.

use kernel::{Date, IdNumber};

use crate::ages::marital;
use crate::cell::{Cell, Row, code};
use crate::dice::Dice;
use crate::names::Names;

/// Shares of rows with a fault. Rates of `identity` faults are a tenth in the police's own lists.
#[derive(Clone, Copy, Debug)]
pub struct FaultRates {
    /// One digit of the ID number wrong.
    pub id_digit: f64,
    /// Two neighbouring digits swapped.
    pub id_swapped: f64,
    pub id_missing: f64,
    /// The old form of 15 digits: not wrong, only old.
    pub id_fifteen: f64,
    /// A day that no calendar has.
    pub date_impossible: f64,
    /// A readable date that is wrong by a year or ten.
    pub date_wrong: f64,
    /// A code that no division has.
    pub unknown_division: f64,
    /// The name as another clerk writes it.
    pub name_variant: f64,
    /// The survey's marital status differs from the police's.
    pub marital_differs: f64,
    /// The survey finds someone in the neighbouring village.
    pub residence_differs: f64,
    /// The row stands twice in the file.
    pub duplicate: f64,
    /// A row of a register for someone who no longer belongs there.
    pub stale: f64,
    /// The dead of more than a month who still stand in a list.
    pub dead_still_listed: f64,
    /// Empty rows between the others.
    pub blank_row: f64,
}

impl Default for FaultRates {
    fn default() -> Self {
        Self {
            id_digit: 0.003,
            id_swapped: 0.0015,
            id_missing: 0.005,
            id_fifteen: 0.001,
            date_impossible: 0.0015,
            date_wrong: 0.002,
            unknown_division: 0.0008,
            name_variant: 0.012,
            marital_differs: 0.012,
            residence_differs: 0.004,
            duplicate: 0.002,
            stale: 0.0006,
            dead_still_listed: 0.06,
            blank_row: 0.0004,
        }
    }
}

impl FaultRates {
    /// Faultless lists.
    pub const NONE: Self = Self {
        id_digit: 0.0,
        id_swapped: 0.0,
        id_missing: 0.0,
        id_fifteen: 0.0,
        date_impossible: 0.0,
        date_wrong: 0.0,
        unknown_division: 0.0,
        name_variant: 0.0,
        marital_differs: 0.0,
        residence_differs: 0.0,
        duplicate: 0.0,
        stale: 0.0,
        dead_still_listed: 0.0,
        blank_row: 0.0,
    };
}

/// A fault put into a row: what it gives and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planted {
    /// What the column gives; empty when the fault is the row's.
    pub gives: &'static str,
    pub kind: &'static str,
}

/// Who may be wrong in which list.
pub(crate) struct Clerk<'a> {
    pub rates: FaultRates,
    pub names: &'a Names,
    /// The police's lists, where numbers and dates are mostly right.
    pub careful: bool,
    /// The survey, which asks for itself.
    pub asks: bool,
}

/// The columns a mistyped date may hit.
const DATES: [&str; 9] = [
    "birth_date",
    "death_date",
    "valid_from",
    "health_managed_on",
    "ability_assessed_on",
    "institution_since",
    "on",
    "residence_since",
    "children_all_away_since",
];

impl Clerk<'_> {
    /// Puts faults into a row and says which.
    pub(crate) fn spoil(&self, dice: &mut Dice, row: &mut Row) -> Vec<Planted> {
        let share = if self.careful { 0.1 } else { 1.0 };
        let mut planted = Vec::new();
        let mut note = |gives, kind| planted.push(Planted { gives, kind });
        self.id_number(dice, row, share, &mut note);
        if dice.chance(self.rates.name_variant * share)
            && let Some(Cell::Text(name)) = row.get("name")
            && let Some(other) = self.names.variant(dice, name)
        {
            row.insert("name", other.into());
            note("name", "name_variant");
        }
        self.date(dice, row, share, &mut note);
        if dice.chance(self.rates.unknown_division) && row.contains_key("residence_division") {
            // a township number that no county has
            let code = row.get("residence_division").map(Cell::plain).unwrap_or_default();
            let county: String = code.chars().take(6).collect();
            row.insert("residence_division", format!("{county}999{:03}", dice.between(1, 999)).into());
            note("residence_division", "unknown_division");
        }
        if self.asks && dice.chance(self.rates.marital_differs) {
            let told = row.get("marital_status").map(Cell::plain).unwrap_or_default();
            let other = if told == marital::WIDOWED { marital::MARRIED } else { marital::WIDOWED };
            row.insert("marital_status", code(other));
            note("marital_status", "marital_differs");
        }
        planted
    }

    fn id_number(&self, dice: &mut Dice, row: &mut Row, share: f64, note: &mut impl FnMut(&'static str, &'static str)) {
        let Some(Cell::Text(number)) = row.get("id_number").cloned() else { return };
        let kinds = [self.rates.id_digit, self.rates.id_swapped, self.rates.id_missing, self.rates.id_fifteen];
        let sound = 1.0 - kinds.iter().sum::<f64>() * share;
        let weights: Vec<f64> = kinds.iter().map(|rate| rate * share).chain([sound]).collect();
        let (kind, wrong) = match dice.weighted(&weights) {
            0 => ("id_digit", one_digit(dice, &number)),
            1 => ("id_swapped", swapped(dice, &number)),
            2 => ("id_missing", Some(String::new())),
            3 => ("id_fifteen", fifteen(&number)),
            _ => return,
        };
        if let Some(wrong) = wrong {
            row.insert("id_number", if wrong.is_empty() { Cell::Empty } else { wrong.into() });
            note("id_number", kind);
        }
    }

    fn date(&self, dice: &mut Dice, row: &mut Row, share: f64, note: &mut impl FnMut(&'static str, &'static str)) {
        let (impossible, wrong) = (self.rates.date_impossible * share, self.rates.date_wrong * share);
        let kind = dice.weighted(&[impossible, wrong, 1.0 - impossible - wrong]);
        if kind == 2 {
            return;
        }
        let dated: Vec<(&'static str, Date)> = DATES
            .iter()
            .filter_map(|key| if let Some(Cell::Date(day)) = row.get(key) { Some((*key, *day)) } else { None })
            .collect();
        if dated.is_empty() {
            return;
        }
        let (key, day) = *dice.pick(&dated);
        if kind == 0 {
            row.insert(key, format!("{}-02-30", chrono::Datelike::year(&day)).into());
            note(key, "date_impossible");
        } else if let Some(other) = crate::ages::years_before(day, *dice.pick(&[1, 10])) {
            row.insert(key, other.into());
            note(key, "date_wrong");
        }
    }
}

/// A number that reads as none: another digit that the check character does not forgive.
pub(crate) fn one_digit(dice: &mut Dice, number: &str) -> Option<String> {
    let place = dice.below(17);
    let mut bytes = number.as_bytes().to_vec();
    let old = *bytes.get(place)?;
    let digit = b'0' + (old - b'0' + 1 + u8::try_from(dice.below(9)).unwrap_or(0)) % 10;
    bytes[place] = digit;
    String::from_utf8(bytes).ok().filter(|text| IdNumber::parse(text).is_err())
}

pub(crate) fn swapped(dice: &mut Dice, number: &str) -> Option<String> {
    let mut bytes = number.as_bytes().to_vec();
    let places: Vec<usize> = (6..16).filter(|i| bytes.get(*i) != bytes.get(i + 1)).collect();
    if places.is_empty() {
        return None;
    }
    let place = *dice.pick(&places);
    bytes.swap(place, place + 1);
    String::from_utf8(bytes).ok().filter(|text| IdNumber::parse(text).is_err())
}

/// Only people born in the twentieth century had the old form.
pub(crate) fn fifteen(number: &str) -> Option<String> {
    (number.len() == 18 && &number[6..8] == "19").then(|| format!("{}{}", &number[..6], &number[8..17]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoilt_numbers_are_faulty_and_old_ones_are_not() {
        let born = kernel::parse_date("1950-03-21").unwrap();
        let number = IdNumber::compose("653001", born, 123).unwrap().reveal().to_owned();
        let mut dice = Dice::new(1, "faults");
        for _ in 0..200 {
            for wrong in [one_digit(&mut dice, &number), swapped(&mut dice, &number)].into_iter().flatten() {
                assert!(IdNumber::parse(&wrong).is_err());
            }
        }
        assert_eq!(IdNumber::parse(&fifteen(&number).unwrap()).unwrap().reveal(), number);
    }
}
