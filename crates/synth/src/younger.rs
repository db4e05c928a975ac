//! People under 60 without an older person in the family: those who came for work, those whose parents live elsewhere,
//! and those registered here who live elsewhere.

use kernel::DivisionCode;

use crate::ages::{before, marital};
use crate::dice::Dice;
use crate::family::{Maker, place_person};
use crate::land::{Bases, Village};
use crate::names::Lineage;
use crate::papers::address;
use crate::person::{Kin, Person, Relation};
use crate::status::disability;

/// Alone, a couple, a couple with children, a parent with children, some who share a flat.
const HOUSEHOLDS: [f64; 5] = [0.36, 0.2, 0.34, 0.05, 0.05];
const DISABLED: f64 = 0.013;

impl Maker<'_> {
    /// Fills a village up to its residents, then to those who are registered there.
    pub(crate) fn younger(&mut self, dice: &mut Dice, village: &Village, bases: &Bases, people: &mut Vec<Person>) {
        let (region, on) = (self.region, self.on);
        let count = |people: &[Person], at: fn(&Person) -> DivisionCode| {
            people.iter().filter(|p| p.alive(on) && region.contains(at(p))).count()
        };
        let mut residents = count(people, |p| p.residence);
        while residents < village.residents {
            let elsewhere = !self.outside.is_empty() && dice.chance(bases.younger_in);
            let hukou = if elsewhere { *dice.pick(&self.outside) } else { village.code };
            let household = self.young_household(dice, village, (hukou, village.code), village.residents - residents);
            residents += household.len();
            people.extend(household);
        }
        let mut registered = count(people, |p| p.hukou);
        while registered < village.registered && !self.outside.is_empty() {
            let residence = *dice.pick(&self.outside);
            let room = village.registered - registered;
            let household = self.young_household(dice, village, (village.code, residence), room);
            registered += household.len();
            people.extend(household);
        }
    }

    /// At most `room` people, all at one address.
    fn young_household(
        &mut self,
        dice: &mut Dice,
        village: &Village,
        (hukou, residence): (DivisionCode, DivisionCode),
        room: usize,
    ) -> Vec<Person> {
        let kind = dice.weighted(&HOUSEHOLDS);
        let ethnicity = self.land.mix(hukou).draw(dice);
        let age = dice.between(if kind == 0 || kind == 4 { 18 } else { 24 }, 59);
        let male = dice.chance(0.52);
        let with_partner = kind == 1 || kind == 2;
        let status = match kind {
            1 | 2 => marital::FIRST,
            3 => marital::DIVORCED,
            _ if age > 40 && dice.chance(0.4) => marital::DIVORCED,
            _ => marital::NEVER,
        };
        let lineage = self.names.lineage(dice, ethnicity);
        let mut household = vec![self.person(dice, male, age, ethnicity, status, &lineage, hukou)];
        if with_partner && room > 1 {
            let lineage = self.names.lineage(dice, ethnicity);
            let age = (age + dice.between(-4, 4)).clamp(22, 59);
            let mut partner = self.person(dice, !male, age, ethnicity, status, &lineage, hukou);
            partner.kin.push(Kin { number: household[0].number, relation: Relation::Spouse });
            household[0].kin.push(Kin { number: partner.number, relation: Relation::Spouse });
            household.push(partner);
        }
        if kind == 2 || kind == 3 {
            let father = household.iter().find(|p| p.male).unwrap_or(&household[0]);
            let lineage = Lineage::of_children(&father.name);
            for _ in 0..(1 + dice.count(0.35)).min(3).min(room - household.len()) {
                let age = (age - dice.between(21, 36)).clamp(0, 17);
                let male = dice.chance(0.52);
                let child = self.person(dice, male, age, ethnicity, marital::NEVER, &lineage, hukou);
                household[0].kin.push(Kin { number: child.number, relation: Relation::Child });
                household.push(child);
            }
        }
        if kind == 4 {
            for _ in 0..dice.below(2).min(room - 1) + usize::from(room > 2) {
                let lineage = self.names.lineage(dice, ethnicity);
                let age = (age + dice.between(-8, 8)).clamp(18, 59);
                household.push(self.person(dice, male, age, ethnicity, marital::NEVER, &lineage, hukou));
            }
        }
        let urban = village.urban || residence != village.code;
        let (number, place) = (self.household(village.code), address(dice, self.divisions, residence, urban));
        let since = before(self.on, dice.between(30, 6000));
        for person in &mut household {
            place_person(person, residence, since.max(person.born), &number, &place);
            person.disability = disability(dice, DISABLED, 0.5, person.born, self.on);
        }
        household
    }
}
