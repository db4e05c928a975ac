//! Making accounts, giving roles, closing.

use accounts::authz::{Grant, Kind};
use accounts::users::{NewUser, State};
use accounts::{AccountsError, Actor, MIGRATIONS, RESEALERS, Token};
use chrono::Duration;
use kernel::PlaceId;

use crate::room::{OTHER_PASSWORD, PASSWORD, Room, code, each, grant, new_user};

#[test]
fn the_first_administrator_comes_by_command_and_only_once() {
    each(|room| {
        let link = room.accounts.create_administrator(&mut room.db, "root.admin", "管理员", code("6530")).unwrap();
        let second = room.accounts.create_administrator(&mut room.db, "second", "管理员", code("6530"));
        assert!(matches!(second, Err(AccountsError::AdministratorExists)));
        let owner = room.accounts.link_owner(&mut room.db, &link.token).unwrap();
        assert_eq!(owner.username, "root.admin");
        let admin = room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        assert!(matches!(
            room.accounts.close(&mut room.db, Actor::Command, admin),
            Err(AccountsError::LastAdministrator)
        ));
        let own = grant("administrator", "6530");
        let revoked = room.accounts.revoke(&mut room.db, Actor::Command, admin, &own);
        assert!(matches!(revoked, Err(AccountsError::LastAdministrator)));
    });
}

#[test]
fn a_link_is_good_once_and_for_three_days() {
    each(|room| {
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new_user("one", Kind::Family)).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        let again = room.accounts.follow_link(&mut room.db, &link.token, OTHER_PASSWORD);
        assert!(matches!(again, Err(AccountsError::LinkSpent)));
        let late = room.accounts.invite(&mut room.db, Actor::Command, &new_user("two", Kind::Family)).unwrap();
        room.clock.forward(Duration::hours(72));
        assert!(matches!(room.accounts.link_owner(&mut room.db, &late.token), Err(AccountsError::LinkSpent)));
        let anew = room.accounts.reset(&mut room.db, Actor::Command, late.user, false).unwrap();
        assert!(room.accounts.link_owner(&mut room.db, &anew.token).is_ok());
        let forged = Token::read("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(matches!(room.accounts.link_owner(&mut room.db, &forged), Err(AccountsError::LinkSpent)));
    });
}

#[test]
fn roles_go_where_they_belong() {
    each(|room| {
        let user = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let mut give = |grant: &Grant| room.accounts.grant(&mut room.db, Actor::Command, user, grant);
        assert!(matches!(give(&grant("county_officer", "653001100")), Err(AccountsError::RoleLevel { .. })));
        assert!(matches!(give(&grant("auditor", "653001")), Err(AccountsError::RolesConflict { .. })));
        assert!(matches!(
            give(&grant("family", "653001")),
            Err(AccountsError::RoleKind(_) | AccountsError::RoleLevel { .. })
        ));
        assert!(matches!(give(&grant("king", "6530")), Err(AccountsError::NoRole(_))));
        let unplaced = Grant { role: "provider_manager".into(), division: None, place: None };
        assert!(matches!(give(&unplaced), Err(AccountsError::RolePlace(_))));
        give(&grant("county_officer", "653022")).unwrap();
        give(&grant("county_officer", "653022")).unwrap();
        assert_eq!(room.principal(user).grants.len(), 2);
        room.accounts.revoke(&mut room.db, Actor::Command, user, &grant("county_officer", "653001")).unwrap();
        assert_eq!(room.principal(user).grants, [grant("county_officer", "653022")]);
        let again = room.accounts.revoke(&mut room.db, Actor::Command, user, &grant("county_officer", "653001"));
        assert!(matches!(again, Err(AccountsError::NoGrant)));
    });
}

#[test]
fn a_coordinator_admits_visitors_of_the_own_township_only() {
    each(|room| {
        let coordinator = room.open("coordinator", Kind::Staff, &[("township_coordinator", "653001100")]);
        let who = room.principal(coordinator);
        let mut invite = |name: &str, role: &str, division: &str| {
            let new = NewUser {
                division: code(division),
                grants: vec![grant(role, division)],
                ..new_user(name, Kind::Staff)
            };
            room.accounts.invite(&mut room.db, Actor::User(&who), &new)
        };
        invite("visitor.a", "visitor", "653001100").unwrap();
        assert!(matches!(invite("visitor.b", "visitor", "653001101"), Err(AccountsError::NotAllowed(_))));
        assert!(matches!(invite("boss", "township_coordinator", "653001100"), Err(AccountsError::NotAllowed(_))));
        let seen = room.accounts.users(&mut room.db, Actor::User(&who)).unwrap();
        assert_eq!(seen.iter().map(|u| u.username.as_str()).collect::<Vec<_>>(), ["visitor.a"]);
        let none = room.accounts.find(&mut room.db, "boss").unwrap();
        assert_eq!(none, None, "a refused invitation leaves nothing");
    });
}

/// A link for a new password is a way into an account, so it isn't given upwards.
#[test]
fn nobody_takes_over_an_account_that_holds_more() {
    each(|room| {
        let coordinator = room.open("coordinator", Kind::Staff, &[("township_coordinator", "653001100")]);
        let who = room.principal(coordinator);
        let township = NewUser { division: code("653001100"), ..new_user("officer", Kind::Staff) };
        let officer = room.accounts.invite(&mut room.db, Actor::Command, &township).unwrap().user;
        room.accounts.reset(&mut room.db, Actor::User(&who), officer, false).unwrap();
        room.accounts.grant(&mut room.db, Actor::Command, officer, &grant("county_officer", "653001")).unwrap();
        let reset = room.accounts.reset(&mut room.db, Actor::User(&who), officer, true);
        assert!(matches!(reset, Err(AccountsError::NotAllowed(_))));
        assert!(room.accounts.lock(&mut room.db, Actor::User(&who), officer).is_err());
        assert!(room.accounts.close(&mut room.db, Actor::User(&who), officer).is_err());
    });
}

#[test]
fn a_closed_account_keeps_its_row_and_nothing_else() {
    each(|room| {
        let new = NewUser { phone: Some("13812345678".into()), ..new_user("leaver", Kind::Family) };
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        let (session, _) = room.sign_in("leaver");
        room.accounts.close(&mut room.db, Actor::Command, link.user).unwrap();
        assert!(room.accounts.authenticate(&mut room.db, &session.token).unwrap().is_none());
        let user = room.accounts.user(&mut room.db, link.user).unwrap();
        assert_eq!((user.state, user.phone), (State::Closed, None));
        assert!(matches!(
            room.accounts.unlock(&mut room.db, Actor::Command, link.user),
            Err(AccountsError::State { state: State::Closed, .. })
        ));
        let heir = NewUser { phone: Some("13812345678".into()), ..new_user("heir", Kind::Family) };
        room.accounts.invite(&mut room.db, Actor::Command, &heir).unwrap();
    });
}

#[test]
fn providers_hold_a_place() {
    each(|room| {
        let user = room.open("manager", Kind::Staff, &[]);
        let own = Grant { role: "provider_manager".into(), division: None, place: Some(PlaceId(7)) };
        room.accounts.grant(&mut room.db, Actor::Command, user, &own).unwrap();
        assert_eq!(room.principal(user).grants, std::slice::from_ref(&own));
        room.accounts.revoke(&mut room.db, Actor::Command, user, &own).unwrap();
        assert!(room.principal(user).grants.is_empty());
    });
}

/// Names, numbers, passwords and tokens stand nowhere in the clear, the audit trail included.
#[test]
fn nothing_secret_stands_in_the_clear() {
    testkit::on_sqlite(MIGRATIONS, |database| {
        let mut room = Room::on(database);
        let new = NewUser { phone: Some("13812345678".into()), ..new_user("aygul", Kind::Staff) };
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        let (session, secret) = room.sign_in("aygul");
        let secrets =
            ["13812345678".as_bytes(), "阿依古丽".as_bytes(), PASSWORD.as_bytes(), link.token.reveal().as_bytes()];
        let tables = room.db.query("SELECT name FROM sqlite_master WHERE type = 'table'", &[]).unwrap();
        let mut looked_at = 0;
        for table in &tables {
            for row in room.db.query(&format!("SELECT * FROM {}", table.text(0).unwrap()), &[]).unwrap() {
                for column in 0..row.len() {
                    let bytes = match row.value(column).unwrap() {
                        store::Value::Text(text) => text.into_bytes(),
                        store::Value::Blob(blob) => blob,
                        _ => continue,
                    };
                    looked_at += 1;
                    let token = session.token.reveal().as_bytes();
                    let all = secrets.iter().copied().chain([token, secret.as_deref().unwrap(), b"$argon2id"]);
                    for hidden in all {
                        assert!(!bytes.windows(hidden.len()).any(|w| w == hidden), "{}", table.text(0).unwrap());
                    }
                }
            }
        }
        assert!(looked_at > 50, "{looked_at}");
    });
}

#[test]
fn everything_opens_after_a_change_of_keys() {
    testkit::each_database(MIGRATIONS, |database| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        store::keys::create_key_file(&path).unwrap();
        let mut room = Room::with_keys(database, store::Keys::from_file(&path).unwrap());
        let new = NewUser { phone: Some("13812345678".into()), ..new_user("aygul", Kind::Staff) };
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        let secret = room.sign_in("aygul").1.unwrap();
        let ring = store::keys::add_key_to_file(&path).unwrap().attach(&mut room.db).unwrap();
        store::keys::rotate(&mut room.db, &ring, RESEALERS, &mut |_, _| {}).unwrap();
        let mut room = Room::with_keys(database, store::keys::keep_newest_in_file(&path).unwrap());
        room.clock.forward(Duration::minutes(2));
        let Ok(accounts::signing::SignedIn::SecondFactor(partial)) = room.try_in("13812345678", PASSWORD) else {
            panic!()
        };
        let code = room.code(&secret);
        room.accounts.answer_code(&mut room.db, &partial.token, &code, "a").unwrap();
    });
}
