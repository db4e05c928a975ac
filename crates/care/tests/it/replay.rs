//! Twice is once, in any order, in any parts.

use care::journal::Outcome;
use chrono::Duration;
use proptest::strategy::{Strategy, ValueTree};
use serde_json::{Value as Json, json};

use crate::room::{GULNAR, Room, TURSUN, each, edit, id, outcomes, visit};

#[test]
fn an_operation_sent_twice_takes_effect_once() {
    each(|room| {
        let first = room.one(GULNAR, visit(1, 7));
        let again = room.one(GULNAR, visit(1, 7));
        assert_eq!(outcomes(&[first, again]), [(Outcome::Applied, false), (Outcome::Applied, true)]);
        assert_eq!((room.visits(7), room.beside.visits.len()), (1, 1));
        let needs = care::visits::needs(&mut room.db, &room.keys, ("653001", "653001:")).unwrap();
        assert_eq!(needs.iter().map(|n| n.need.as_str()).collect::<Vec<_>>(), ["adaptation"]);
    });
}

#[test]
fn any_order_any_parts_and_any_repetition_end_in_the_same() {
    each(|room| {
        let all: Vec<Json> = (1..=30).map(|n| visit(n, i64::try_from(n).unwrap())).collect();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let strategy = proptest::collection::vec((0..30_usize, 1..7_usize), 20..40);
        let parts = strategy.new_tree(&mut runner).unwrap().current();
        for (from, length) in parts {
            room.send(GULNAR, &all[from..(from + length).min(30)]);
        }
        let rest: Vec<Json> = all.iter().rev().cloned().collect();
        room.send(GULNAR, &rest);
        assert_eq!((1..=30).map(|n| room.visits(n)).collect::<Vec<_>>(), [1; 30]);
        assert_eq!(room.beside.visits.len(), 30);
    });
}

#[test]
fn deliveries_at_the_same_time_take_effect_once() {
    each(|room| {
        let all: Vec<Json> = (1..=20).map(|n| visit(n, 5)).collect();
        room.send(GULNAR, &all[..1]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let mut other = Room {
                    db: room.database.session().unwrap(),
                    database: room.database.clone(),
                    keys: room.keys.clone(),
                    forms: room.forms.clone(),
                    beside: crate::room::Neighbour { assigned: room.beside.assigned.clone(), ..Default::default() },
                    now: room.now,
                    off: room.off,
                };
                let all = &all;
                scope.spawn(move || other.send(GULNAR, all));
            }
        });
        assert_eq!(room.visits(5), 20);
    });
}

#[test]
fn what_was_refused_is_judged_anew_when_it_comes_again() {
    each(|room| {
        room.beside.assigned.remove(&(GULNAR, kernel::PersonId(7)));
        let refused = room.one(GULNAR, visit(1, 7));
        assert_eq!((refused.outcome, refused.code.as_deref()), (Outcome::Refused, Some("not_allowed")));
        assert_eq!(room.visits(7), 0);
        room.beside.assigned.insert((GULNAR, kernel::PersonId(7)));
        assert_eq!(room.one(GULNAR, visit(1, 7)).outcome, Outcome::Applied);
        assert_eq!(room.visits(7), 1);
    });
}

#[test]
fn a_neighbours_no_undoes_that_one_and_lets_the_others_through() {
    each(|room| {
        room.beside.refuses = true;
        let receipts = room.send(GULNAR, &[visit(1, 7), visit(2, 8)]);
        assert_eq!((receipts[0].outcome, receipts[0].code.as_deref()), (Outcome::Refused, Some("not_entered")));
        assert_eq!(receipts[1].outcome, Outcome::Applied);
        assert_eq!((room.visits(7), room.visits(8)), (0, 1));
        assert_eq!(room.one(GULNAR, visit(1, 7)).outcome, Outcome::Applied, "it may be sent again");
    });
}

#[test]
fn an_id_never_means_two_things_and_never_belongs_to_two() {
    each(|room| {
        room.one(GULNAR, visit(1, 7));
        let other = room.one(GULNAR, visit(1, 8));
        assert_eq!(other.code.as_deref(), Some("id_reused"));
        let stolen = room.one(TURSUN, visit(1, 7));
        assert_eq!(stolen.code.as_deref(), Some("id_reused"));
        assert_eq!((room.visits(7), room.visits(8)), (1, 0));
    });
}

#[test]
fn a_phone_whose_clock_is_wrong_is_corrected_and_the_fact_is_kept() {
    each(|room| {
        // Its clock is a year ahead: it says 2027-11-20 09:00.
        room.off = Duration::days(365);
        let mut ahead = visit(1, 7);
        ahead["body"]["began_at"] = json!("2027-11-20T09:00:00Z");
        assert_eq!(room.one(GULNAR, ahead).outcome, Outcome::Applied);
        let line = care::visits::of_person(&mut room.db, &room.keys, kernel::PersonId(7), 1).unwrap().remove(0);
        assert_eq!(line.at.to_string(), "2026-11-20 09:00:00 UTC");
        assert!(line.clock_was_wrong());
        // A time that can't be is the moment it came in.
        room.off = Duration::zero();
        let mut never = visit(2, 8);
        never["body"]["began_at"] = json!("1970-01-01T00:00:00Z");
        room.one(GULNAR, never);
        let line = care::visits::of_person(&mut room.db, &room.keys, kernel::PersonId(8), 1).unwrap().remove(0);
        assert_eq!(line.at, room.now);
    });
}

#[test]
fn someone_not_met_is_no_contact() {
    each(|room| {
        let mut away = visit(1, 7);
        away["body"]["met"] = json!(false);
        away["body"]["checks"] = json!({});
        assert_eq!(room.one(GULNAR, away.clone()).faults[0].field, "not_met");
        away["body"]["not_met"] = json!("not_home");
        assert_eq!(room.one(GULNAR, away).code.as_deref(), Some("id_reused"), "the same id says something else now");
        let mut away = visit(2, 7);
        away["body"]["met"] = json!(false);
        away["body"]["not_met"] = json!("not_home");
        away["body"]["checks"] = json!({});
        assert_eq!(room.one(GULNAR, away).outcome, Outcome::Applied);
        assert_eq!((room.visits(7), room.beside.visits.len()), (1, 0));
    });
}

#[test]
fn keys_are_changed_and_everything_still_opens() {
    testkit::each_database(care::MIGRATIONS, |database| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        store::keys::create_key_file(&path).unwrap();
        let mut room = crate::room::on(database, store::Keys::from_file(&path).unwrap());
        room.one(GULNAR, visit(1, 7));
        room.one(GULNAR, edit(2, 7, "红门", None));
        let ring = store::keys::add_key_to_file(&path).unwrap().attach(&mut room.db).unwrap();
        store::keys::rotate(&mut room.db, &ring, care::RESEALERS, &mut |_, _| ()).unwrap();
        let mut room = crate::room::on(database, store::keys::keep_newest_in_file(&path).unwrap());
        assert_eq!(room.visits(7), 1);
        let kept = care::edits::standing_of(&mut room.db, &room.keys, kernel::PersonId(7)).unwrap();
        assert_eq!(kept[0].operation, id(2));
    });
}
