//! Two entries become one person and two again, whatever comes in between.

use std::collections::BTreeMap;

use kernel::PersonId;
use policy::value::Value;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use registry::ingest::IngestOptions;
use registry::linking::merge::{self, Merge, Merging};
use registry::linking::{self, By, DecisionFault, Other, State};
use registry::quarantine::Correction;
use registry::snapshot::{Moment, Subject, facts_of, visits_of};

use crate::desk::{Desk, ELSEWHERE, VILLAGE, day, desk, desks, number, pack, person, village};
use crate::linking::{SURVEY, by, decide, link, mistyped, rules, take_back};

fn merging(kept: i64, gone: i64) -> Merging {
    Merging { kept: PersonId(kept), gone: PersonId(gone), money: false, pair: None }
}

pub fn join(desk: &Desk<'_>, kept: i64, gone: i64, on: &str) -> Result<Merge, DecisionFault> {
    desk.session().transaction(|tx| merge::merge(tx, &desk.keys, &rules(), merging(kept, gone), by("甲", on)))
}

pub fn split(desk: &Desk<'_>, id: i64, on: &str) -> Result<Merge, DecisionFault> {
    desk.session().transaction(|tx| merge::split(tx, &desk.keys, id, by("乙", on)))
}

/// Every fact and visit of every entry that a reader sees, by entry.
fn facts(desk: &Desk<'_>, people: i64) -> BTreeMap<i64, Vec<String>> {
    let (pack, catalogue) = pack();
    let mut session = desk.session();
    let mut all = BTreeMap::new();
    for id in 1..=people {
        let subject = Subject::Person(PersonId(id));
        let moment = Moment::on(day("2027-01-01"));
        let lines = facts_of(&mut session, &desk.keys, (catalogue, pack), subject, &moment).unwrap();
        let said = lines.into_iter().filter(|line| !line.absent);
        let mut told: Vec<String> = said
            .map(|l| format!("{} {:?} {} {} {} {:?}", l.key, l.value, l.list, l.row, l.valid_from, l.valid_until))
            .collect();
        let visits = visits_of(&mut session, PersonId(id)).unwrap();
        told.extend(visits.into_iter().map(|v| format!("visit {} {} {} {}", v.kind, v.on, v.list, v.row)));
        told.sort();
        all.insert(id, told);
    }
    all
}

fn survey(desk: &Desk<'_>, on: &str, people: &[u16]) {
    let rows: Vec<String> = people.iter().map(|n| format!("{},独居,甲{n},{VILLAGE},", number(*n))).collect();
    desk.accept(&format!("village_survey_{on}.csv"), SURVEY, &rows);
}

#[test]
fn a_merged_person_has_the_facts_of_both_entries_and_a_split_one_its_own() {
    desks(|desk| {
        let mut rows = village(3);
        rows[1] = person(2, "甲2", ELSEWHERE);
        desk.population("2026-10-01", &rows);
        survey(desk, "2026-10-02", &[2]);
        let before = facts(desk, 3);
        assert!(matches!(desk.fact(1, "living_arrangement", "2026-10-05"), Some(Value::Null)));

        let merged = join(desk, 1, 2, "2026-10-03").unwrap();
        assert!(merged.merged_on.is_some() && !merged.two_people);
        assert!(!matches!(desk.fact(1, "living_arrangement", "2026-10-05"), None | Some(Value::Null)));
        let people = desk.snapshot("2026-10-05").population;
        assert_eq!(people.table("person").unwrap().ids(), [1, 3], "one row for one person");
        assert_eq!(desk.id(2), PersonId(1), "either number finds the person");
        assert_eq!(facts(desk, 1)[&1].len(), before[&1].len() + before[&2].len());

        split(desk, merged.id, "2026-10-04").unwrap();
        assert_eq!(facts(desk, 3), before);
        assert_eq!(desk.snapshot("2026-10-05").population.table("person").unwrap().ids(), [1, 2, 3]);
    });
}

#[test]
fn what_was_known_before_a_merge_can_still_be_asked() {
    desk(|desk| {
        desk.population("2026-10-01", &village(3));
        let merged = join(desk, 1, 2, "2026-10-10").unwrap();
        let rows = |known_at: &str| {
            let moment = Moment { known_at: Some(day(known_at)), ..Moment::on(day("2026-10-05")) };
            desk.snapshot_at(&moment).population.table("person").unwrap().ids().to_vec()
        };
        assert_eq!(rows("2026-10-09"), [1, 2, 3]);
        assert_eq!(rows("2026-10-10"), [1, 3]);
        split(desk, merged.id, "2026-10-20").unwrap();
        assert_eq!(rows("2026-10-19"), [1, 3]);
        assert_eq!(rows("2026-10-20"), [1, 2, 3]);
    });
}

#[test]
fn where_money_hangs_on_it_a_second_person_confirms() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let row = format!("{},甲2,2026-09-01", number(2));
        desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名,享受起始日期", &[row]);
        let proposed = join(desk, 1, 2, "2026-10-03").unwrap();
        assert!(proposed.two_people && proposed.merged_on.is_none());
        assert_eq!(join(desk, 1, 2, "2026-10-03").unwrap(), proposed, "proposed once");
        assert_eq!(desk.snapshot("2026-10-05").population.table("person").unwrap().rows(), 3);
        let confirm =
            |who| desk.session().transaction(|tx| merge::confirm(tx, &desk.keys, proposed.id, by(who, "2026-10-04")));
        assert!(matches!(confirm("甲"), Err(DecisionFault::SecondPerson)));
        assert!(matches!(confirm(" 甲 "), Err(DecisionFault::SecondPerson)), "however it is typed");
        assert_eq!(confirm("乙").unwrap().confirmed_by.as_deref(), Some("乙"));
        assert_eq!(desk.snapshot("2026-10-05").population.table("person").unwrap().rows(), 2);
        assert!(matches!(confirm("丙"), Err(DecisionFault::NoMerge(_))));
    });
}

#[test]
fn money_known_from_the_night_asks_for_two_as_well() {
    desk(|desk| {
        desk.population("2026-10-01", &village(3));
        let told = Merging { money: true, ..merging(1, 2) };
        let done = desk
            .session()
            .transaction(|tx| merge::merge(tx, &desk.keys, &rules(), told, by("甲", "2026-10-03")))
            .unwrap();
        assert!(done.is_proposed() && done.two_people);
    });
}

#[test]
fn every_merge_stands_in_the_chain_without_a_name() {
    desk(|desk| {
        desk.population("2026-10-01", &village(3));
        let named = By { reason: "和甲2是同一个人", ..by("许", "2026-10-03") };
        let refused = desk.session().transaction(|tx| merge::merge(tx, &desk.keys, &rules(), merging(1, 2), named));
        assert!(matches!(refused, Err(DecisionFault::ReasonNames)));
        let merged = join(desk, 1, 2, "2026-10-03").unwrap();
        split(desk, merged.id, "2026-10-04").unwrap();
        let mut session = desk.session();
        let rows = session.query("SELECT actor, action, subject, detail FROM audit ORDER BY 1", &[]).unwrap();
        let told: Vec<String> = rows
            .iter()
            .filter(|row| row.text(1).unwrap().starts_with("merge."))
            .map(|row| (0..4).map(|at| row.text(at).unwrap()).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        let all = told.join("\n");
        for part in ["乙 merge.split P00000001", "甲 merge.merge P00000001", "P00000002", "同一个人", "evidence"]
        {
            assert!(all.contains(part), "{part}: {all}");
        }
        assert!(!all.contains("甲1") && !all.contains(&number(1)));
    });
}

#[test]
fn an_entry_is_merged_into_one_person_only() {
    desk(|desk| {
        desk.population("2026-10-01", &village(4));
        join(desk, 1, 2, "2026-10-03").unwrap();
        assert!(matches!(join(desk, 3, 2, "2026-10-03"), Err(DecisionFault::Merged(..))));
        assert!(matches!(join(desk, 1, 1, "2026-10-03"), Err(DecisionFault::Same)));
        assert!(matches!(join(desk, 1, 99, "2026-10-03"), Err(DecisionFault::NoPerson(_))));
        join(desk, 3, 1, "2026-10-03").unwrap();
        assert_eq!(desk.snapshot("2026-10-05").population.table("person").unwrap().ids(), [3, 4]);
    });
}

/// One thing that happens to the registry.
#[derive(Clone, Debug)]
enum Event {
    Merge(i64, i64),
    Split(usize),
    /// The survey speaks of these people; one row is faulty.
    Survey(Vec<u16>, u16),
    /// The population list, one of them moved.
    Move(u16),
    Visit(u16),
    /// The faulty row of the last survey is corrected.
    Correct,
    /// The survey speaks of someone by a mistyped number; the night's link step follows.
    Mistyped(u16),
    /// An officer says of the nth open question that it is so.
    Link(usize),
    /// The nth standing link is taken back.
    Unlink(usize),
    /// The population list has one more, with or without a number; the night's link step follows.
    Newcomer(bool),
}

const PEOPLE: u16 = 5;
/// Who may be merged: newcomers too, once there are any.
const MERGED: i64 = PEOPLE as i64 + 2;
/// Someone who comes later, first without a number or with it.
const NEWCOMER: u16 = 77;

/// Everyone there is by now.
fn everyone(desk: &Desk<'_>) -> i64 {
    desk.session().query_one("SELECT MAX(id) FROM person", &[]).unwrap().int(0).unwrap()
}

fn event() -> impl Strategy<Value = Event> {
    let one = || 1..=PEOPLE;
    prop_oneof![
        3 => (1..=MERGED, 1..=MERGED).prop_map(|(kept, gone)| Event::Merge(kept, gone)),
        2 => (0_usize..6).prop_map(Event::Split),
        2 => (prop::collection::btree_set(one(), 1..4), one())
            .prop_map(|(of, faulty)| Event::Survey(of.into_iter().collect(), faulty)),
        1 => one().prop_map(Event::Move),
        2 => one().prop_map(Event::Visit),
        1 => Just(Event::Correct),
        3 => one().prop_map(Event::Mistyped),
        1 => (0_usize..4).prop_map(Event::Link),
        2 => (0_usize..4).prop_map(Event::Unlink),
        2 => any::<bool>().prop_map(Event::Newcomer),
    ]
}

/// Carries an event out; what people decide only when `with_links`.
fn happen(desk: &Desk<'_>, event: &Event, at: usize, survey_list: &mut Option<kernel::ListId>, with_links: bool) {
    let on = day("2026-10-02") + chrono::Days::new(at as u64);
    match event {
        Event::Merge(..) | Event::Split(_) if !with_links => {}
        Event::Merge(kept, gone) => match join(desk, *kept, *gone, &on.to_string()) {
            Ok(_) | Err(DecisionFault::Same | DecisionFault::Merged(..) | DecisionFault::NoPerson(_)) => {}
            Err(fault) => panic!("{fault}"),
        },
        Event::Split(nth) => {
            let journal = merge::all(&mut desk.session()).unwrap();
            let standing: Vec<_> = journal.iter().filter(|merge| merge.split_on.is_none()).collect();
            if let Some(merge) = standing.get(*nth) {
                split(desk, merge.id, &on.to_string()).unwrap();
            }
        }
        Event::Survey(of, faulty) => {
            let row = |n: &u16| {
                let arrangement = if n == faulty { "在月亮上" } else { "独居" };
                format!("{},{arrangement},甲{n},{VILLAGE},", number(*n))
            };
            let rows: Vec<String> = of.iter().map(row).collect();
            let path = desk.list(&format!("village_survey_{on}.csv"), SURVEY, &rows);
            let mut options = IngestOptions::on(on);
            options.force_close = true;
            *survey_list = desk.ingester().file(&path, &options).unwrap().list;
        }
        Event::Move(n) => {
            let mut rows = village(PEOPLE);
            rows[usize::from(*n) - 1] = person(*n, &format!("甲{n}"), ELSEWHERE);
            let path = desk.list(&format!("population_{on}.csv"), crate::desk::POPULATION, &rows);
            let options = IngestOptions { force_close: true, ..IngestOptions::on(on) };
            desk.ingester().file(&path, &options).unwrap();
        }
        Event::Visit(n) => {
            let row = format!("{},甲{n},{on},上门", number(*n));
            desk.accept(&format!("visit_returns_{on}.csv"), "公民身份号码,姓名,探访日期,探访方式", &[row]);
        }
        Event::Mistyped(n) => {
            let rows = [format!("{},独居,甲{n},{VILLAGE},139990{n:05}", mistyped(*n))];
            let path = desk.list(&format!("village_survey_{on}.csv"), SURVEY, &rows);
            let mut options = IngestOptions::on(on);
            options.force_close = true;
            *survey_list = desk.ingester().file(&path, &options).unwrap().list;
            if with_links {
                link(desk, &on.to_string());
            }
        }
        Event::Newcomer(numbered) => {
            let mut rows = village(PEOPLE);
            let row = person(NEWCOMER, "欧阳娜仁", VILLAGE);
            rows.push(if *numbered { row } else { row.replace(&number(NEWCOMER), "") });
            let path = desk.list(&format!("population_{on}.csv"), crate::desk::POPULATION, &rows);
            let options = IngestOptions { force_close: true, ..IngestOptions::on(on) };
            desk.ingester().file(&path, &options).unwrap();
            if with_links {
                link(desk, &on.to_string());
            }
        }
        Event::Link(_) | Event::Unlink(_) if !with_links => {}
        Event::Link(nth) => {
            let open = linking::open(&mut desk.session()).unwrap();
            if let Some(line) = open.get(*nth) {
                decide(desk, line.choices[0].candidate, State::Same, &on.to_string()).unwrap();
            }
        }
        Event::Unlink(nth) => {
            let standing = linked(desk);
            if let Some(pair) = standing.get(*nth) {
                take_back(desk, *pair, &on.to_string()).unwrap();
            }
        }
        Event::Correct => {
            let Some(list) = *survey_list else { return };
            let cells = BTreeMap::from([("居住情况".to_owned(), "独居".to_owned())]);
            let corrections = (2..6).map(|row| Correction { row, cells: cells.clone() }).collect();
            desk.ingester().correct(list, corrections, &IngestOptions::on(on)).unwrap();
        }
    }
}

/// The pairs by which rows are linked today.
fn linked(desk: &Desk<'_>) -> Vec<i64> {
    let mut session = desk.session();
    let of = |id| linking::linked_to(&mut session, PersonId(id)).unwrap();
    let pairs: Vec<_> = (1..=everyone(desk)).flat_map(of).collect();
    assert!(pairs.iter().all(|pair| matches!(pair.other, Other::Row(_)) && pair.state == State::Same));
    pairs.into_iter().map(|pair| pair.id).collect()
}

/// Statements and visits as they lie, each with the one entry it belongs to.
fn at_rest(desk: &Desk<'_>) -> Vec<String> {
    let mut session = desk.session();
    let mut found = Vec::new();
    for sql in [
        // Whoever comes late has another number where rows made people too.
        "SELECT layout, CASE WHEN subject > 5 THEN 0 ELSE subject END, list, row_no, closed_by FROM statement
            WHERE subject > 0 ORDER BY id",
        "SELECT person, kind, happened_on, list, row_no FROM visit ORDER BY id",
    ] {
        for row in session.query(sql, &[]).unwrap() {
            found.push((0..row.len()).map(|at| format!("{:?}", row.get(at).unwrap())).collect::<Vec<_>>().join(" "));
        }
    }
    found
}

#[test]
fn no_order_of_merges_splits_lists_and_corrections_loses_a_fact_or_gives_it_to_two() {
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let events = prop::collection::vec(event(), 1..14);
    runner
        .run(&events, |events| {
            // The same lists and corrections, had nobody ever merged anyone.
            let mut plain = (BTreeMap::new(), Vec::new());
            desk(|desk| {
                desk.population("2026-10-01", &village(PEOPLE));
                let mut survey_list = None;
                for (at, event) in events.iter().enumerate() {
                    happen(desk, event, at, &mut survey_list, false);
                }
                // `desk` takes a closure that can be called again, so the outcome leaves through a thread's cell.
                OUTCOME.with(|cell| cell.replace((facts(desk, i64::from(PEOPLE)), at_rest(desk))));
            });
            OUTCOME.with(|cell| std::mem::swap(&mut plain, &mut cell.borrow_mut()));
            desk(|desk| {
                desk.population("2026-10-01", &village(PEOPLE));
                let mut survey_list = None;
                for (at, event) in events.iter().enumerate() {
                    happen(desk, event, at, &mut survey_list, true);
                    one_owner_each(desk);
                }
                let journal = merge::all(&mut desk.session()).unwrap();
                for merge in journal.iter().filter(|merge| merge.split_on.is_none()).rev() {
                    split(desk, merge.id, "2026-12-31").unwrap();
                }
                for pair in linked(desk) {
                    take_back(desk, pair, "2026-12-31").unwrap();
                }
                assert_eq!(facts(desk, i64::from(PEOPLE)), plain.0, "split and taken back, everyone has their own");
                assert_eq!(at_rest(desk), plain.1, "and nothing was moved");
            });
            Ok(())
        })
        .unwrap();
}

thread_local! {
    static OUTCOME: std::cell::RefCell<(BTreeMap<i64, Vec<String>>, Vec<String>)> = std::cell::RefCell::default();
}

/// Every statement's and visit's fact is seen under exactly one person, and none is missing.
fn one_owner_each(desk: &Desk<'_>) {
    let all = facts(desk, everyone(desk));
    let aliases = registry::linking::Aliases::load(&mut desk.session(), None).unwrap();
    let mut owners: BTreeMap<&String, i64> = BTreeMap::new();
    let mut seen = 0;
    for (person, told) in all.iter().filter(|(person, _)| aliases.root(**person) == **person) {
        for fact in told {
            let owner = *owners.entry(fact).or_insert(*person);
            assert_eq!(owner, *person, "{fact} is attached to two persons");
            seen += 1;
        }
    }
    let mut session = desk.session();
    let count = |session: &mut store::Session, sql| session.query_one(sql, &[]).unwrap().int(0).unwrap();
    let visits = count(&mut session, "SELECT COUNT(*) FROM visit");
    let told = owners.keys().filter(|fact| fact.starts_with("visit ")).count();
    assert_eq!(told, usize::try_from(visits).unwrap(), "a visit is lost");
    let statements = count(
        &mut session,
        "SELECT COUNT(*) FROM statement WHERE subject > 0
            OR -subject IN (SELECT id FROM row_link WHERE undone_on IS NULL)",
    );
    assert!(seen as i64 >= statements, "a statement is lost");
    let rows: std::collections::BTreeSet<_> = owners
        .keys()
        .filter(|fact| !fact.starts_with("visit "))
        .map(|fact| fact.rsplitn(5, ' ').skip(1).take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(rows.len(), usize::try_from(statements).unwrap(), "a statement is lost");
}
