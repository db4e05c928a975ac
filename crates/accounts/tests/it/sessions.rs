//! Sessions: when they end, how their token changes, what a form needs.

use std::collections::BTreeMap;

use accounts::authz::Kind;
use accounts::signing::{NewSession, SessionId, SignedIn};
use accounts::{Actor, Token};
use chrono::{DateTime, Duration, Utc};
use kernel::Clock;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::room::{PASSWORD, Room, each, grant};

#[test]
fn a_session_ends_after_idleness_and_in_any_case() {
    each(|room| {
        room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let (idle, secret) = room.sign_in("officer");
        room.clock.forward(Duration::minutes(29));
        assert!(room.accounts.authenticate(&mut room.db, &idle.token).unwrap().is_some());
        room.clock.forward(Duration::minutes(30));
        assert!(room.accounts.authenticate(&mut room.db, &idle.token).unwrap().is_none());
        let Ok(SignedIn::SecondFactor(partial)) = room.try_in("officer", PASSWORD) else { panic!() };
        let code = room.code(&secret.unwrap());
        let busy = room.accounts.answer_code(&mut room.db, &partial.token, &code, "a").unwrap();
        let mut lasted = 0;
        while room.accounts.authenticate(&mut room.db, &busy.token).unwrap().is_some() {
            room.clock.forward(Duration::minutes(20));
            lasted += 20;
        }
        assert_eq!(lasted, 12 * 60);
    });
}

#[test]
fn who_holds_several_roles_has_the_shortest_session() {
    each(|room| {
        room.open("visitor", Kind::Staff, &[("visitor", "653001100")]);
        room.open("both", Kind::Staff, &[("visitor", "653001100"), ("township_coordinator", "653001100")]);
        let (field, _) = room.sign_in("visitor");
        let (desk, _) = room.sign_in("both");
        room.clock.forward(Duration::hours(10));
        assert!(room.accounts.authenticate(&mut room.db, &field.token).unwrap().is_some());
        assert!(room.accounts.authenticate(&mut room.db, &desk.token).unwrap().is_none());
    });
}

#[test]
fn what_an_account_may_do_changes_at_once_and_the_token_with_it() {
    each(|room| {
        let user = room.open("officer", Kind::Staff, &[("county_officer", "653001")]);
        let (session, _) = room.sign_in("officer");
        let before = room.accounts.authenticate(&mut room.db, &session.token).unwrap().unwrap();
        assert!(before.renewed.is_none());
        room.accounts.revoke(&mut room.db, Actor::Command, user, &grant("county_officer", "653001")).unwrap();
        let after = room.accounts.authenticate(&mut room.db, &session.token).unwrap().unwrap();
        assert!(after.principal.grants.is_empty());
        assert_eq!(after.csrf, before.csrf, "forms on the screen still fit");
        let renewed = after.renewed.unwrap();
        // A request under way carries the old token; a minute later it is nobody's.
        let under_way = room.accounts.authenticate(&mut room.db, &session.token).unwrap().unwrap();
        assert!(under_way.renewed.is_none());
        room.clock.forward(Duration::seconds(61));
        assert!(room.accounts.authenticate(&mut room.db, &session.token).unwrap().is_none());
        assert!(room.accounts.authenticate(&mut room.db, &renewed).unwrap().is_some());
    });
}

#[test]
fn a_form_belongs_to_its_session() {
    each(|room| {
        room.open("aygul", Kind::Family, &[]);
        let (one, _) = room.sign_in("aygul");
        let (two, _) = room.sign_in("aygul");
        let first = room.accounts.authenticate(&mut room.db, &one.token).unwrap().unwrap();
        assert!(room.accounts.csrf_fits(one.id, &first.csrf));
        assert!(!room.accounts.csrf_fits(two.id, &first.csrf));
        assert!(!room.accounts.csrf_fits(one.id, ""));
    });
}

#[test]
fn one_sees_and_ends_ones_own_sessions_only() {
    each(|room| {
        let aygul = room.open("aygul", Kind::Family, &[]);
        let other = room.open("other", Kind::Family, &[]);
        let (phone, _) = room.sign_in("aygul");
        let (desk, _) = room.sign_in("aygul");
        let lines = room.accounts.sessions(&mut room.db, aygul).unwrap();
        assert_eq!(lines.iter().map(|l| l.id).collect::<Vec<_>>(), [desk.id, phone.id]);
        assert!(room.accounts.end_session(&mut room.db, other, phone.id).is_err());
        room.accounts.end_session(&mut room.db, aygul, phone.id).unwrap();
        assert!(room.accounts.authenticate(&mut room.db, &phone.token).unwrap().is_none());
        room.accounts.sign_out(&mut room.db, &desk.token).unwrap();
        assert!(room.accounts.sessions(&mut room.db, aygul).unwrap().is_empty());
    });
}

/// What may happen to the sessions of one account.
#[derive(Clone, Debug)]
enum Event {
    SignIn,
    Pass(i64),
    Ask(usize),
    SignOut(usize),
    Everywhere(usize),
    RightsChange,
    Tidy,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => Just(Event::SignIn),
        3 => (0_i64..20_000).prop_map(Event::Pass),
        6 => (0_usize..8).prop_map(Event::Ask),
        1 => (0_usize..8).prop_map(Event::SignOut),
        1 => (0_usize..8).prop_map(Event::Everywhere),
        1 => Just(Event::RightsChange),
        1 => Just(Event::Tidy),
    ]
}

/// A session as it ought to be: family's idle week and whole month, scaled by the test's own rule.
struct Ought {
    id: SessionId,
    ends: DateTime<Utc>,
    seen: DateTime<Utc>,
    current: Token,
    before: Option<(Token, DateTime<Utc>)>,
    renew: bool,
    tokens: Vec<Token>,
}

const IDLE: i64 = 30 * 60;
const WHOLE: i64 = 12 * 3600;

/// Whatever happens in whatever order: a token opens its own session as long as it ought to, and no other.
#[test]
fn sessions_do_as_their_rules_say_whatever_happens() {
    testkit::on_sqlite(accounts::MIGRATIONS, |database| {
        let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
        let run = std::cell::Cell::new(0);
        let database = std::cell::RefCell::new(Room::on(database));
        runner
            .run(&prop::collection::vec(event(), 1..60), |events| {
                run.set(run.get() + 1);
                play(&mut database.borrow_mut(), &format!("family{}", run.get()), &events);
                Ok(())
            })
            .unwrap();
    });
}

fn play(room: &mut Room, name: &str, events: &[Event]) {
    // Volunteers without a role have the strictest rule, and no second factor to answer.
    let user = room.open(name, Kind::Volunteer, &[]);
    let mut ought: BTreeMap<usize, Ought> = BTreeMap::new();
    let mut count = 0;
    for event in events {
        let now = room.clock.now();
        match event {
            Event::SignIn => {
                let (session, _) = room.sign_in(name);
                let NewSession { id, token, .. } = session;
                let ends = now + Duration::seconds(WHOLE);
                let tokens = vec![token.clone()];
                ought.insert(count, Ought { id, ends, seen: now, current: token, before: None, renew: false, tokens });
                count += 1;
            }
            Event::Pass(seconds) => room.clock.forward(Duration::seconds(*seconds)),
            Event::Ask(which) => {
                if let Some(session) = ought.get_mut(which) {
                    for token in session.tokens.clone() {
                        ask(room, session, &token, now);
                    }
                }
            }
            Event::SignOut(which) => {
                if let Some(session) = ought.remove(which) {
                    room.accounts.sign_out(&mut room.db, &session.current).unwrap();
                    assert!(room.accounts.authenticate(&mut room.db, &session.current).unwrap().is_none());
                }
            }
            Event::Everywhere(which) => {
                let but = ought.get(which).map(|session| session.id);
                room.accounts.sign_out_everywhere(&mut room.db, user, but).unwrap();
                for (at, session) in &ought {
                    if at != which {
                        assert!(room.accounts.authenticate(&mut room.db, &session.current).unwrap().is_none());
                    }
                }
                ought.retain(|at, _| at == which);
            }
            Event::RightsChange => {
                let village = grant("volunteer", "653001100");
                if room.principal(user).grants.is_empty() {
                    // A volunteer's role has longer sessions, which holds for later ones; this test keeps to none.
                    room.accounts.grant(&mut room.db, Actor::Command, user, &village).unwrap();
                    room.accounts.revoke(&mut room.db, Actor::Command, user, &village).unwrap();
                }
                ought.values_mut().for_each(|session| session.renew = true);
            }
            Event::Tidy => {
                room.accounts.tidy(&mut room.db).unwrap();
            }
        }
    }
}

fn ask(room: &mut Room, session: &mut Ought, token: &Token, now: DateTime<Utc>) {
    let lives = now < session.ends && (now - session.seen).num_seconds() < IDLE;
    let is_current = *token == session.current;
    let is_before = session.before.as_ref().is_some_and(|(before, until)| before == token && *until > now);
    let answer = room.accounts.authenticate(&mut room.db, token).unwrap();
    assert_eq!(answer.is_some(), lives && (is_current || is_before));
    let Some(signed) = answer else { return };
    assert_eq!(signed.session, session.id);
    if (now - session.seen).num_seconds() >= 60 {
        session.seen = now;
    }
    assert_eq!(signed.renewed.is_some(), session.renew && is_current);
    if let Some(fresh) = signed.renewed {
        session.before = Some((token.clone(), now + Duration::seconds(60)));
        session.current = fresh.clone();
        session.tokens.push(fresh);
        session.renew = false;
    }
}
