//! The whole of Kizilsu: sizes and shares.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{DivisionCode, DivisionLevel, IdNumber};
use synth::{Options, Person};

use crate::packs;

#[test]
fn kizilsu_has_55000_older_people_with_plausible_ages_and_homes() {
    let options = Options::load(&packs()).unwrap();
    let region = synth::region(&options).unwrap();
    let (mut older, mut all, mut bands, mut numbers) = (0_u32, 0_u32, [0_u32; 6], BTreeSet::new());
    let (mut peoples, mut villages) = (BTreeMap::<&str, u32>::new(), BTreeSet::<DivisionCode>::new());
    let mut levels = [0_u32; 5];
    let mut alone = 0;
    region
        .each_village(|people: &[Person]| -> Result<(), ()> {
            for person in people {
                all += 1;
                let number = IdNumber::parse(&person.id_number).unwrap();
                assert_eq!((number.birth_date(), number.sex() == 1), (person.born, person.male));
                assert!(numbers.insert(person.id_number.clone()), "an ID number stands twice");
                let age = person.age(options.as_of);
                if let Some(details) = person.older.as_deref().filter(|_| person.alive(options.as_of)) {
                    assert!(age >= 60);
                    older += 1;
                    bands[usize::try_from((age - 60) / 5).unwrap().min(5)] += 1;
                    *peoples.entry(person.ethnicity).or_default() += 1;
                    villages.insert(person.residence);
                    alone += u32::from(details.survey.children_in_village == 0);
                    if let Some(assessment) = details.assessments.last() {
                        levels[usize::from(assessment.level)] += 1;
                    }
                }
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(older, 55_000);
    assert!((140_000..180_000).contains(&all), "{all} people");
    for (band, percent) in bands.iter().zip([32.5, 26.1, 20.8, 11.1, 6.1, 3.4]) {
        let share = f64::from(*band) * 100.0 / f64::from(older);
        assert!((share - percent).abs() < 1.6, "{share:.1} % where {percent} % was wanted: {bands:?}");
    }
    assert!(
        ["01", "03", "05", "29", "41"].iter().all(|code| peoples.get(code).is_some_and(|n| *n > 200)),
        "{peoples:?}"
    );
    let inside = villages.iter().filter(|v| options.region.contains(**v) && v.level() == DivisionLevel::Community);
    assert_eq!(inside.count(), 352);
    let share = f64::from(alone) / f64::from(older);
    assert!((0.15..0.32).contains(&share), "{share} without a child in the village");
    assert!(levels.iter().all(|n| *n > 300), "{levels:?}");
}

/// Another county, with everyone who lives there: both counts come out, and nobody's memory grows with it.
#[test]
fn a_county_with_all_its_people_has_both_counts() {
    let options = Options { region: "110105".parse().unwrap(), townships: Some(3), ..Options::load(&packs()).unwrap() };
    let options = options.with_residents(30_000);
    let region = synth::region(&options).unwrap();
    let on = options.as_of;
    let (mut living, mut registered, mut older, mut older_both) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut numbers = BTreeSet::new();
    region
        .each_village(|people: &[Person]| -> Result<(), ()> {
            for person in people.iter().filter(|p| p.alive(on)) {
                let here = |code: DivisionCode| options.region.contains(code);
                living += usize::from(here(person.residence));
                registered += usize::from(here(person.hukou));
                if person.older.is_some() {
                    older += 1;
                    older_both += usize::from(here(person.residence) && here(person.hukou));
                }
                assert!(numbers.insert(person.id_number.clone()), "an ID number stands twice");
            }
            Ok(())
        })
        .unwrap();
    let within = |count: usize, share: f64, most: f64| (count as f64 / 30_000.0 - share).abs() < share * most;
    let near = |count: usize, share: f64| within(count, share, 0.03);
    // Whole families are registered or not, so the share of a small county comes out roughly.
    assert!(near(living, 1.0) && within(registered, 0.6184, 0.07), "{living} living, {registered} registered");
    assert_eq!(older, options.older_people);
    assert!(near(older, 0.2016), "{older} of 60 and over");
    assert!((0.70..0.80).contains(&(older_both as f64 / older as f64)), "{older_both} of {older} in both counts");
}
