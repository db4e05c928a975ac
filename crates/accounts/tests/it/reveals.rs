//! Who looked at whom.

use accounts::authz::Kind;
use accounts::reveals::Look;
use accounts::{AccountsError, Actor};
use kernel::PersonId;

use crate::room::{code, each};

const ELDER: PersonId = PersonId(7);

#[test]
fn every_look_names_a_purpose_and_shows_to_the_family() {
    each(|room| {
        let there = Some(code("653001100205"));
        let officer = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let officer = room.principal(officer);
        let look =
            Look { person: ELDER, division: there, purpose: "application", fields: &["name", "phone"], note: None };
        room.accounts.reveal(&mut room.db, &officer, &look).unwrap();
        let mut try_one = |look: Look<'_>| room.accounts.reveal(&mut room.db, &officer, &look);
        assert!(matches!(try_one(Look { purpose: "curiosity", ..look }), Err(AccountsError::NoPurpose(_))));
        assert!(matches!(
            try_one(Look { purpose: "inspection", note: Some("x"), ..look }),
            Err(AccountsError::NoPurpose(_))
        ));
        assert!(matches!(
            try_one(Look { purpose: "emergency", note: Some(" "), ..look }),
            Err(AccountsError::NoteMissing)
        ));
        assert!(matches!(
            try_one(Look { division: Some(code("653022100205")), ..look }),
            Err(AccountsError::NotAllowed(_))
        ));
        try_one(Look { purpose: "emergency", note: Some("nobody opened the door"), ..look }).unwrap();

        let seen = room.accounts.looked_at(&mut room.db, Actor::User(&officer), (ELDER, there)).unwrap();
        let said: Vec<_> =
            seen.iter().map(|l| (l.purpose.as_str(), l.role.as_str(), l.fields.len(), l.note.is_some())).collect();
        assert_eq!(said, [("emergency", "county_officer", 2, true), ("application", "county_officer", 2, false)]);

        let auditor = room.open("auditor", Kind::Staff, &[("auditor", "6530")]);
        let auditor = room.principal(auditor);
        assert_eq!(room.accounts.looks_of(&mut room.db, Actor::User(&auditor), officer.user).unwrap().len(), 2);
        let refused = room.accounts.looks_of(&mut room.db, Actor::User(&officer), officer.user);
        assert!(matches!(refused, Err(AccountsError::NotAllowed(_))));
        let trail = room.db.query("SELECT detail FROM audit WHERE action = 'person.reveal'", &[]);
        assert!(trail.is_ok_and(|rows| rows.len() == 2 && !rows[1].text(0).unwrap().contains("door")));
    });
}
