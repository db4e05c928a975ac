//! A role that sees people takes two: nobody who sees none makes an account that does, alone, by any way.

use accounts::authz::{Grant, Kind};
use accounts::external::ExternalIdentity;
use accounts::users::NewUser;
use accounts::{AccountsError, Actor};
use kernel::PlaceId;

use crate::room::{PASSWORD, Room, code, each, grant, new_user};

/// What the account may do counts: its roles at this moment.
fn roles(room: &mut Room, name: &str) -> Vec<Grant> {
    let user = room.accounts.find(&mut room.db, name).unwrap().unwrap();
    room.principal(user).grants
}

#[test]
fn what_an_administrator_gives_counts_once_another_confirms_it() {
    each(|room| {
        let admin = room.open("chief", Kind::Staff, &[("administrator", "6530")]);
        let officer = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let elsewhere = room.open("elsewhere", Kind::Staff, &[("county_officer", "653022")]);
        let (admin, officer, elsewhere) = (room.principal(admin), room.principal(officer), room.principal(elsewhere));
        let new = NewUser { grants: vec![grant("auditor", "653001")], ..new_user("new", Kind::Staff) };
        let link = room.accounts.invite(&mut room.db, Actor::User(&admin), &new).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        assert_eq!(roles(room, "new"), []);
        let user = room.accounts.user(&mut room.db, link.user).unwrap();
        assert_eq!(user.waiting, [grant("auditor", "653001")]);
        // What conflicts with a role that waits is refused as if it were held.
        let other = room.accounts.grant(&mut room.db, Actor::User(&admin), link.user, &grant("visitor", "653001100"));
        assert!(matches!(other, Err(AccountsError::RolesConflict { .. })));

        let waiting = room.accounts.waiting(&mut room.db, Actor::User(&officer)).unwrap();
        assert_eq!(waiting.len(), 1);
        let id = waiting[0].id;
        for blind in [&admin, &elsewhere] {
            assert_eq!(room.accounts.waiting(&mut room.db, Actor::User(blind)).unwrap(), []);
        }
        let own = room.accounts.confirm(&mut room.db, Actor::User(&admin), id);
        assert!(matches!(own, Err(AccountsError::SecondPerson)));
        let far = room.accounts.confirm(&mut room.db, Actor::User(&elsewhere), id);
        assert!(matches!(far, Err(AccountsError::NotAllowed(_))));
        room.accounts.confirm(&mut room.db, Actor::User(&officer), id).unwrap();
        assert_eq!(roles(room, "new"), [grant("auditor", "653001")]);
        let twice = room.accounts.confirm(&mut room.db, Actor::User(&officer), id);
        assert!(matches!(twice, Err(AccountsError::NoGrant)));
    });
}

#[test]
fn who_could_confirm_a_role_gives_it_at_once_and_so_does_the_machine() {
    each(|room| {
        let coordinator = room.open("coordinator", Kind::Staff, &[("township_coordinator", "653001100")]);
        let who = room.principal(coordinator);
        let new = NewUser {
            division: code("653001100"),
            grants: vec![grant("visitor", "653001100")],
            ..new_user("visitor", Kind::Staff)
        };
        room.accounts.invite(&mut room.db, Actor::User(&who), &new).unwrap();
        assert_eq!(roles(room, "visitor").len(), 1);
        let admin = room.open("chief", Kind::Staff, &[("administrator", "6530")]);
        let admin = room.principal(admin);
        let new = NewUser { grants: vec![grant("administrator", "653001")], ..new_user("second", Kind::Staff) };
        room.accounts.invite(&mut room.db, Actor::User(&admin), &new).unwrap();
        assert_eq!(roles(room, "second").len(), 1, "a role without sight of people takes one");
        // The same visitor from an administrator waits, for the coordinator or the officer.
        let new = NewUser { grants: vec![grant("visitor", "653001100")], ..new_user("other", Kind::Staff) };
        let link = room.accounts.invite(&mut room.db, Actor::User(&admin), &new).unwrap();
        let waiting = room.accounts.waiting(&mut room.db, Actor::User(&who)).unwrap();
        assert_eq!(waiting.len(), 1);
        room.accounts.refuse(&mut room.db, Actor::User(&who), waiting[0].id).unwrap();
        let user = room.accounts.user(&mut room.db, link.user).unwrap();
        assert!(user.grants.is_empty() && user.waiting.is_empty());
        // A role for a place is confirmed where the account belongs.
        let manager = Grant { role: "provider_manager".into(), division: None, place: Some(PlaceId(7)) };
        let new = NewUser { division: code("653001"), grants: vec![manager], ..new_user("manager", Kind::Staff) };
        room.accounts.invite(&mut room.db, Actor::User(&admin), &new).unwrap();
        let officer = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let officer = room.principal(officer);
        let waiting = room.accounts.waiting(&mut room.db, Actor::User(&officer)).unwrap();
        room.accounts.confirm(&mut room.db, Actor::User(&officer), waiting[0].id).unwrap();
        assert_eq!(roles(room, "manager").len(), 1);
    });
}

/// Handing over an account's secrets is a way into it.
#[test]
fn an_account_that_may_have_changed_hands_waits_again() {
    each(|room| {
        let admin = room.open("chief", Kind::Staff, &[("administrator", "6530")]);
        let admin = room.principal(admin);
        let officer = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let held = |room: &mut Room| roles(room, "officer").len();

        // Without a second factor of its own, a new password is enough to come in.
        room.accounts.reset(&mut room.db, Actor::User(&admin), officer, false).unwrap();
        assert_eq!(held(room), 0);
        let again = |room: &mut Room| {
            let other = room.accounts.find(&mut room.db, "second").unwrap().unwrap();
            let other = room.principal(other);
            for one in room.accounts.waiting(&mut room.db, Actor::User(&other)).unwrap() {
                room.accounts.confirm(&mut room.db, Actor::User(&other), one.id).unwrap();
            }
        };
        room.open("second", Kind::Staff, &[("county_officer", "653001")]);
        again(room);
        assert_eq!(held(room), 1);

        // With one it is not, unless the second factor goes too.
        let link = room.accounts.reset(&mut room.db, Actor::Command, officer, false).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        room.sign_in("officer");
        room.accounts.reset(&mut room.db, Actor::User(&admin), officer, false).unwrap();
        assert_eq!(held(room), 1);
        room.accounts.reset(&mut room.db, Actor::User(&admin), officer, true).unwrap();
        assert_eq!(held(room), 0);
        again(room);

        // So is linking an identity of one's own to somebody else's account.
        let identity = ExternalIdentity { issuer: "https://id", subject: "chief", second_factor: true };
        room.accounts.link_identity(&mut room.db, Actor::User(&admin), officer, &identity).unwrap();
        assert_eq!(held(room), 0);
    });
}

#[test]
fn a_familys_account_is_reset_by_whoever_binds_families() {
    each(|room| {
        let admin = room.open("chief", Kind::Staff, &[("administrator", "6530")]);
        let coordinator = room.open("coordinator", Kind::Staff, &[("township_coordinator", "653001100")]);
        let (admin, coordinator) = (room.principal(admin), room.principal(coordinator));
        let new = NewUser { division: code("653001100"), ..new_user("daughter", Kind::Family) };
        let family = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap().user;
        let refused = room.accounts.reset(&mut room.db, Actor::User(&admin), family, false);
        assert!(matches!(refused, Err(AccountsError::NotAllowed(_))));
        room.accounts.reset(&mut room.db, Actor::User(&coordinator), family, false).unwrap();
    });
}
