//! A region: villages with their quotas, places, and the people village by village.

use kernel::{DivisionCode, DivisionLevel, Divisions, Settlement};

use crate::ability::Assessor;
use crate::ages::{before, marital};
use crate::cell::Row;
use crate::days::Days;
use crate::dice::Dice;
use crate::family::Maker;
use crate::land::{Bases, Land, Village};
use crate::names::Names;
use crate::papers::Papers;
use crate::person::Person;
use crate::places::{self, Place};
use crate::stays::Beds;
use crate::{Options, SynthFault, calendar, projects, visits};

/// An invented region.
pub struct Region {
    pub(crate) options: Options,
    pub(crate) land: Land,
    pub(crate) names: Names,
    pub(crate) villages: Vec<Village>,
    pub(crate) places: Vec<Place>,
    pub(crate) bases: Option<Bases>,
}

/// Share of the widowed whose partner died lately enough to be in the lists of deaths.
const LATELY_WIDOWED: f64 = 0.07;

impl Region {
    pub(crate) fn new(options: Options) -> Result<Self, SynthFault> {
        let land = Land::load();
        let bases = options.residents.map(|residents| land.bases(options.region, residents));
        let (divisions, older) = (&options.divisions, options.older_people);
        let villages = land.villages(divisions, options.region, options.townships, older, bases.as_ref(), options.seed);
        if villages.is_empty() {
            return Err(SynthFault::NoVillages { region: options.region });
        }
        let places = places::invent(&land, &options);
        Ok(Self { names: Names::load(), options, land, villages, places, bases })
    }

    /// The same region some days later: only the lists of the following nights, with what changed.
    #[must_use]
    pub fn next_night(&self, days: u32) -> Self {
        let mut options = self.options.clone();
        options.since = Some(options.as_of);
        options.as_of = before(options.as_of, -i64::from(days));
        Self {
            options,
            land: self.land.clone(),
            names: Names::load(),
            villages: self.villages.clone(),
            places: self.places.clone(),
            bases: self.bases,
        }
    }

    /// The places people are cared for in.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Calls `each` with the people of one village after the other, as they are on the as-of date; returns the
    /// residents of each place.
    ///
    /// # Errors
    /// The first error of `each`.
    pub fn each_village<E>(&self, mut each: impl FnMut(&[Person]) -> Result<(), E>) -> Result<Vec<i64>, E> {
        self.each(|_, people| each(people))
    }

    pub(crate) fn each<E>(&self, mut each: impl FnMut(&Village, &[Person]) -> Result<(), E>) -> Result<Vec<i64>, E> {
        let options = &self.options;
        let assessor = Assessor::new(&options.scale);
        let mut beds = Beds::new(&self.places);
        let mut maker = Maker {
            divisions: &options.divisions,
            land: &self.land,
            names: &self.names,
            papers: Papers::new(&options.divisions),
            villages: &self.villages,
            outside: outside(&options.divisions, options.region),
            region: options.region,
            bases: self.bases,
            on: options.invented_on,
            last_number: 0,
            last_household: 0,
        };
        let rates = options.daily_rates;
        let days = Days { seed: options.seed, rates, villages: &self.villages, assessor: &assessor };
        let from = calendar::first_visit_month(options.invented_on);
        for village in &self.villages {
            let mut people = self.invent(&mut maker, village, &assessor, &mut beds);
            days.pass(village, &mut people, options.invented_on, options.as_of);
            for person in people.iter_mut().filter(|p| p.older.is_some()) {
                let made = visits::made(options.seed, village, person, from, options.as_of);
                if let Some(older) = person.older.as_mut() {
                    older.visits = made;
                }
            }
            each(village, &people)?;
        }
        Ok(beds.taken().to_vec())
    }

    fn invent(&self, maker: &mut Maker, village: &Village, assessor: &Assessor, beds: &mut Beds) -> Vec<Person> {
        let on = self.options.invented_on;
        let mut dice = Dice::new(self.options.seed, &format!("village {}", village.code));
        let (mut people, mut left) = (Vec::with_capacity(village.quota * 3), village.quota);
        while left > 0 {
            let Some(mut family) = maker.family(&mut dice, village, left) else { continue };
            left -= family.elders.len();
            if family.people[0].marital == marital::WIDOWED && dice.chance(LATELY_WIDOWED) {
                maker.late_partner(&mut dice, &mut family);
            }
            maker.describe(&mut dice, village, &mut family, assessor);
            for person in family.people.iter_mut().filter(|p| p.alive(on)) {
                beds.admit(&mut dice, person, assessor, on);
            }
            people.append(&mut family.people);
        }
        if let Some(bases) = &self.bases {
            maker.younger(&mut dice, village, bases, &mut people);
        }
        people
    }
}

/// Urban communities of the table outside the region.
fn outside(divisions: &Divisions, region: DivisionCode) -> Vec<DivisionCode> {
    let urban = |code| divisions.settlement(code) == Some(Settlement::Urban);
    divisions.of_level(DivisionLevel::Community).map(|d| d.code).filter(|c| !region.contains(*c) && urban(*c)).collect()
}

/// Housing, training and residents: rows that need no people.
pub(crate) fn things(region: &Region, source: &str) -> Vec<Row> {
    let options = &region.options;
    match source {
        "housing_projects" => projects::housing(&options.divisions, options.region, options.seed, options.invented_on),
        "training" => projects::training(&options.divisions, options.region, options.seed, options.invented_on),
        "division_residents" => projects::residents(&options.divisions, options.region, &region.villages),
        _ => Vec::new(),
    }
}
