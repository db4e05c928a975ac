//! Two people change the same field without knowing of each other.

use care::edits::{Decided, decide, disputes, standing_of};
use care::journal::Outcome;
use kernel::PersonId;
use serde_json::json;

use crate::room::{GULNAR, Room, TURSUN, each, edit, id, operation};

fn values(room: &mut Room, person: i64) -> Vec<(String, String)> {
    let edits = standing_of(&mut room.db, &room.keys, PersonId(person)).unwrap();
    edits.into_iter().map(|e| (e.state, e.value.as_str().unwrap_or_default().to_owned())).collect()
}

#[test]
fn a_change_made_with_the_last_in_sight_follows_it() {
    each(|room| {
        assert_eq!(room.one(GULNAR, edit(1, 7, "绿门", None)).outcome, Outcome::Applied);
        assert_eq!(room.one(TURSUN, edit(2, 7, "红门", Some(1))).outcome, Outcome::Applied);
        assert_eq!(values(room, 7), [("current".into(), "红门".into())]);
        assert_eq!(room.beside.told.len(), 2);
    });
}

#[test]
fn two_changes_from_the_same_value_are_both_kept_until_a_person_decides() {
    each(|room| {
        room.one(GULNAR, edit(1, 7, "旧门", None));
        room.one(GULNAR, edit(2, 7, "绿门", Some(1)));
        let second = room.one(TURSUN, edit(3, 7, "红门", Some(1)));
        assert_eq!(second.outcome, Outcome::Conflict);
        let both = [("conflict".into(), "绿门".into()), ("conflict".into(), "红门".into())];
        assert_eq!(values(room, 7), both);
        // A third joins them; sent again it is still one.
        room.one(TURSUN, edit(3, 7, "红门", Some(1)));
        assert_eq!(room.one(GULNAR, edit(4, 7, "蓝门", Some(2))).outcome, Outcome::Conflict);
        let open = disputes(&mut room.db, &room.keys, ("653001100", "653001100:")).unwrap();
        assert_eq!((open.len(), open[0].edits.len()), (1, 3));
        assert_eq!(disputes(&mut room.db, &room.keys, ("653022", "653022:")).unwrap(), []);

        let told = room.beside.told.len();
        let by = (TURSUN, room.now);
        let keep = id(3);
        let choice = (PersonId(7), "door", keep.as_str());
        assert_eq!(decide(&mut room.db, &room.keys, &mut room.beside, choice, by).unwrap(), Decided::Kept);
        assert_eq!(values(room, 7), [("current".into(), "红门".into())]);
        assert_eq!(room.beside.told.len(), told + 1);
        assert_eq!(decide(&mut room.db, &room.keys, &mut room.beside, choice, by).unwrap(), Decided::Gone);
    });
}

#[test]
fn the_first_decision_in_the_field_counts() {
    each(|room| {
        room.one(GULNAR, edit(1, 7, "绿门", None));
        room.one(TURSUN, edit(2, 7, "红门", None));
        let decide =
            |n, keep| operation(n, "decide", json!({ "person": "P00000007", "field": "door", "keep": id(keep) }));
        assert_eq!(room.one(GULNAR, decide(3, 2)).outcome, Outcome::Applied);
        assert_eq!(room.one(TURSUN, decide(4, 1)).code.as_deref(), Some("decided_already"));
        assert_eq!(values(room, 7), [("current".into(), "红门".into())]);
    });
}

#[test]
fn saying_the_same_is_no_dispute() {
    each(|room| {
        room.one(GULNAR, edit(1, 7, "绿门", None));
        assert_eq!(room.one(TURSUN, edit(2, 7, "绿门", None)).outcome, Outcome::Applied);
        assert_eq!(values(room, 7).len(), 1);
    });
}

#[test]
fn a_fact_asked_for_takes_only_what_fits_it() {
    each(|room| {
        let told = |n, field: &str, value| {
            operation(n, "edit", json!({ "person": "P00000007", "field": field, "value": value }))
        };
        assert_eq!(room.one(GULNAR, told(1, "children_count", json!(2))).outcome, Outcome::Applied);
        assert_eq!(room.one(GULNAR, told(2, "children_count", json!("two"))).faults[0].code, "unfit");
        assert_eq!(room.one(GULNAR, told(3, "ability_level", json!(4))).faults[0].field, "field");
        assert_eq!(room.one(GULNAR, told(4, "reach_phone", json!("<b>1</b>"))).faults[0].code, "unfit");
    });
}
