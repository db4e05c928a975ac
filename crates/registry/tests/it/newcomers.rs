//! A row of the population about nobody becomes a person without a number, and one person with it when it comes.

use std::collections::BTreeSet;

use kernel::PersonId;
use policy::value::Value;
use registry::ingest::IngestOptions;
use registry::linking::{self, Linked, Outcome, State, merge};
use registry::people::identity;

use crate::desk::{Desk, VILLAGE, day, desks, number, person, village};
use crate::linking::{SURVEY, decide, link, mistyped, rules, take_back};

const NAME: &str = "欧阳娜仁";
/// Nobody's number but that of the newcomer.
const N: u16 = 77;

fn without_number() -> String {
    person(N, NAME, VILLAGE).replace(&number(N), "")
}

/// Everyone with a number: enough for it to be known how seldom strangers agree.
const CROWD: u16 = 60;
/// Whoever comes next.
const NEXT: PersonId = PersonId(CROWD as i64 + 1);
const AFTER: PersonId = PersonId(CROWD as i64 + 2);

/// A population of the crowd and more rows.
fn population(desk: &Desk<'_>, on: &str, more: &[String]) -> Linked {
    take(desk, on, more);
    link(desk, on)
}

fn take(desk: &Desk<'_>, on: &str, more: &[String]) {
    let rows = [&village(CROWD)[..], more].concat();
    let path = desk.list(&format!("population_{on}.csv"), crate::desk::POPULATION, &rows);
    let options = IngestOptions { force_close: true, ..IngestOptions::on(day(on)) };
    desk.ingester().file(&path, &options).expect("the database works");
}

/// Who lives here beside the crowd.
fn others(desk: &Desk<'_>, on: &str) -> Vec<PersonId> {
    let people = desk.snapshot(on).population;
    let ids = people.table("person").unwrap().ids().iter().map(|id| PersonId(*id));
    ids.filter(|id| id.0 > i64::from(CROWD)).collect()
}

#[test]
fn a_row_about_nobody_makes_a_person_who_is_known_again() {
    desks(|desk| {
        let first = population(desk, "2026-10-01", &[without_number()]);
        assert_eq!((first.new, first.linked, first.waiting), (1, 0, 0), "{first:?}");
        assert_eq!(others(desk, "2026-10-02"), [NEXT]);
        let who = identity(&mut desk.session(), &desk.keys, NEXT).unwrap().unwrap();
        assert_eq!((who.name.as_str(), who.id_number.as_str(), who.phone.as_str()), (NAME, "", "13999000077"));
        let snapshot = desk.snapshot("2026-10-02").population;
        let table = snapshot.table("person").unwrap();
        let row = table.row_of(NEXT.0).unwrap();
        assert_eq!(table.get(row, "residence_division"), Value::text(VILLAGE));
        assert!(!matches!(table.get(row, "birth_date"), Value::Null));

        let again = population(desk, "2026-11-01", &[without_number()]);
        assert_eq!((again.new, again.linked, again.asked), (0, 1, 0), "{again:?}");
        assert_eq!(others(desk, "2026-11-02"), [NEXT]);
        let pair = &linking::linked_to(&mut desk.session(), NEXT).unwrap()[0];
        let said: Vec<_> = linking::said(&mut desk.session(), pair.id).unwrap().into_iter().map(|s| s.reason).collect();
        assert_eq!(said, ["new", "decided before"]);
        // Moved within the village, so the row reads differently: still the same person.
        let moved = population(desk, "2026-12-01", &[without_number().replace("巷子 77 号", "巷子 7 号")]);
        assert_eq!((moved.new, moved.linked), (0, 1), "{moved:?}");
        assert_eq!(others(desk, "2026-12-02"), [NEXT]);
        assert_eq!(link(desk, "2026-12-02"), Linked::default(), "nothing is compared twice");
    });
}

#[test]
fn when_the_number_comes_both_are_one_person_and_can_be_two_again() {
    desks(|desk| {
        population(desk, "2026-10-01", &[without_number()]);
        let row = format!(",独居,{NAME},{VILLAGE},13999000077");
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &[row]);
        assert_eq!(link(desk, "2026-10-04").linked + u64::from(settle(desk, "2026-10-04")), 1);
        let came = population(desk, "2026-11-01", &[person(N, NAME, VILLAGE)]);
        assert_eq!((came.merged, came.same_person, came.new), (1, 0, 0), "{came:?}");
        assert_eq!(others(desk, "2026-11-02"), [AFTER], "one row, under the number");
        assert_eq!(desk.id(N), AFTER);
        assert!(!matches!(desk.fact(N, "living_arrangement", "2026-11-02"), None | Some(Value::Null)));
        let journal = merge::all(&mut desk.session()).unwrap();
        assert_eq!((journal[0].kept, journal[0].gone), (AFTER, NEXT));
        let pair = journal[0].pair.expect("the question it answers");
        take_back(desk, pair, "2026-11-03").unwrap();
        assert!(matches!(desk.fact(N, "living_arrangement", "2026-11-04"), None | Some(Value::Null)));
        let after = population(desk, "2026-12-01", &[person(N, NAME, VILLAGE)]);
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
        population(desk, "2026-10-01", &[without_number()]);
        let row = format!(",{NAME},{VILLAGE},2026-09-01");
        desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名,居住地区划代码,享受起始日期", &[row]);
        let told = link(desk, "2026-10-03").linked + u64::from(settle(desk, "2026-10-03"));
        assert_eq!(told, 1);
        let came = population(desk, "2026-11-01", &[person(N, NAME, VILLAGE)]);
        assert_eq!((came.merged, came.same_person), (0, 1), "{came:?}");
        let open = linking::open_pairs(&mut desk.session()).unwrap();
        let outcome = decide(desk, open[0].pair.id, State::Same, "2026-11-02").unwrap();
        let Outcome::Merged(merge) = outcome else { panic!("{outcome:?}") };
        assert!(merge.is_proposed(), "and a second person confirms");
        assert_eq!((merge.kept, merge.gone), (AFTER, NEXT), "whoever has a number is known by it");
    });
}

#[test]
fn a_newcomer_taken_back_leaves_nobody_and_is_not_made_again() {
    desks(|desk| {
        population(desk, "2026-10-01", &[without_number()]);
        let pair = linking::linked_to(&mut desk.session(), NEXT).unwrap()[0].id;
        assert_eq!(take_back(desk, pair, "2026-10-02").unwrap(), Outcome::Returned(1));
        assert!(others(desk, "2026-10-03").is_empty());
        let again = population(desk, "2026-11-01", &[without_number()]);
        assert_eq!((again.new, again.linked, again.waiting), (0, 0, 1), "{again:?}");
        assert!(others(desk, "2026-11-02").is_empty());
    });
}

#[test]
fn rows_that_read_the_same_wait() {
    desks(|desk| {
        let twice = population(desk, "2026-10-08", &[without_number(), without_number()]);
        assert_eq!((twice.new, twice.waiting), (0, 2), "{twice:?}");
    });
}

/// Among few people the rows that are left are judged anew once someone came; among many they are held against who came.
#[test]
fn two_lists_of_one_night_make_one_person() {
    desks(|desk| two_lists_make_one_person(desk, CROWD));
    desks(|desk| two_lists_make_one_person(desk, 4 * CROWD));
}

fn two_lists_make_one_person(desk: &Desk<'_>, crowd: u16) {
    let population = |file: &str, row: String| {
        desk.accept(file, crate::desk::POPULATION, &[&village(crowd)[..], &[row]].concat());
    };
    population("population_2026-10-01.csv", without_number());
    population("population_2026-10-05_653001.csv", without_number().replace("巷子 77 号", "巷子 7 号"));
    let row = format!(",独居,{NAME},{VILLAGE},13999000077");
    desk.accept("village_survey_2026-10-06.csv", SURVEY, &[row]);
    let done = link(desk, "2026-10-07");
    assert_eq!((done.new, done.linked + done.asked), (1, 2), "the other rows of the night are about them: {done:?}");
    let people = desk.snapshot("2026-10-08").population;
    let ids: Vec<i64> =
        people.table("person").unwrap().ids().iter().filter(|id| **id > crowd.into()).copied().collect();
    assert_eq!(ids, [i64::from(crowd) + 1]);
}

#[test]
fn whom_the_list_drops_leaves_and_is_the_same_person_when_named_again() {
    desks(|desk| {
        population(desk, "2026-10-01", &[without_number()]);
        population(desk, "2026-11-01", &[]);
        assert!(others(desk, "2026-11-02").is_empty());
        assert_eq!(others(desk, "2026-10-20"), [NEXT], "what held before still holds for then");
        let back = population(desk, "2026-12-01", &[without_number()]);
        assert_eq!((back.new, back.linked), (0, 1), "{back:?}");
        assert_eq!(others(desk, "2026-12-02"), [NEXT]);
    });
}

/// The list names both in one month: they are two until someone says otherwise.
#[test]
fn a_namesake_with_a_number_in_the_same_list_is_not_merged() {
    desks(|desk| {
        let first = population(desk, "2026-10-01", &[without_number()]);
        assert_eq!(first.new, 1);
        let both = population(desk, "2026-11-01", &[without_number(), person(N, NAME, VILLAGE)]);
        assert_eq!((both.new, both.merged), (0, 0), "{both:?}");
        assert_eq!(others(desk, "2026-11-02"), [NEXT, AFTER]);
    });
}

#[test]
fn whoever_is_paid_is_merged_by_people() {
    desks(|desk| {
        population(desk, "2026-10-01", &[without_number()]);
        take(desk, "2026-11-01", &[person(N, NAME, VILLAGE)]);
        let (options, paid) = (IngestOptions::on(day("2026-11-01")), BTreeSet::from([NEXT]));
        let came = desk.ingester().link(&rules(), &options, &paid).unwrap();
        assert_eq!((came.merged, came.same_person), (0, 1), "{came:?}");
    });
}

#[test]
fn nobody_shares_what_stands_for_a_number() {
    desks(|desk| {
        population(desk, "2026-10-01", &[without_number(), without_number().replace(NAME, "司马塔依尔")]);
        let found = registry::people::by_phone(&mut desk.session(), &desk.keys, "13999000077").unwrap();
        assert_eq!(found, [NEXT, AFTER]);
        let blinds = "SELECT COUNT(DISTINCT id_blind) FROM person";
        assert_eq!(desk.session().query_one(blinds, &[]).unwrap().int(0).unwrap(), AFTER.0);
    });
}

/// Keys of people, entries of rows and decisions are all found again under the new key alone.
#[test]
fn a_night_after_the_keys_were_changed_links_as_before() {
    testkit::each_database(registry::MIGRATIONS, |database| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        store::keys::create_key_file(&file).unwrap();
        let first = store::Keys::from_file(&file).unwrap().attach(&mut database.session().unwrap()).unwrap();
        let desk = Desk::new(database, first);
        let survey = [format!("{},独居,甲1,{VILLAGE},", mistyped(1)), format!(",独居,甲2,{VILLAGE},13999000002")];
        let before = population(&desk, "2026-10-01", &[without_number()]);
        assert_eq!((before.new, before.waiting), (1, 0));
        desk.accept("village_survey_2026-10-02.csv", SURVEY, &survey);
        let before = link(&desk, "2026-10-02");
        assert_eq!(before.linked + before.asked, 2, "{before:?}");
        while let Some(open) = linking::open_pairs(&mut desk.session()).unwrap().first() {
            decide(&desk, open.pair.id, State::Different, "2026-10-03").unwrap();
        }

        let mut session = desk.session();
        let ring = store::keys::add_key_to_file(&file).unwrap().attach(&mut session).unwrap();
        store::keys::rotate(&mut session, &ring, registry::RESEALERS, &mut |_, _| ()).unwrap();
        let newest = store::keys::keep_newest_in_file(&file).unwrap().attach(&mut session).unwrap();
        let desk = Desk::new(database, newest);
        assert_eq!(
            link(&desk, "2026-10-04"),
            Linked::default(),
            "nothing has changed, so nothing is compared or asked"
        );

        let again = population(&desk, "2026-11-01", &[without_number()]);
        assert_eq!((again.new, again.linked, again.same_person), (0, 1, 0), "{again:?}");
        desk.accept("village_survey_2026-11-02.csv", SURVEY, &survey);
        let again = link(&desk, "2026-11-02");
        assert_eq!((again.linked, again.asked), (before.linked, 0), "{again:?}");
        assert_eq!(others(&desk, "2026-11-03"), [NEXT]);
        let came = population(&desk, "2026-12-01", &[person(N, NAME, VILLAGE)]);
        assert_eq!((came.merged, came.same_person), (1, 0), "{came:?}");
        assert_eq!(desk.id(N), AFTER);
        assert!(store::audit::verify(&mut desk.session(), &desk.keys).unwrap().faults.is_empty());
    });
}
