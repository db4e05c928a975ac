//! Ready-made accounts.

use accounts::demo::{Stage, demo};
use accounts::signing::{Attempt, SignedIn};
use accounts::{AccountsError, Actor};
use kernel::{Clock, PersonId, PlaceId};

use crate::room::{code, each};

#[test]
fn a_demonstration_has_an_account_for_every_role() {
    each(|room| {
        let stage = Stage {
            prefecture: code("6530"),
            county: code("653001"),
            township: code("653001100"),
            village: code("653001100205"),
            elder: Some(PersonId(1)),
            place: PlaceId(3),
            assigned: vec![PersonId(1), PersonId(2)],
        };
        let first = demo(&room.accounts, &mut room.db, &stage).unwrap();
        let made = demo(&room.accounts, &mut room.db, &stage).unwrap();
        assert_eq!(made.len(), room.accounts.authz().roles.len() + 1, "and one for the whole region");
        assert!(first.iter().zip(&made).all(|(a, b)| a.username == b.username && a.password != b.password));
        for account in &made {
            let attempt = Attempt { name: &account.username, password: &account.password, source: "a", device: "" };
            let session = match room.accounts.sign_in(&mut room.db, &attempt).unwrap() {
                SignedIn::Whole(session) => session,
                SignedIn::SecondFactor(partial) => {
                    let code = account.code_at(room.clock.now()).unwrap();
                    room.accounts.answer_code(&mut room.db, &partial.token, &code, "a").unwrap()
                }
                SignedIn::Enrol(_) => panic!("{} has no second factor", account.username),
            };
            let signed = room.accounts.authenticate(&mut room.db, &session.token).unwrap().unwrap();
            assert!(signed.principal.roles().contains(account.role.as_str()), "{}", account.role);
        }
    });
}

#[test]
fn no_demonstration_where_people_have_accounts() {
    each(|room| {
        room.accounts.create_administrator(&mut room.db, "real.one", "管理员", code("6530")).unwrap();
        let stage = Stage {
            prefecture: code("6530"),
            county: code("653001"),
            township: code("653001100"),
            village: code("653001100205"),
            elder: None,
            place: PlaceId(3),
            assigned: Vec::new(),
        };
        assert!(matches!(demo(&room.accounts, &mut room.db, &stage), Err(AccountsError::AdministratorExists)));
        assert_eq!(room.accounts.users(&mut room.db, Actor::Command).unwrap().len(), 1);
    });
}
