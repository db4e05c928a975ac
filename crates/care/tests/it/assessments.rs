//! Two assessors, each alone; then what they differ in.

use care::assessments::{State, of_person};
use care::journal::Outcome;
use kernel::{PersonId, UserId};
use serde_json::{Value as Json, json};

use crate::room::{GULNAR, Room, TURSUN, each, id, operation};

/// All items at their best but for the changes.
fn answers(room: &Room, changes: &[(&str, i64)]) -> Json {
    let mut items: serde_json::Map<String, Json> =
        room.forms.scale.items.iter().map(|item| (item.code.clone(), json!(item.max))).collect();
    for (item, score) in changes {
        items.insert((*item).into(), json!(score));
    }
    json!({ "items": items })
}

fn sheet(n: u64, answers: &Json) -> Json {
    operation(n, "assess", json!({ "person": "P00000007", "answers": answers, "signature": id(900 + n) }))
}

fn state(room: &mut Room) -> State {
    of_person(&mut room.db, &room.keys, PersonId(7)).unwrap()[0].state
}

#[test]
fn two_who_answer_alike_make_a_level_that_holds_for_its_months() {
    each(|room| {
        let same = answers(room, &[("B.1.1", 2)]);
        assert_eq!(room.one(GULNAR, sheet(1, &same)).outcome, Outcome::Applied);
        assert_eq!((state(room), room.beside.levels.len()), (State::Open, 0), "one alone decides nothing");
        assert_eq!(room.one(GULNAR, sheet(2, &same)).code.as_deref(), Some("answered_already"));
        assert_eq!(room.one(TURSUN, sheet(3, &same)).outcome, Outcome::Applied);
        assert_eq!(state(room), State::Done);
        let (person, level, on, until) = room.beside.levels[0];
        assert_eq!((person.0, level, on.to_string()), (7, 1, "2026-11-20".into()));
        assert_eq!(until.unwrap().to_string(), "2029-11-19");
        // The next sheet opens the next assessment.
        room.one(GULNAR, sheet(4, &same));
        assert_eq!(of_person(&mut room.db, &room.keys, PersonId(7)).unwrap().len(), 2);
    });
}

#[test]
fn where_two_differ_one_proposes_and_the_other_agrees() {
    each(|room| {
        let (mine, theirs) = (answers(room, &[("B.1.3", 2)]), answers(room, &[("B.1.3", 0)]));
        room.one(GULNAR, sheet(1, &mine));
        room.one(TURSUN, sheet(2, &theirs));
        assert_eq!(state(room), State::Differs);
        let settle = |n, answers: &Json, reason: &str| {
            operation(n, "settle", json!({ "assessment": 1, "answers": answers, "reason": reason }))
        };
        let agree = |n, proposal| operation(n, "agree", json!({ "assessment": 1, "proposal": id(proposal) }));
        assert_eq!(room.one(GULNAR, settle(3, &theirs, " ")).faults[0].code, "missing");
        let outside = answers(room, &[("B.1.3", 0), ("B.2.1", 0)]);
        assert_eq!(room.one(GULNAR, settle(4, &outside, "一起看了")).faults[0].code, "both_agreed");
        assert_eq!(room.one(UserId(3), settle(5, &theirs, "x")).code.as_deref(), Some("not_allowed"));
        assert_eq!(room.one(GULNAR, settle(6, &theirs, "一起看了洗澡")).outcome, Outcome::Applied);
        assert_eq!(room.one(GULNAR, agree(7, 6)).code.as_deref(), Some("own_proposal"));
        assert_eq!(room.one(TURSUN, agree(8, 5)).code.as_deref(), Some("other_proposal"));
        assert_eq!(room.one(TURSUN, agree(9, 6)).outcome, Outcome::Applied);
        assert_eq!((state(room), room.beside.levels[0].1), (State::Done, 1));
        assert!(room.one(TURSUN, agree(9, 6)).already);
        assert_eq!(room.beside.levels.len(), 1);
    });
}

#[test]
fn a_sheet_with_faults_names_all_of_them() {
    each(|room| {
        let mut bad = answers(room, &[("B.1.1", 9)]);
        bad["events"] = json!({ "flying": 1 });
        bad["diagnoses"] = json!(["Z99"]);
        let refused = room.one(GULNAR, sheet(1, &bad));
        let fields: Vec<&str> = refused.faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["B.1.1", "events", "diagnoses"]);
        let unsigned =
            operation(2, "assess", json!({ "person": "P00000007", "answers": answers(room, &[]), "signature": "" }));
        assert_eq!(room.one(GULNAR, unsigned).faults[0].field, "signature");
    });
}

#[test]
fn answers_lie_sealed() {
    each(|room| {
        let same = answers(room, &[]);
        room.one(GULNAR, sheet(1, &same));
        let row = room.db.query_one("SELECT sealed FROM care_sheet", &[]).unwrap();
        assert!(!String::from_utf8_lossy(row.blob(0).unwrap()).contains("B.1.1"));
    });
}
