//! Families: an older person or couple, their children and where these live, the households they form.

use kernel::{Date, DivisionCode, DivisionLevel, Divisions};

use crate::ages::{Elder, before, born, marital};
use crate::dice::Dice;
use crate::land::{Bases, Land, Village};
use crate::names::{Lineage, Names};
use crate::papers::{Papers, address};
use crate::person::{Kin, Number, Person, Relation};

/// Invents people, one village after the other.
pub(crate) struct Maker<'a> {
    pub divisions: &'a Divisions,
    pub land: &'a Land,
    pub names: &'a Names,
    pub papers: Papers,
    pub villages: &'a [Village],
    /// Communities outside the region, where people go for work.
    pub outside: Vec<DivisionCode>,
    /// The whole of the region.
    pub region: DivisionCode,
    /// Both counts of its people, where all of them are invented.
    pub bases: Option<Bases>,
    /// The day on which ages are counted.
    pub on: Date,
    pub last_number: Number,
    pub last_household: u32,
}

/// A family: who of `people` is old, who is whose child.
pub(crate) struct Family {
    pub people: Vec<Person>,
    /// Indices of one or two older people; the partner may be younger than 60.
    pub elders: Vec<usize>,
    /// Where each living child lives.
    pub children: Vec<Home>,
    /// Adult grandchildren, who count as children in the plan: all, and those in the village.
    pub grandchildren: (u32, u32),
}

/// Where a grown child lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    Household,
    Village,
    County,
    /// Gone for work since that day.
    Away(Date),
}

impl Home {
    pub(crate) fn in_village(self) -> bool {
        matches!(self, Self::Household | Self::Village)
    }
}

/// What kind of family it is: how the children are spread over household, village, county and away.
const SPREADS: [[f64; 4]; 4] =
    [[0.0, 0.42, 0.34, 0.24], [0.0, 0.58, 0.26, 0.16], [0.0, 0.0, 0.6, 0.4], [0.0, 0.0, 0.0, 1.0]];
const WITH_CHILD: usize = 0;
const NEAR: usize = 1;

/// Share of the once married who have no living child.
const CHILDLESS: f64 = 0.045;

impl Maker<'_> {
    /// One family with at most `room` people of 60 and over; none when the draw was thrown back.
    pub(crate) fn family(&mut self, dice: &mut Dice, village: &Village, room: usize) -> Option<Family> {
        let mut elder = Elder::draw(dice);
        let partner_age = elder.partner_age(dice);
        if elder.married() && partner_age >= 60 {
            // a couple can be drawn from either side, so every second one is thrown back
            if dice.chance(0.5) {
                return None;
            }
            if room < 2 {
                elder.marital = marital::WIDOWED;
            }
        }
        let mix = self.land.mix(village.code);
        let ethnicity = mix.draw(dice);
        let (hukou, residence) = self.homes(dice, village);
        let household = self.household(village.code);
        let place = address(dice, self.divisions, residence, village.urban);
        let since = before(self.on, dice.between(40, 20_000));

        let own = self.names.lineage(dice, ethnicity);
        let mut people = vec![self.person(dice, elder.male, elder.age, ethnicity, elder.marital, &own, hukou)];
        let mut elders = vec![0];
        if elder.married() {
            let other = self.names.lineage(dice, ethnicity);
            let them = self.person(dice, !elder.male, partner_age, ethnicity, elder.marital, &other, hukou);
            if partner_age >= 60 {
                elders.push(1);
            }
            people.push(them);
        }
        for person in &mut people {
            place_person(person, residence, since, &household, &place);
        }
        let man = people.iter().find(|p| p.male);
        let father = man.map_or_else(|| self.names.lineage(dice, ethnicity), |man| Lineage::of_children(&man.name));
        if let [one, other] = people.as_mut_slice() {
            one.kin.push(Kin { number: other.number, relation: Relation::Spouse });
            other.kin.push(Kin { number: one.number, relation: Relation::Spouse });
        }
        let mut family = Family { people, elders, children: Vec::new(), grandchildren: (0, 0) };
        let youngest = family.people.iter().map(|p| i64::from(p.age(self.on))).min().unwrap_or(60);
        let mean = if elder.marital == marital::NEVER { 0.03 } else { mix.children };
        self.children(dice, village, &mut family, mean, youngest, &father);
        Some(family)
    }

    /// The partner of someone widowed in the last year and a half, whom some lists still have.
    pub(crate) fn late_partner(&mut self, dice: &mut Dice, family: &mut Family) {
        let widowed = family.people[0].clone();
        let age = (i64::from(widowed.age(self.on)) + dice.between(-3, 8)).max(60);
        let lineage = self.names.lineage(dice, widowed.ethnicity);
        let mut late =
            self.person(dice, !widowed.male, age, widowed.ethnicity, marital::MARRIED, &lineage, widowed.hukou);
        place_person(&mut late, widowed.residence, widowed.residence_since, &widowed.household, &widowed.address);
        late.died = Some(before(self.on, dice.between(2, 540)));
        family.elders.push(family.people.len());
        family.people.push(late);
    }

    fn children(
        &mut self,
        dice: &mut Dice,
        village: &Village,
        family: &mut Family,
        mean: f64,
        age: i64,
        name: &Lineage,
    ) {
        let head = family.people[0].clone();
        let spread = dice.weighted(&[0.53, 0.28, 0.13, 0.06]);
        let none = mean < 1.0 || dice.chance(CHILDLESS);
        let count = if none { dice.count(mean.min(0.03)) } else { 1 + dice.count(mean - 0.9) };
        for turn in 0..count.min(9) {
            let age = (age - dice.between(20, 38)).clamp(1, 75);
            let home = match (spread, turn) {
                (WITH_CHILD, 0) => Home::Household,
                (NEAR, 0) => Home::Village,
                _ if age < 16 => Home::Household,
                _ => match dice.weighted(&SPREADS[spread]) {
                    1 => Home::Village,
                    2 => Home::County,
                    3 => Home::Away(before(self.on, away_days(dice))),
                    _ => Home::Household,
                },
            };
            let status = if age > 24 && dice.chance(0.86) { marital::MARRIED } else { marital::NEVER };
            let male = dice.chance(0.51);
            let mut child = self.person(dice, male, age, head.ethnicity, status, name, head.hukou);
            self.settle(dice, village, &mut child, home, &head);
            if age > 44 {
                let grown = u32::try_from(dice.count(1.1)).unwrap_or(0);
                family.grandchildren.0 += grown;
                family.grandchildren.1 += if home.in_village() { grown.min(1) } else { 0 };
            }
            family.people[0].kin.push(Kin { number: child.number, relation: Relation::Child });
            family.children.push(home);
            let others = if home == Home::Household && status == marital::MARRIED && dice.chance(0.3) {
                self.young_family(dice, &mut family.people[0], &mut child, age)
            } else {
                Vec::new()
            };
            family.people.push(child);
            family.people.extend(others);
        }
    }

    /// A co-resident child's partner and children.
    fn young_family(&mut self, dice: &mut Dice, head: &mut Person, child: &mut Person, age: i64) -> Vec<Person> {
        let (ethnicity, hukou) = (head.ethnicity, head.hukou);
        let lineage = self.names.lineage(dice, ethnicity);
        let partner_age = (age + dice.between(-4, 4)).max(20);
        let mut partner = self.person(dice, !child.male, partner_age, ethnicity, marital::MARRIED, &lineage, hukou);
        partner.kin.push(Kin { number: child.number, relation: Relation::Spouse });
        child.kin.push(Kin { number: partner.number, relation: Relation::Spouse });
        let name = Lineage::of_children(if child.male { &child.name } else { &partner.name });
        let mut others = vec![partner];
        for _ in 0..dice.count(1.2).min(3) {
            let age = (age - dice.between(22, 34)).max(0);
            let male = dice.chance(0.51);
            let grandchild = self.person(dice, male, age, ethnicity, marital::NEVER, &name, hukou);
            head.kin.push(Kin { number: grandchild.number, relation: Relation::Grandchild });
            others.push(grandchild);
        }
        for person in &mut others {
            let since = head.residence_since.max(person.born);
            place_person(person, head.residence, since, &head.household, &head.address);
        }
        others
    }

    /// Gives a child a home; those away keep their register where the parents have it.
    fn settle(&mut self, dice: &mut Dice, village: &Village, child: &mut Person, home: Home, head: &Person) {
        if home == Home::Household {
            place_person(child, head.residence, head.residence_since.max(child.born), &head.household, &head.address);
            return;
        }
        let county = village.code.at(DivisionLevel::County);
        let (at, urban, since) = match home {
            Home::County => {
                let near: Vec<_> =
                    self.villages.iter().filter(|v| v.code.at(DivisionLevel::County) == county).collect();
                let other = near.get(dice.below(near.len())).map_or(village, |v| *v);
                child.hukou = if dice.chance(0.7) { other.code } else { child.hukou };
                (other.code, other.urban, before(self.on, dice.between(200, 9000)))
            }
            Home::Away(since) if !self.outside.is_empty() && dice.chance(0.7) => {
                (*dice.pick(&self.outside), true, since)
            }
            Home::Away(since) => {
                let towns: Vec<_> = self.villages.iter().filter(|v| v.urban && v.code != village.code).collect();
                (towns.get(dice.below(towns.len())).map_or(village.code, |v| v.code), true, since)
            }
            Home::Household | Home::Village => (village.code, village.urban, before(self.on, dice.between(200, 9000))),
        };
        let (household, place) = (self.household(village.code), address(dice, self.divisions, at, urban));
        place_person(child, at, since.max(child.born), &household, &place);
    }

    /// Where the older people are registered and where they live; nearly always the same village.
    fn homes(&self, dice: &mut Dice, village: &Village) -> (DivisionCode, DivisionCode) {
        let other = self.villages[dice.below(self.villages.len())].code;
        let shares = match &self.bases {
            Some(bases) => [0.97 - bases.older_in - bases.older_out, 0.03, bases.older_in, bases.older_out],
            None => [0.945, 0.03, 0.01, 0.015],
        };
        match dice.weighted(&shares) {
            1 => (other, village.code),
            2 if !self.outside.is_empty() => (*dice.pick(&self.outside), village.code),
            3 if !self.outside.is_empty() => (village.code, *dice.pick(&self.outside)),
            _ => (village.code, village.code),
        }
    }

    pub(crate) fn household(&mut self, at: DivisionCode) -> String {
        self.last_household += 1;
        format!("{}{:07}", at.at(DivisionLevel::County).unwrap_or(at), self.last_household)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a person, named at every call")]
    pub(crate) fn person(
        &mut self,
        dice: &mut Dice,
        male: bool,
        age: i64,
        ethnicity: &'static str,
        marital: &'static str,
        lineage: &Lineage,
        hukou: DivisionCode,
    ) -> Person {
        let born = born(dice, age, self.on);
        self.last_number += 1;
        Person {
            number: self.last_number,
            male,
            born,
            ethnicity,
            name: self.names.name(dice, ethnicity, male, chrono::Datelike::year(&born), lineage),
            id_number: self.papers.id_number(dice, hukou, born, male),
            marital,
            hukou,
            residence: hukou,
            residence_since: born,
            household: String::new(),
            phone: self.papers.phone(dice, age >= 60),
            address: String::new(),
            died: None,
            kin: Vec::new(),
            disability: None,
            older: None,
        }
    }
}

pub(crate) fn place_person(person: &mut Person, at: DivisionCode, since: Date, household: &str, address: &str) {
    person.residence = at;
    person.residence_since = since;
    person.household = household.to_owned();
    person.address = address.to_owned();
}

/// Most have been gone for years, many just around half a year.
fn away_days(dice: &mut Dice) -> i64 {
    match dice.weighted(&[0.2, 0.15, 0.65]) {
        0 => dice.between(165, 200),
        1 => dice.between(15, 164),
        _ => dice.between(201, 3200),
    }
}
