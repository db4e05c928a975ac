//! What is learned of a source from its own list, and when the stated parameters stay.

use registry::ingest::IngestOptions;
use registry::linking::{self, Learned, forget_learned, learned};

use crate::desk::{Desk, VILLAGE, day, desks, number, person};
use crate::linking::{SURVEY, link, mistyped, rules};

const PEOPLE: u16 = 400;
const FAMILY: [char; 8] = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'];
const GIVEN: [char; 20] = [
    '建', '国', '桂', '兰', '明', '华', '秀', '英', '志', '强', '玉', '珍', '海', '燕', '文', '军', '丽', '芳', '永',
    '福',
];

fn name(n: u16) -> String {
    let n = usize::from(n);
    [FAMILY[n % 8], GIVEN[n / 8 % 20], GIVEN[(n * 7 + n / 20) % 20]].iter().collect()
}

/// The survey's rows of some people, one name in five with another last character.
fn surveyed(people: std::ops::Range<u16>) -> Vec<String> {
    let row = |n: u16| {
        let mut name = name(n);
        if n.is_multiple_of(5) {
            name.pop();
            name.push('辉');
        }
        format!("{},独居,{name},{VILLAGE},139990{n:05}", number(n))
    };
    people.map(row).collect()
}

fn learn(desk: &Desk<'_>, rows: &[String]) -> Learned {
    let path = desk.list("village_survey_2026-10-05.csv", SURVEY, rows);
    desk.ingester().learn(&rules(), &path, &IngestOptions::on(day("2026-10-06"))).unwrap()
}

fn everyone(desk: &Desk<'_>) {
    let rows: Vec<String> = (1..=PEOPLE).map(|n| person(n, &name(n), VILLAGE)).collect();
    desk.population("2026-10-01", &rows);
}

fn engine_of_a_link(desk: &Desk<'_>) -> String {
    let row = format!("{},独居,{},{VILLAGE},13999000007", mistyped(7), name(7));
    desk.accept("village_survey_2026-10-07.csv", SURVEY, &[row]);
    assert_eq!(link(desk, "2026-10-07").linked, 1);
    let person = desk.id(7);
    let pair = linking::linked_to(&mut desk.session(), person).unwrap()[0].id;
    linking::said(&mut desk.session(), pair).unwrap()[0].by.clone()
}

#[test]
fn a_list_long_enough_teaches_and_the_night_uses_it() {
    desks(|desk| {
        everyone(desk);
        let first = learn(desk, &surveyed(1..300));
        assert!(first.settled && first.rows == 299 && first.rounds > 0, "{first:?}");
        assert_eq!(learn(desk, &surveyed(1..300)), first, "the same list teaches the same");
        assert!(!learn(desk, &surveyed(1..9)).settled);
        assert_eq!(learned(&mut desk.session()).unwrap(), [first], "a list too short takes nothing away");
        let engine = engine_of_a_link(desk);
        assert!(engine.starts_with(&format!("{}+", rules().engine())), "{engine}");
        let options = IngestOptions::on(day("2026-10-08"));
        assert!(forget_learned(&desk.ingester(), "village_survey", &options).unwrap());
        assert!(!forget_learned(&desk.ingester(), "village_survey", &options).unwrap());
        assert!(learned(&mut desk.session()).unwrap().is_empty());
        assert!(store::audit::verify(&mut desk.session(), &desk.keys).unwrap().faults.is_empty());
    });
}

#[test]
fn a_short_list_teaches_nothing_and_the_stated_parameters_stay() {
    desks(|desk| {
        everyone(desk);
        let little = learn(desk, &surveyed(1..100));
        assert!(!little.settled, "{little:?}");
        assert_eq!(learned(&mut desk.session()).unwrap(), [little], "but it is said");
        assert_eq!(engine_of_a_link(desk), rules().engine());
    });
}

#[test]
fn a_list_that_is_not_about_people_is_refused() {
    desks(|desk| {
        let path = desk.list("places_2026-10-05.csv", "x", &[]);
        let refused = desk.ingester().learn(&rules(), &path, &IngestOptions::on(day("2026-10-06")));
        assert!(matches!(refused, Err(registry::RegistryError::NoSource(_))));
    });
}
