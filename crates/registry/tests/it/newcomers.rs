//! A row of the population about nobody becomes a person without a number, and one person with it when it comes.

use kernel::PersonId;
use policy::value::Value;
use registry::ingest::IngestOptions;
use registry::linking::{self, Linked, Outcome, State, merge};
use registry::people::identity;

use crate::desk::{Desk, VILLAGE, day, desks, number, person, village};
use crate::linking::{SURVEY, decide, link, take_back};

const NAME: &str = "欧阳娜仁";
/// Nobody's number but that of the newcomer.
const N: u16 = 77;

fn without_number() -> String {
    person(N, NAME, VILLAGE).replace(&number(N), "")
}

/// A population of eight and one more row.
fn population(desk: &Desk<'_>, on: &str, more: &str) -> Linked {
    let mut rows = village(8);
    rows.push(more.to_owned());
    let path = desk.list(&format!("population_{on}.csv"), crate::desk::POPULATION, &rows);
    let options = IngestOptions { force_close: true, ..IngestOptions::on(day(on)) };
    desk.ingester().file(&path, &options).expect("the database works");
    link(desk, on)
}

fn ids(desk: &Desk<'_>, on: &str) -> Vec<i64> {
    desk.snapshot(on).population.table("person").unwrap().ids().to_vec()
}

#[test]
fn a_row_about_nobody_makes_a_person_who_is_known_again() {
    desks(|desk| {
        let first = population(desk, "2026-10-01", &without_number());
        assert_eq!((first.new, first.linked, first.waiting), (1, 0, 0), "{first:?}");
        assert_eq!(ids(desk, "2026-10-02"), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let who = identity(&mut desk.session(), &desk.keys, PersonId(9)).unwrap().unwrap();
        assert_eq!((who.name.as_str(), who.id_number.as_str(), who.phone.as_str()), (NAME, "", "13999000077"));
        let snapshot = desk.snapshot("2026-10-02").population;
        let table = snapshot.table("person").unwrap();
        assert_eq!(table.get(8, "residence_division"), Value::text(VILLAGE));
        assert!(!matches!(table.get(8, "birth_date"), Value::Null));

        let again = population(desk, "2026-11-01", &without_number());
        assert_eq!((again.new, again.linked, again.asked), (0, 1, 0), "{again:?}");
        assert_eq!(ids(desk, "2026-11-02").len(), 9);
        let pair = &linking::linked_to(&mut desk.session(), PersonId(9)).unwrap()[0];
        let said: Vec<_> = linking::said(&mut desk.session(), pair.id).unwrap().into_iter().map(|s| s.reason).collect();
        assert_eq!(said, ["new", "decided before"]);
        // Moved within the village, so the row reads differently: still the same person.
        let moved = population(desk, "2026-12-01", &without_number().replace("巷子 77 号", "巷子 7 号"));
        assert_eq!((moved.new, moved.linked), (0, 1), "{moved:?}");
        assert_eq!(ids(desk, "2026-12-02").len(), 9);
        assert_eq!(link(desk, "2026-12-02"), Linked::default(), "nothing is compared twice");
    });
}

#[test]
fn when_the_number_comes_both_are_one_person_and_can_be_two_again() {
    desks(|desk| {
        population(desk, "2026-10-01", &without_number());
        let row = format!(",独居,{NAME},{VILLAGE},13999000077");
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &[row]);
        assert_eq!(link(desk, "2026-10-04").linked + u64::from(settle(desk, "2026-10-04")), 1);
        let came = population(desk, "2026-11-01", &person(N, NAME, VILLAGE));
        assert_eq!((came.merged, came.same_person, came.new), (1, 0, 0), "{came:?}");
        assert_eq!(ids(desk, "2026-11-02"), [1, 2, 3, 4, 5, 6, 7, 8, 10], "one row, under the number");
        assert_eq!(desk.id(N), PersonId(10));
        assert!(!matches!(desk.fact(N, "living_arrangement", "2026-11-02"), None | Some(Value::Null)));
        let journal = merge::all(&mut desk.session()).unwrap();
        assert_eq!((journal[0].kept, journal[0].gone), (PersonId(10), PersonId(9)));
        let pair = journal[0].pair.expect("the question it answers");
        take_back(desk, pair, "2026-11-03").unwrap();
        assert!(matches!(desk.fact(N, "living_arrangement", "2026-11-04"), None | Some(Value::Null)));
        let after = population(desk, "2026-12-01", &person(N, NAME, VILLAGE));
        assert_eq!((after.merged, after.same_person), (0, 0), "never again by itself");
        assert!(store::audit::verify(&mut desk.session(), &desk.keys).unwrap().faults.is_empty());
    });
}

/// Says yes to the one question there is; true when there was one.
fn settle(desk: &Desk<'_>, on: &str) -> bool {
    let open = linking::open(&mut desk.session()).unwrap();
    let Some(line) = open.first() else { return false };
    decide(desk, line.choices[0].candidate, State::Same, on).unwrap();
    true
}

#[test]
fn where_money_hangs_on_it_people_say_that_both_are_one() {
    desks(|desk| {
        population(desk, "2026-10-01", &without_number());
        let row = format!(",{NAME},{VILLAGE},2026-09-01");
        desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名,居住地区划代码,享受起始日期", &[row]);
        let told = link(desk, "2026-10-03").linked + u64::from(settle(desk, "2026-10-03"));
        assert_eq!(told, 1);
        let came = population(desk, "2026-11-01", &person(N, NAME, VILLAGE));
        assert_eq!((came.merged, came.same_person), (0, 1), "{came:?}");
        let open = linking::open_pairs(&mut desk.session()).unwrap();
        let outcome = decide(desk, open[0].pair.id, State::Same, "2026-11-02").unwrap();
        let Outcome::Merged(merge) = outcome else { panic!("{outcome:?}") };
        assert!(merge.is_proposed(), "and a second person confirms");
        assert_eq!((merge.kept, merge.gone), (PersonId(10), PersonId(9)), "whoever has a number is known by it");
    });
}

#[test]
fn a_newcomer_taken_back_leaves_nobody_and_is_not_made_again() {
    desks(|desk| {
        population(desk, "2026-10-01", &without_number());
        let pair = linking::linked_to(&mut desk.session(), PersonId(9)).unwrap()[0].id;
        assert_eq!(take_back(desk, pair, "2026-10-02").unwrap(), Outcome::Returned(1));
        assert_eq!(ids(desk, "2026-10-03").len(), 8);
        let again = population(desk, "2026-11-01", &without_number());
        assert_eq!((again.new, again.linked, again.waiting), (0, 0, 1), "{again:?}");
        assert_eq!(ids(desk, "2026-11-02").len(), 8);
    });
}

#[test]
fn a_row_that_says_too_little_or_stands_twice_waits() {
    desks(|desk| {
        let born = crate::desk::birth(N);
        let nameless_day = population(desk, "2026-10-01", &without_number().replace(&born, ""));
        assert_eq!((nameless_day.new, nameless_day.waiting), (0, 1), "{nameless_day:?}");
        let twice = format!("{}\n{}", without_number(), without_number());
        let twice = population(desk, "2026-10-08", &twice);
        assert_eq!((twice.new, twice.waiting), (0, 2), "{twice:?}");
    });
}

#[test]
fn a_newcomer_is_found_after_the_keys_were_changed() {
    desks(|desk| {
        population(desk, "2026-10-01", &without_number());
        let found = registry::people::by_phone(&mut desk.session(), &desk.keys, "13999000077").unwrap();
        assert_eq!(found, [PersonId(9)]);
        let blind = |session: &mut store::Session| {
            session.query_one("SELECT COUNT(DISTINCT id_blind) FROM person", &[]).unwrap().int(0).unwrap()
        };
        assert_eq!(blind(&mut desk.session()), 9, "nobody shares what stands for a number");
    });
}
