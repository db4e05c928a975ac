//! What is done here enters the same statements as what departments send.

use chrono::{DateTime, Utc};
use kernel::PersonId;
use policy::value::Value;
use registry::RegistryError;
use registry::acts::{self, Act, ActFault, Receipt, Registers, Says};
use registry::snapshot::{self, FactLine, Moment, Subject};

use crate::desk::{Desk, day, desks, number, pack, village};

const SURVEY: &str = "公民身份号码,姓名,子女数,婚姻状况,摸排日期";

fn noon(on: &str) -> DateTime<Utc> {
    day(on).and_hms_opt(4, 0, 0).unwrap().and_utc()
}

/// An act on a day by the officer.
fn act<'a>(source: &'a str, person: PersonId, key: &'a str, on: &str, says: Says<'a>) -> Act<'a> {
    Act { source, person, key, actor: "U00000007", on: day(on), at: noon(on), says, corrects: None }
}

fn record(desk: &Desk<'_>, act: &Act<'_>) -> Result<Receipt, RegistryError> {
    let (pack, catalogue) = pack();
    let registers = Registers { keys: &desk.keys, catalogue, dictionary: &pack.dictionary };
    desk.session().transaction(|tx| registers.record(tx, act))
}

fn answer(desk: &Desk<'_>, key: &str, on: &str, fact: &str, value: Value) -> Receipt {
    let facts = [(fact, value)];
    let says = Says::Facts { facts: &facts, from: day(on), until: None };
    record(desk, &act("own_answers", desk.id(1), key, on, says)).expect("it is entered")
}

fn lines(desk: &Desk<'_>, n: u16, on: &str, key: &str) -> Vec<FactLine> {
    let (pack, catalogue) = pack();
    let subject = Subject::Person(desk.id(n));
    let moment = Moment::on(day(on));
    let lines = snapshot::facts_of(&mut desk.session(), &desk.keys, (catalogue, pack), subject, &moment).unwrap();
    lines.into_iter().filter(|line| line.key == key).collect()
}

fn faults(result: Result<Receipt, RegistryError>) -> Vec<ActFault> {
    match result {
        Err(RegistryError::Act(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_is_a_fact_with_its_source_day_and_person() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let receipt = answer(desk, "ask/1", "2026-10-05", "children_count", Value::Int(2));
        answer(desk, "ask/2", "2026-10-06", "capable_supporter_nearby", Value::Bool(false));
        assert_eq!(desk.fact(1, "children_count", "2026-10-04"), Some(Value::Null));
        assert_eq!(desk.fact(1, "children_count", "2026-10-06"), Some(Value::Int(2)), "the other answer left it alone");
        assert_eq!(desk.fact(1, "capable_supporter_nearby", "2026-10-06"), Some(Value::Bool(false)));
        assert_eq!(desk.fact(2, "children_count", "2026-10-06"), Some(Value::Null));
        let said = lines(desk, 1, "2026-10-06", "children_count");
        assert_eq!(said.len(), 1);
        assert_eq!((said[0].source.as_str(), said[0].list, said[0].row), ("own_answers", receipt.list, receipt.row));
        assert_eq!((said[0].actor.as_deref(), said[0].current), (Some("U00000007"), true));
        let list = registry::ingest::get(&mut desk.session(), receipt.list).unwrap();
        assert_eq!((list.source.as_str(), list.rows, list.good, list.opened), ("own_answers", 1, 1, 1));
    });
}

#[test]
fn of_a_survey_and_an_answer_the_later_counts_and_a_contradiction_is_shown() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        let survey = |date: &str, n: &str| {
            let row = format!("{},甲1,{n},,{date}", number(1));
            desk.accept(&format!("village_survey_{date}.csv"), SURVEY, &[row]);
        };
        survey("2026-10-01", "3");
        answer(desk, "ask/1", "2026-10-05", "children_count", Value::Int(2));
        let snapshot = desk.snapshot("2026-10-06");
        assert_eq!(desk.fact(1, "children_count", "2026-10-06"), Some(Value::Int(2)));
        let told: Vec<_> = snapshot.conflicts.iter().map(|c| (c.key.as_str(), c.values.clone())).collect();
        let both = vec![("own_answers".to_owned(), Value::Int(2)), ("village_survey".to_owned(), Value::Int(3))];
        assert_eq!(told, [("children_count", both)]);
        let said = lines(desk, 1, "2026-10-06", "children_count");
        assert_eq!(said.iter().map(|l| (l.current, l.disputed)).collect::<Vec<_>>(), [(true, true), (false, true)]);
        survey("2026-11-01", "4");
        assert_eq!(desk.fact(1, "children_count", "2026-11-02"), Some(Value::Int(4)), "asked again since");
        assert!(lines(desk, 1, "2026-11-02", "children_count")[0].source == "village_survey");
        answer(desk, "ask/2", "2026-11-03", "marital_status", Value::text("20"));
        let marital = desk.fact(1, "marital_status", "2026-11-03");
        assert_eq!(marital, Some(Value::text("30")), "public security outweighs an answer");
    });
}

#[test]
fn a_visit_counts_once_whoever_reports_it() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        let visit = |key: &str, kind, on: &str| {
            record(
                desk,
                &act("own_visits", desk.id(1), key, "2026-10-09", Says::Visit { kind, on: day(on), by: "cadre" }),
            )
        };
        assert!(visit("v/1", "home", "2026-10-05").unwrap().news);
        assert!(!visit("v/2", "home", "2026-10-05").unwrap().news, "a second visitor of the same day");
        assert!(visit("v/3", "phone", "2026-10-08").unwrap().news);
        let header = "公民身份号码,姓名,探访方式,探访日期,探访人员类别";
        let row = format!("{},甲1,上门,2026-10-05,网格员", number(1));
        let list = desk.accept("visit_returns_2026-10-31.csv", header, &[row]);
        assert_eq!((list.opened, list.unchanged), (0, 1));
        assert_eq!(desk.fact(1, "last_home_visit_on", "2026-10-31"), Some(Value::Date(day("2026-10-05"))));
        assert_eq!(desk.fact(1, "last_contact_on", "2026-10-31"), Some(Value::Date(day("2026-10-08"))));
        assert_eq!(registry::snapshot::visits_of(&mut desk.session(), desk.id(1)).unwrap().len(), 2);
        let future = visit("v/4", "home", "2026-10-10");
        assert_eq!(faults(future), [ActFault::InTheFuture("on".into())]);
    });
}

#[test]
fn the_same_key_enters_once_and_another_act_may_not_have_it() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        let first = answer(desk, "ask/1", "2026-10-05", "children_count", Value::Int(2));
        let again = answer(desk, "ask/1", "2026-10-05", "children_count", Value::Int(2));
        assert_eq!((again.list, again.row, again.again), (first.list, first.row, true));
        assert_eq!(lines(desk, 1, "2026-10-06", "children_count").len(), 1);
        let facts = [("children_in_village", Value::Int(0))];
        let says = Says::Facts { facts: &facts, from: day("2026-10-05"), until: None };
        let other = record(desk, &act("own_answers", desk.id(2), "ask/1", "2026-10-05", says));
        assert_eq!(faults(other), [ActFault::KeyTaken]);
    });
}

#[test]
fn a_correction_ends_what_was_said_and_brings_back_what_stood_before() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        answer(desk, "ask/1", "2026-10-01", "children_count", Value::Int(2));
        answer(desk, "ask/2", "2026-10-05", "children_count", Value::Int(5));
        let (person, says) = (desk.id(1), Says::Nothing);
        let back = Act { corrects: Some("ask/2"), ..act("own_answers", person, "back/1", "2026-10-07", says) };
        record(desk, &back).unwrap();
        assert_eq!(desk.fact(1, "children_count", "2026-10-08"), Some(Value::Int(2)));
        assert_eq!(lines(desk, 1, "2026-10-08", "children_count").len(), 2, "what was said is kept");
        let known = Moment { known_at: Some(day("2026-10-06")), ..Moment::on(day("2026-10-08")) };
        let then = desk.snapshot_at(&known).population;
        let table = then.table("person").unwrap();
        let row = table.row_of(person.0).unwrap();
        assert_eq!(table.get(row, "children_count"), Value::Int(5), "as was known then");
        let twice = Act { key: "back/2", ..back };
        assert_eq!(faults(record(desk, &twice)), [ActFault::TakenBack]);

        let says = Says::Visit { kind: "home", on: day("2026-10-05"), by: "" };
        record(desk, &act("own_visits", person, "v/1", "2026-10-05", says)).unwrap();
        let says = Says::Visit { kind: "home", on: day("2026-10-04"), by: "" };
        let right = Act { corrects: Some("v/1"), ..act("own_visits", person, "v/2", "2026-10-06", says) };
        record(desk, &right).unwrap();
        assert_eq!(desk.fact(1, "last_home_visit_on", "2026-10-08"), Some(Value::Date(day("2026-10-04"))));
    });
}

#[test]
fn an_award_holds_until_the_day_it_ends() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        let person = desk.id(1);
        let facts = [("receives_meal_delivery", Value::Bool(true))];
        let says = Says::Facts { facts: &facts, from: day("2026-10-10"), until: None };
        record(desk, &act("own_awards", person, "award/1", "2026-10-05", says)).unwrap();
        let served = |on| desk.fact(1, "receives_meal_delivery", on).unwrap();
        assert_eq!((served("2026-10-09"), served("2026-10-10")), (Value::Null, Value::Bool(true)));
        let says = Says::Ends { act: "award/1", from: day("2026-12-01") };
        record(desk, &act("own_awards", person, "award/1/end", "2026-11-20", says)).unwrap();
        assert_eq!((served("2026-11-30"), served("2026-12-01")), (Value::Bool(true), Value::Null));
    });
}

#[test]
fn an_assessment_made_here_is_weighed_with_those_of_the_list() {
    desks(|desk| {
        desk.population("2025-01-01", &village(2));
        let header = "公民身份号码,姓名,评估日期,能力等级,有效期至";
        let row = |on: &str, level: &str| format!("{},甲1,{on},{level},2027-12-31", number(1));
        desk.accept("ability_assessments_2026-01-10.csv", header, &[row("2026-01-05", "2")]);
        let facts = [
            ("ability_assessed_on", Value::Date(day("2026-10-05"))),
            ("ability_level", Value::Int(4)),
            ("ability_total", Value::Int(20)),
            ("dementia", Value::Bool(true)),
        ];
        let says = Says::Facts { facts: &facts, from: day("2026-10-05"), until: None };
        record(desk, &act("own_assessments", desk.id(1), "assess/1", "2026-10-05", says)).unwrap();
        let fact = |key, on| desk.fact(1, key, on).unwrap();
        assert_eq!(
            (fact("ability_level", "2026-10-04"), fact("ability_level", "2026-10-05")),
            (Value::Int(2), Value::Int(4))
        );
        assert_eq!(fact("ability_total", "2026-10-05"), Value::Int(20));
        assert_eq!(fact("dementia", "2026-10-05"), Value::Bool(true));
        desk.accept("ability_assessments_2026-11-10.csv", header, &[row("2026-11-05", "1")]);
        assert_eq!(fact("ability_level", "2026-11-10"), Value::Int(1), "a newer one of the list");
        assert_eq!(fact("ability_level", "2026-11-04"), Value::Int(4));
    });
}

#[test]
fn everything_wrong_with_an_act_is_said_at_once_and_nothing_enters() {
    desks(|desk| {
        desk.population("2026-09-01", &village(1));
        let facts = [
            ("children_count", Value::Int(99)),
            ("marital_status", Value::text("single")),
            ("wants_institution", Value::Int(1)),
            ("birth_date", Value::Date(day("1940-01-01"))),
            ("children_all_away_since", Value::Date(day("2027-01-01"))),
        ];
        let says = Says::Facts { facts: &facts, from: day("2026-10-05"), until: Some(day("2026-10-05")) };
        let wrong = record(desk, &act("own_answers", PersonId(99), "ask/1", "2026-10-05", says));
        let named = |key: &str| key.to_owned();
        assert_eq!(
            faults(wrong),
            [
                ActFault::NoPerson,
                ActFault::EndsBefore,
                ActFault::OutOfRange(named("children_count")),
                ActFault::NotACode(named("marital_status")),
                ActFault::WrongType(named("wants_institution")),
                ActFault::NotHere(named("birth_date")),
                ActFault::InTheFuture(named("children_all_away_since")),
            ]
        );
        let says = Says::Nothing;
        let wrong = record(desk, &act("low_income", desk.id(1), "x", "2026-10-05", says));
        assert_eq!(faults(wrong), [ActFault::NotAnOwnRegister("low_income".into())]);
        assert!(registry::ingest::all(&mut desk.session()).unwrap().iter().all(|l| l.source == "population"));
        let path = desk.list("own_answers_2026-10-01.csv", "公民身份号码,子女数", &[]);
        assert_eq!(desk.take(&path).state, registry::ingest::ListState::Refused, "a register comes in no file");
    });
}

#[test]
fn a_night_counts_what_was_entered_before_it_and_nothing_later() {
    desks(|desk| {
        desk.population("2026-09-01", &village(1));
        let before = answer(desk, "ask/1", "2026-10-05", "children_count", Value::Int(2));
        let last = acts::seal(&mut desk.session()).unwrap();
        assert_eq!(last, Some(before.list));
        let after = answer(desk, "ask/2", "2026-10-05", "children_count", Value::Int(3));
        assert!(after.list > before.list);
        let night = Moment { last_list: last, ..Moment::on(day("2026-10-05")) };
        let table = desk.snapshot_at(&night).population;
        let table = table.table("person").unwrap();
        assert_eq!(table.get(table.row_of(desk.id(1).0).unwrap(), "children_count"), Value::Int(2));
        assert_eq!(desk.fact(1, "children_count", "2026-10-05"), Some(Value::Int(3)));
        assert!(!acts::sent_since(&mut desk.session(), last).unwrap(), "no department sent anything");
        let next_day = answer(desk, "ask/3", "2026-10-06", "children_count", Value::Int(4));
        assert!(next_day.list > after.list, "a list a day");
        assert_eq!(acts::seal(&mut desk.session()).unwrap(), Some(next_day.list));
        assert_eq!(acts::seal(&mut desk.session()).unwrap(), Some(next_day.list), "sealing twice changes nothing");
    });
}

#[test]
fn acts_follow_a_merge_and_return_with_its_split() {
    desks(|desk| {
        desk.population("2026-09-01", &village(2));
        let (kept, gone) = (desk.id(1), desk.id(2));
        let facts = [("children_count", Value::Int(2))];
        let says = Says::Facts { facts: &facts, from: day("2026-10-05"), until: None };
        record(desk, &act("own_answers", gone, "ask/1", "2026-10-05", says)).unwrap();
        let merged = crate::merging::join(desk, kept.0, gone.0, "2026-10-06").unwrap();
        assert_eq!(desk.fact(1, "children_count", "2026-10-07"), Some(Value::Int(2)));
        let facts = [("children_count", Value::Int(3))];
        let says = Says::Facts { facts: &facts, from: day("2026-10-08"), until: None };
        record(desk, &act("own_answers", kept, "ask/2", "2026-10-08", says)).unwrap();
        assert_eq!(desk.fact(1, "children_count", "2026-10-08"), Some(Value::Int(3)), "the newer of both entries");
        assert_eq!(lines(desk, 1, "2026-10-08", "children_count").len(), 2);
        crate::merging::split(desk, merged.id, "2026-10-09").unwrap();
        assert_eq!(desk.fact(1, "children_count", "2026-10-09"), Some(Value::Int(3)));
        assert_eq!(desk.fact(2, "children_count", "2026-10-09"), Some(Value::Int(2)));
    });
}
