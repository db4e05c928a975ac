//! Input that means harm, or means nothing.

use care::journal::{MOST, Outcome};
use serde_json::{Value as Json, json};

use crate::room::{GULNAR, each, id, visit};

#[test]
fn what_can_not_be_read_is_told_and_the_rest_is_taken() {
    each(|room| {
        let mut spelled = visit(2, 7);
        spelled["body"]["checkz"] = json!(1);
        let broken = [
            json!(null),
            json!([1, 2]),
            json!({ "id": "' OR 1=1 --", "seq": 1, "at": "2026-11-20T09:00:00Z", "kind": "visit", "body": {} }),
            json!({ "id": id(9), "seq": "x" }),
            spelled,
            json!({ "id": id(3), "seq": 3, "at": "yesterday", "kind": "visit", "body": visit(3, 7)["body"] }),
            json!({ "id": id(4), "seq": 4, "at": "2026-11-20T09:00:00Z", "kind": "drop", "body": {} }),
            visit(5, 7),
        ];
        let receipts = room.send(GULNAR, &broken);
        assert_eq!(receipts.len(), broken.len());
        assert!(receipts[..7].iter().all(|r| r.outcome == Outcome::Refused), "{receipts:?}");
        assert_eq!(receipts[7].outcome, Outcome::Applied);
        assert_eq!(room.visits(7), 1);
    });
}

#[test]
fn other_visitors_people_and_people_who_do_not_exist_are_refused() {
    each(|room| {
        for (n, person) in [(1, 61), (2, 99), (3, 101), (4, -7), (5, i64::MAX)] {
            let refused = room.one(GULNAR, visit(n, person));
            assert_eq!(refused.outcome, Outcome::Refused, "{person}");
        }
        let mut text = visit(6, 7);
        text["body"]["person"] = json!("P00000007'; DROP TABLE care_visit; --");
        assert_eq!(room.one(GULNAR, text).code.as_deref(), Some("no_person"));
    });
}

#[test]
fn every_fault_of_a_visit_is_told_at_once_and_nothing_is_echoed() {
    each(|room| {
        let mut bad = visit(1, 7);
        let long: String = "长".repeat(2001);
        bad["body"]["visit_kind"] = json!("fly");
        bad["body"]["checks"] =
            json!({ "<script>": { "state": "ok" }, "food": { "state": "bad", "signs": ["x", "x"] } });
        bad["body"]["helps"] = json!(["meals", "meals"]);
        bad["body"]["needs"] = json!([{ "need": "gold", "wants": true }]);
        bad["body"]["note"] = json!(long);
        bad["body"]["confirm"] = json!("blood");
        bad["body"]["attachments"] = json!(["../../etc/passwd"]);
        let refused = room.one(GULNAR, bad);
        let mut fields: Vec<&str> = refused.faults.iter().map(|f| f.field.as_str()).collect();
        fields.sort_unstable();
        let expected =
            ["attachments", "checks.food", "checks.script", "confirm", "helps", "needs", "note", "visit_kind"];
        assert_eq!(fields, expected);
        assert_eq!(room.visits(7), 0);
    });
}

#[test]
fn marks_in_a_note_stay_text_and_odd_signs_do_no_harm() {
    each(|room| {
        let mut odd = visit(1, 7);
        let note = "<img src=x onerror=alert(1)> \u{202e} 🙂 ' \" ; --";
        odd["body"]["note"] = json!(format!("{note}\u{0}"));
        assert_eq!(room.one(GULNAR, odd.clone()).outcome, Outcome::Refused, "no database keeps a zero byte in a text");
        odd["body"]["note"] = json!(note);
        assert_eq!(room.one(GULNAR, odd).outcome, Outcome::Applied);
        let line = care::visits::of_person(&mut room.db, &room.keys, kernel::PersonId(7), 1).unwrap().remove(0);
        assert_eq!(line.answers.note, note);
    });
}

#[test]
fn a_flood_is_cut_to_what_one_delivery_may_hold() {
    each(|room| {
        let many: Vec<Json> = (1..=200).map(|n| visit(n, 7)).collect();
        assert_eq!(room.send(GULNAR, &many).len(), MOST);
        assert_eq!(room.visits(7), MOST);
    });
}

#[test]
fn extreme_times_do_not_break_anything() {
    each(|room| {
        for (n, at) in [(1, "9999-12-31T23:59:59Z"), (2, "-9999-01-01T00:00:00Z"), (3, "+262142-01-01T00:00:00Z")] {
            let mut far = visit(n, 7);
            far["body"]["began_at"] = json!(at);
            far["at"] = json!(at);
            assert_eq!(room.one(GULNAR, far).code.as_deref(), Some("unreadable"), "{at}");
        }
        // A phone that has lost its clock entirely is put right.
        room.off = chrono::Duration::days(365_000);
        assert_eq!(room.one(GULNAR, visit(4, 7)).outcome, Outcome::Applied);
        let line = care::visits::of_person(&mut room.db, &room.keys, kernel::PersonId(7), 9).unwrap().remove(0);
        assert_eq!(line.at, room.now);
    });
}
