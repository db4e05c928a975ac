//! Many at the door at once: nothing is taken twice, nothing slips past the counting.

use std::sync::Barrier;

use accounts::authz::{Kind, Relation};
use accounts::family::Redeem;
use accounts::signing::{Attempt, SignedIn};
use accounts::{Accounts, AccountsError, Actor, MIGRATIONS};
use kernel::PersonId;
use store::{Database, Session};

use crate::room::{PASSWORD, Room, new_user};

const CROWD: usize = 8;

/// Runs the body on so many connections at the same moment.
fn at_once<T: Send>(
    database: &Database,
    accounts: &Accounts,
    body: impl Fn(&Accounts, &mut Session, usize) -> T + Sync,
) -> Vec<T> {
    let barrier = Barrier::new(CROWD);
    std::thread::scope(|scope| {
        let one = |number: usize| {
            let (barrier, body) = (&barrier, &body);
            scope.spawn(move || {
                let mut db = database.session().unwrap();
                barrier.wait();
                body(accounts, &mut db, number)
            })
        };
        let crowd: Vec<_> = (0..CROWD).map(one).collect();
        crowd.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn each(body: impl Fn(&Database, Room)) {
    testkit::each_database(MIGRATIONS, |database| {
        let room = Room::on(database);
        body(database, room);
    });
}

#[test]
fn a_link_sets_one_password() {
    each(|database, mut room| {
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new_user("one", Kind::Family)).unwrap();
        let Room { accounts, db, .. } = room;
        drop(db);
        let set = at_once(database, &accounts, |accounts, db, number| {
            accounts.follow_link(db, &link.token, &format!("{PASSWORD} {number}")).is_ok()
        });
        assert_eq!(set.iter().filter(|set| **set).count(), 1);
    });
}

#[test]
fn a_code_lets_one_in() {
    each(|database, mut room| {
        room.open("officer", Kind::Staff, &[]);
        let secret = room.sign_in("officer").1.unwrap();
        room.clock.forward(chrono::Duration::seconds(60));
        let code = room.code(&secret);
        let Ok(SignedIn::SecondFactor(partial)) = room.try_in("officer", PASSWORD) else { panic!() };
        let Room { accounts, db, .. } = room;
        drop(db);
        let answered = at_once(database, &accounts, |accounts, db, _| {
            accounts.answer_code(db, &partial.token, &code, "a").is_ok()
        });
        assert_eq!(answered.iter().filter(|whole| **whole).count(), 1);
    });
}

#[test]
fn guesses_sent_together_are_counted_one_by_one() {
    each(|database, mut room| {
        room.open("aygul", Kind::Family, &[]);
        let Room { accounts, db, .. } = room;
        drop(db);
        let judged = at_once(database, &accounts, |accounts, db, number| {
            let source = format!("10.9.0.{number}");
            let attempt = Attempt { name: "aygul", password: "wrong", source: &source, device: "" };
            match accounts.sign_in(db, &attempt) {
                Err(AccountsError::Refused) => true,
                Err(AccountsError::Wait(_)) => false,
                other => panic!("{other:?}"),
            }
        });
        // Five are free, and the sixth begins the wait.
        assert_eq!(judged.iter().filter(|judged| **judged).count(), 6);
    });
}

#[test]
fn an_elders_code_makes_one_bond() {
    each(|database, mut room| {
        let elder = (PersonId(7), None);
        let code =
            room.accounts.issue_elder_code(&mut room.db, Actor::Command, elder, &["see".to_owned()]).unwrap().code;
        let family: Vec<_> = (0..CROWD)
            .map(|n| {
                let user = room.open(&format!("kin{n}"), Kind::Family, &[]);
                room.principal(user)
            })
            .collect();
        let Room { accounts, db, .. } = room;
        drop(db);
        let bound = at_once(database, &accounts, |accounts, db, number| {
            let given = Redeem { code: &code, relation: Relation::Kin, source: "a" };
            accounts.redeem_elder_code(db, &family[number], &given).is_ok()
        });
        assert_eq!(bound.iter().filter(|bound| **bound).count(), 1);
    });
}

/// Two invitations of one name: one of them is refused in words, not by the database's.
#[test]
fn a_name_is_given_once() {
    each(|database, room| {
        let Room { accounts, db, .. } = room;
        drop(db);
        let made = at_once(database, &accounts, |accounts, db, _| {
            accounts.invite(db, Actor::Command, &new_user("wanted", Kind::Family)).map(drop)
        });
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
        let refused = made.iter().filter_map(|made| made.as_ref().err());
        assert!(refused.into_iter().all(|why| matches!(why, AccountsError::UsernameTaken)), "{made:?}");
    });
}
