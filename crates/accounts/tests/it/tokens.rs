//! Tokens of programs: shown once, narrower than their owner, dead when ended, past their day or ownerless.

use accounts::authz::{Kind, Target};
use accounts::tokens::{self, NewToken};
use accounts::{AccountsError, Actor};
use chrono::Duration;
use kernel::PersonId;

use crate::room::{Room, code, each, grant};

fn new(permissions: &[&str], division: Option<&str>) -> NewToken {
    NewToken {
        name: "nightly copy".into(),
        permissions: permissions.iter().map(|p| (*p).to_owned()).collect(),
        division: division.map(code),
        days: 30,
    }
}

fn made(room: &mut Room, new: &NewToken) -> (kernel::UserId, accounts::tokens::MadeToken) {
    let user = room.open("gulnar", Kind::Staff, &[("county_officer", "6530")]);
    let owner = room.principal(user);
    let made = room.accounts.make_token(&mut room.db, Actor::User(&owner), &owner, new).unwrap();
    (user, made)
}

#[test]
fn a_token_speaks_for_its_owner_within_its_permissions_and_division() {
    each(|room| {
        let (user, made) = made(room, &new(&["person.see", "list.see"], Some("653001")));
        let token = tokens::read(&made.text()).unwrap();
        let signed = room.accounts.authenticate_token(&mut room.db, &token).unwrap().unwrap();
        assert_eq!((signed.user, signed.by_token), (user, Some(made.id)));
        let may = |permission: &str, there: &str| {
            let target = Target::person(PersonId(1), Some(code(there)));
            room.accounts.authz().decide(&signed.principal, permission, &target).allowed
        };
        assert!(may("person.see", "653001100205"));
        assert!(!may("person.see", "653022100201"), "the owner may, the token is cut");
        assert!(!may("person.reveal", "653001100205"), "not among its permissions");
        let line = &room.accounts.tokens(&mut room.db, user).unwrap()[0];
        assert_eq!((line.id, line.division, line.seen_at.is_some()), (made.id, Some(code("653001")), true));
    });
}

#[test]
fn a_role_taken_back_is_gone_from_the_token() {
    each(|room| {
        let (user, made) = made(room, &new(&["person.see"], None));
        let held = grant("county_officer", "6530");
        room.accounts.revoke(&mut room.db, Actor::Command, user, &held).unwrap();
        let signed = room.accounts.authenticate_token(&mut room.db, &made.token).unwrap().unwrap();
        let target = Target::person(PersonId(1), Some(code("653001100205")));
        assert!(!room.accounts.authz().decide(&signed.principal, "person.see", &target).allowed);
    });
}

#[test]
fn forged_expired_ended_and_ownerless_tokens_are_nobody() {
    each(|room| {
        let (user, made) = made(room, &new(&["person.see"], None));
        let text = made.text();
        for wrong in ["", "yl_", "x", made.token.reveal(), &text[..text.len() - 1], &format!("{text}A")] {
            assert_eq!(tokens::read(wrong), None, "{wrong}");
        }
        let swapped = format!("yl_{}", "A".repeat(43));
        let forged = tokens::read(&swapped).unwrap();
        assert!(room.accounts.authenticate_token(&mut room.db, &forged).unwrap().is_none());
        assert!(room.accounts.authenticate(&mut room.db, &made.token).unwrap().is_none(), "it is no session");

        room.accounts.lock(&mut room.db, Actor::Command, user).unwrap();
        assert!(room.accounts.authenticate_token(&mut room.db, &made.token).unwrap().is_none());
        room.accounts.unlock(&mut room.db, Actor::Command, user).unwrap();
        assert!(room.accounts.authenticate_token(&mut room.db, &made.token).unwrap().is_some());

        room.clock.forward(Duration::days(31));
        assert!(room.accounts.authenticate_token(&mut room.db, &made.token).unwrap().is_none(), "past its day");

        let owner = room.principal(user);
        let other =
            room.accounts.make_token(&mut room.db, Actor::Command, &owner, &new(&["person.see"], None)).unwrap();
        room.accounts.end_token(&mut room.db, Actor::User(&owner), user, other.id).unwrap();
        assert!(room.accounts.authenticate_token(&mut room.db, &other.token).unwrap().is_none());
        let again = room.accounts.end_token(&mut room.db, Actor::User(&owner), user, other.id);
        assert!(matches!(again, Err(AccountsError::NoToken)));
    });
}

#[test]
fn a_token_is_made_for_what_the_account_holds_and_by_nobody_else() {
    each(|room| {
        let (user, made) = made(room, &new(&["person.see"], None));
        let owner = room.principal(user);
        let mut refused =
            |new: &NewToken| room.accounts.make_token(&mut room.db, Actor::User(&owner), &owner, new).unwrap_err();
        assert!(matches!(refused(&new(&["user.grant"], None)), AccountsError::TokenPermission(_)));
        assert!(matches!(refused(&new(&["account.own"], None)), AccountsError::TokenPermission(_)));
        assert!(matches!(refused(&new(&[], None)), AccountsError::TokenPermission(_)));
        assert!(matches!(refused(&NewToken { days: 0, ..new(&["person.see"], None) }), AccountsError::TokenDays(_)));
        assert!(matches!(refused(&NewToken { days: 9999, ..new(&["person.see"], None) }), AccountsError::TokenDays(_)));
        assert!(matches!(
            refused(&NewToken { name: " ".into(), ..new(&["person.see"], None) }),
            AccountsError::TokenName
        ));
        let program = room.accounts.authenticate_token(&mut room.db, &made.token).unwrap().unwrap().principal;
        let bred = room.accounts.make_token(&mut room.db, Actor::User(&program), &program, &new(&["person.see"], None));
        assert!(matches!(bred, Err(AccountsError::NotSignedIn)), "a token makes no token");

        let stranger = room.open("someone", Kind::Staff, &[]);
        let stranger = room.principal(stranger);
        let taken = room.accounts.end_token(&mut room.db, Actor::User(&stranger), user, made.id);
        assert!(matches!(taken, Err(AccountsError::NotAllowed(_))));
    });
}
