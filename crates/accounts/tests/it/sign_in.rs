//! At the door: passwords, second factors, waits, locks.

use accounts::authz::Kind;
use accounts::signing::{Attempt, SignedIn};
use accounts::users::{NewUser, State};
use accounts::{AccountsError, Actor, PasswordFault};
use chrono::Duration;

use crate::room::{OTHER_PASSWORD, PASSWORD, Room, each, grant, new_user, unwritten};

fn source(from: &str) -> Attempt<'_> {
    Attempt { name: "nobody.here", password: PASSWORD, source: from, device: "" }
}

#[test]
fn family_signs_in_with_a_password_and_by_phone() {
    each(|room| {
        let new = NewUser { phone: Some("138 1234 5678".to_owned()), ..new_user("aygul", Kind::Family) };
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap();
        room.accounts.follow_link(&mut room.db, &link.token, PASSWORD).unwrap();
        assert!(matches!(room.try_in(" AYGUL ", PASSWORD), Ok(SignedIn::Whole(_))));
        assert!(matches!(room.try_in("+86 13812345678", PASSWORD), Ok(SignedIn::Whole(_))));
        let again = room.accounts.invite(&mut room.db, Actor::Command, &NewUser { username: "other".into(), ..new });
        assert!(matches!(again, Err(AccountsError::PhoneTaken)));
    });
}

#[test]
fn nobody_is_told_what_was_wrong() {
    each(|room| {
        room.open("aygul", Kind::Family, &[]);
        let invited = new_user("invited", Kind::Family);
        room.accounts.invite(&mut room.db, Actor::Command, &invited).unwrap();
        let closed = room.open("closed", Kind::Family, &[]);
        room.accounts.close(&mut room.db, Actor::Command, closed).unwrap();
        for (name, password) in
            [("aygul", "wrong"), ("nobody", PASSWORD), ("invited", PASSWORD), ("closed", PASSWORD), ("", "")]
        {
            assert!(matches!(room.try_in(name, password), Err(AccountsError::Refused)), "{name}");
        }
    });
}

#[test]
fn staff_sets_up_a_second_factor_before_anything_else() {
    each(|room| {
        room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let Ok(SignedIn::Enrol(partial)) = room.try_in("officer", PASSWORD) else { panic!("not to enrol") };
        let signed = room.accounts.authenticate(&mut room.db, &partial.token).unwrap().unwrap();
        assert!(signed.principal.grants.is_empty(), "an unfinished sign-in may do nothing");
        assert!(matches!(
            room.accounts.confirm_second_factor(&mut room.db, &partial.token, "000000"),
            Err(AccountsError::WrongCode)
        ));
        let (whole, _) = room.sign_in("officer");
        assert!(room.accounts.authenticate(&mut room.db, &partial.token).unwrap().is_none());
        let signed = room.accounts.authenticate(&mut room.db, &whole.token).unwrap().unwrap();
        assert_eq!(signed.principal.grants, [grant("county_officer", "653001")]);
    });
}

#[test]
fn a_code_is_taken_once_and_a_recovery_code_stands_in() {
    each(|room| {
        let user = room.open("officer", Kind::Staff, &[]);
        let (_, secret) = room.sign_in("officer");
        let secret = secret.unwrap();
        room.clock.forward(Duration::seconds(60));
        let code = room.code(&secret);
        let Ok(SignedIn::SecondFactor(first)) = room.try_in("officer", PASSWORD) else { panic!() };
        assert_ne!(
            room.accounts.answer_code(&mut room.db, &first.token, &code, "a").unwrap().token.reveal(),
            first.token.reveal(),
            "the token changes when the session becomes whole"
        );
        let Ok(SignedIn::SecondFactor(second)) = room.try_in("officer", PASSWORD) else { panic!() };
        let replayed = room.accounts.answer_code(&mut room.db, &second.token, &code, "a");
        assert!(matches!(replayed, Err(AccountsError::WrongCode)));
        let codes = room.accounts.renew_recovery_codes(&mut room.db, user).unwrap();
        assert_eq!(codes.len(), 10);
        room.accounts.answer_code(&mut room.db, &second.token, &codes[3].to_lowercase(), "a").unwrap();
        assert_eq!(room.accounts.recovery_codes_left(&mut room.db, user).unwrap(), 9);
        let Ok(SignedIn::SecondFactor(third)) = room.try_in("officer", PASSWORD) else { panic!() };
        let used = room.accounts.answer_code(&mut room.db, &third.token, &codes[3], "a");
        assert!(matches!(used, Err(AccountsError::WrongCode)));
        room.clock.forward(Duration::minutes(6));
        let late = room.accounts.answer_code(&mut room.db, &third.token, &codes[4], "a");
        assert!(matches!(late, Err(AccountsError::NotSignedIn)));
    });
}

#[test]
fn wrong_passwords_wait_longer_and_in_the_end_lock() {
    each(|room| {
        let user = room.open("aygul", Kind::Family, &[]);
        room.accounts.users(&mut room.db, Actor::Command).unwrap();
        let mut judged = 0;
        let mut waited = Duration::zero();
        loop {
            // Each from another address: the account's own waits are looked at.
            let from = format!("10.1.0.{judged}");
            let attempt = Attempt { name: "aygul", password: "wrong", source: &from, device: "" };
            match room.accounts.sign_in(&mut room.db, &attempt) {
                Err(AccountsError::Refused) => judged += 1,
                Err(AccountsError::Wait(left)) => {
                    assert!(left <= Duration::seconds(900));
                    waited += left;
                    room.clock.forward(left);
                }
                other => panic!("{other:?}"),
            }
            if room.accounts.user(&mut room.db, user).unwrap().state == State::Locked {
                break;
            }
        }
        assert_eq!(judged, 100);
        assert!(waited > Duration::hours(20), "{waited}");
        room.clock.forward(Duration::hours(1));
        assert!(matches!(room.try_in("aygul", PASSWORD), Err(AccountsError::Locked)));
        assert!(matches!(room.try_in("aygul", "wrong"), Err(AccountsError::Wait(_) | AccountsError::Refused)));
        room.accounts.unlock(&mut room.db, Actor::Command, user).unwrap();
        assert!(matches!(room.try_in("aygul", PASSWORD), Ok(SignedIn::Whole(_))));
    });
}

#[test]
fn a_name_nobody_has_waits_like_any_other() {
    each(|room| {
        let judge = |room: &mut Room, name: &str, from: &str| {
            let attempt = Attempt { name, password: "wrong", source: from, device: "" };
            match room.accounts.sign_in(&mut room.db, &attempt) {
                Err(AccountsError::Refused) => "refused".to_owned(),
                Err(AccountsError::Wait(left)) => format!("wait {}", left.num_seconds()),
                other => panic!("{other:?}"),
            }
        };
        room.open("aygul", Kind::Family, &[]);
        for round in 0..8 {
            let known = judge(room, "aygul", &format!("a{round}"));
            let unknown = judge(room, "nobody", &format!("b{round}"));
            assert_eq!(known, unknown, "round {round}");
        }
    });
}

#[test]
fn one_address_cannot_try_many_names() {
    each(|room| {
        let mut outcomes = Vec::new();
        for n in 0..40 {
            let name = format!("name{n}");
            let attempt = Attempt { name: &name, ..source("203.0.113.9") };
            outcomes.push(matches!(room.accounts.sign_in(&mut room.db, &attempt), Err(AccountsError::Wait(_))));
        }
        assert_eq!(outcomes.iter().filter(|waits| !**waits).count(), 31);
        assert!(matches!(room.accounts.sign_in(&mut room.db, &source("203.0.113.10")), Err(AccountsError::Refused)));
        let source_kept = room.db.query("SELECT subject FROM sign_in_attempt", &[]).unwrap();
        assert!(source_kept.iter().all(|row| !row.text(0).unwrap().contains("203.0")));
    });
}

#[test]
fn passwords_that_everybody_tries_are_refused() {
    each(|room| {
        let new = new_user("gulnar.tursun", Kind::Staff);
        let link = room.accounts.invite(&mut room.db, Actor::Command, &new).unwrap();
        let mut try_one = |password: &str| match room.accounts.follow_link(&mut room.db, &link.token, password) {
            Err(AccountsError::Password(faults)) => faults,
            other => panic!("{other:?}"),
        };
        assert_eq!(try_one("kd82-mq"), [PasswordFault::TooShort { least: 12 }]);
        assert_eq!(try_one("password123456"), [PasswordFault::Trivial]);
        assert_eq!(try_one("my gulnar is q7 vz4k"), [PasswordFault::HoldsName]);
        assert_eq!(try_one("yilian2026"), [PasswordFault::TooShort { least: 12 }, PasswordFault::Trivial]);
        assert_eq!(try_one(&"long ago ".repeat(15)), [PasswordFault::TooLong { most: 128 }]);
    });
}

#[test]
fn changing_the_password_needs_the_old_one_and_ends_other_sessions() {
    each(|room| {
        room.open("aygul", Kind::Family, &[]);
        let (other, _) = room.sign_in("aygul");
        let (own, _) = room.sign_in("aygul");
        let signed = room.accounts.authenticate(&mut room.db, &own.token).unwrap().unwrap();
        let wrong = room.accounts.change_password(&mut room.db, &signed, "wrong", OTHER_PASSWORD);
        assert!(matches!(wrong, Err(AccountsError::Refused)));
        room.accounts.change_password(&mut room.db, &signed, PASSWORD, OTHER_PASSWORD).unwrap();
        assert!(room.accounts.authenticate(&mut room.db, &other.token).unwrap().is_none());
        assert!(room.accounts.authenticate(&mut room.db, &own.token).unwrap().is_some());
        assert!(matches!(room.try_in("aygul", PASSWORD), Err(AccountsError::Refused)));
        assert!(matches!(room.try_in("aygul", OTHER_PASSWORD), Ok(SignedIn::Whole(_))));
    });
}

#[test]
fn a_session_left_open_does_not_give_the_second_factor_away() {
    each(|room| {
        let user = room.open("officer", Kind::Staff, &[]);
        let (session, old) = room.sign_in("officer");
        let refused = room.accounts.set_up_second_factor(&mut room.db, &session.token);
        assert!(matches!(refused, Err(AccountsError::NotSignedIn)));
        let refused = room.accounts.replace_second_factor(&mut room.db, user, "wrong");
        assert!(matches!(refused, Err(AccountsError::Refused)));
        let setup = room.accounts.replace_second_factor(&mut room.db, user, PASSWORD).unwrap();
        room.clock.forward(Duration::seconds(60));
        let wrong = room.code(&old.unwrap());
        let refused = room.accounts.confirm_second_factor(&mut room.db, &session.token, &wrong);
        assert!(matches!(refused, Err(AccountsError::WrongCode)), "the old phone confirms nothing");
        let code = room.code(&unwritten(&setup.secret));
        let enrolled = room.accounts.confirm_second_factor(&mut room.db, &session.token, &code).unwrap();
        assert!(room.accounts.authenticate(&mut room.db, &session.token).unwrap().is_none());
        assert!(room.accounts.authenticate(&mut room.db, &enrolled.session.token).unwrap().is_some());
    });
}

#[test]
fn guesses_at_a_number_wait_whoever_makes_them_and_a_right_one_begins_anew() {
    each(|room| {
        let number = "2026-000012-7K3QF";
        let free = room.accounts.authz().rules.attempts.number.free;
        for at in 0..=free {
            assert!(room.accounts.count_guess(&mut room.db, number, &format!("10.0.0.{at}")).is_ok(), "{at}");
        }
        let waits = |room: &mut Room| room.accounts.count_guess(&mut room.db, number, "10.0.9.9").err();
        assert!(matches!(waits(room), Some(AccountsError::Wait(left)) if left > Duration::zero()), "from anywhere");
        assert!(room.accounts.count_guess(&mut room.db, "2026-000013-AAAAA", "10.0.9.9").is_ok(), "another number");
        room.clock.forward(Duration::minutes(2));
        let right = room.accounts.count_guess(&mut room.db, number, "10.0.9.9").unwrap();
        room.accounts.guessed_right(&mut room.db, &right).unwrap();
        assert!(waits(room).is_none(), "who knows it is not kept out");
    });
}
