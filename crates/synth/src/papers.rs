//! What a person carries: an ID number no one else has, a phone number in a range no operator has, an address.

use std::collections::HashMap;

use chrono::Datelike;
use kernel::{Date, DivisionCode, DivisionLevel, Divisions, IdNumber};

use crate::dice::Dice;

/// Counties outside the region where some people's numbers were first issued.
const ELSEWHERE: [&str; 8] = ["653125", "652901", "650102", "410425", "511023", "622301", "370683", "610124"];

/// A county's numbers for one birth date and sex.
const PER_DAY: u16 = 500;

/// Mobile prefixes that no operator has been given.
const PHONE_PREFIXES: [&str; 3] = ["160", "161", "163"];

/// Hands out numbers; the same order of requests gives the same numbers.
pub(crate) struct Papers {
    counties: Vec<String>,
    issued: HashMap<(u32, Date, bool), u16>,
    phones: u32,
}

impl Papers {
    pub(crate) fn new(divisions: &Divisions) -> Self {
        let counties = divisions.of_level(DivisionLevel::County).map(|d| d.code.to_string()).collect();
        Self { counties, issued: HashMap::new(), phones: 0 }
    }

    /// A new ID number; first issued in the home county, more rarely elsewhere. Empty when a day's numbers are
    /// used up in every county.
    pub(crate) fn id_number(&mut self, dice: &mut Dice, home: DivisionCode, born: Date, male: bool) -> String {
        let home = home.at(DivisionLevel::County).unwrap_or(home).to_string();
        let region = match dice.weighted(&[0.92, 0.05, 0.03]) {
            1 if !self.counties.is_empty() => dice.pick(&self.counties).clone(),
            2 => (*dice.pick(&ELSEWHERE)).to_owned(),
            _ => home,
        };
        let spare = ELSEWHERE.iter().map(|code| (*code).to_owned()).chain(self.counties.iter().cloned());
        for region in std::iter::once(region).chain(spare) {
            let code: u32 = region.parse().unwrap_or(0);
            let issued = self.issued.entry((code, born, male)).or_insert(0);
            if *issued < PER_DAY {
                // each day's numbers start where the day and county decide and then jump about
                let start = i64::from(born.num_days_from_ce()) * 97 + i64::from(code) * 31;
                let place = (start + i64::from(*issued) * 37).rem_euclid(i64::from(PER_DAY));
                *issued += 1;
                let sequence = u16::try_from(place * 2 + i64::from(male)).unwrap_or(0);
                return IdNumber::compose(&region, born, sequence).map(|n| n.reveal().to_owned()).unwrap_or_default();
            }
        }
        String::new()
    }

    /// An invented mobile number; many old people have none.
    pub(crate) fn phone(&mut self, dice: &mut Dice, older: bool) -> Option<String> {
        if dice.chance(if older { 0.35 } else { 0.08 }) {
            return None;
        }
        self.phones += 1;
        let prefix = PHONE_PREFIXES[self.phones as usize % PHONE_PREFIXES.len()];
        let rest = (u64::from(self.phones) * 48_271 + 7_919) % 100_000_000;
        Some(format!("{prefix}{rest:08}"))
    }
}

/// `阿湖乡某村3组27号`, in towns by building and flat.
pub(crate) fn address(dice: &mut Dice, divisions: &Divisions, at: DivisionCode, urban: bool) -> String {
    let township = at.at(DivisionLevel::Township).map(|t| divisions.name(t)).unwrap_or_default();
    let place = divisions.name(at);
    if urban {
        let (building, unit, flat) =
            (dice.between(1, 40), dice.between(1, 4), dice.between(1, 6) * 100 + dice.between(1, 4));
        format!("{township}{place}{building}号楼{unit}单元{flat}室")
    } else {
        format!("{township}{place}{}组{}号", dice.between(1, 9), dice.between(1, 160))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_are_valid_and_never_twice() {
        let divisions = Divisions::from_csv("code,name,kind,settlement\n653001,阿图什市,city,\n").unwrap();
        let (mut papers, mut dice) = (Papers::new(&divisions), Dice::new(1, "papers"));
        let born = kernel::parse_date("1950-03-01").unwrap();
        let mut seen = HashSet::new();
        for turn in 0..1500 {
            let text = papers.id_number(&mut dice, "653001".parse().unwrap(), born, turn % 3 == 0);
            let number = IdNumber::parse(&text).unwrap();
            assert_eq!((number.birth_date(), number.sex()), (born, if turn % 3 == 0 { 1 } else { 2 }));
            assert!(seen.insert(text));
        }
    }
}
