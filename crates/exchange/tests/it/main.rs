//! The exchange on both databases: requests done once, subscriptions, deliveries.

use chrono::{DateTime, Duration, Utc};
use exchange::deliver::{self, SendFault, Sender, Sent};
use exchange::guard::Guard;
use exchange::once::{Answer, Asked, Begun, begin, finish, give_up, tidy};
use exchange::subscriptions::{self, NewSubscription, SubscriptionId};
use exchange::{ExchangeError, MIGRATIONS};
use kernel::UserId;
use serde_json::json;
use store::events::{Event, tell};
use store::{Database, Keys};
use testkit::each_database;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn keys(database: &Database) -> Keys {
    Keys::generate().attach(&mut database.session().unwrap()).unwrap()
}

fn asked(account: i64, key: &str, digest: u8) -> Asked {
    Asked { account, key: key.to_owned(), digest: [digest; 32] }
}

#[test]
fn statements_prepare_on_both_databases() {
    assert!(testkit::check_room_statements("exchange", MIGRATIONS) > 10);
}

#[test]
fn a_request_is_done_once_and_answered_alike() {
    each_database(MIGRATIONS, |database| {
        let (keys, db) = (keys(database), &mut database.session().unwrap());
        let request = asked(1, "k", 1);
        assert_eq!(begin(db, &keys, &request, at(0)).unwrap(), Begun::New);
        assert_eq!(begin(db, &keys, &request, at(1)).unwrap(), Begun::Busy, "under way");
        assert_eq!(begin(db, &keys, &asked(1, "k", 2), at(1)).unwrap(), Begun::Reused);
        assert_eq!(begin(db, &keys, &asked(2, "k", 2), at(1)).unwrap(), Begun::New, "of another sender");
        let answer = Answer { status: 201, kind: "application/json".into(), body: b"{}".to_vec() };
        finish(db, &keys, &request, &answer).unwrap();
        assert_eq!(begin(db, &keys, &request, at(2)).unwrap(), Begun::Again(answer));
        assert_eq!(begin(db, &keys, &asked(1, "k", 2), at(3)).unwrap(), Begun::Reused);
        assert_eq!(begin(db, &keys, &request, at(0) + Duration::hours(25)).unwrap(), Begun::New, "kept for a day");
    });
}

#[test]
fn a_request_that_broke_off_may_be_tried_again() {
    each_database(MIGRATIONS, |database| {
        let (keys, db) = (keys(database), &mut database.session().unwrap());
        let request = asked(1, "k", 1);
        begin(db, &keys, &request, at(0)).unwrap();
        give_up(db, &request).unwrap();
        assert_eq!(begin(db, &keys, &request, at(1)).unwrap(), Begun::New);
        // The server died: after a while another may do it, one only.
        assert_eq!(begin(db, &keys, &request, at(400)).unwrap(), Begun::New);
        assert_eq!(begin(db, &keys, &request, at(401)).unwrap(), Begun::Busy);
        assert_eq!(tidy(db, at(0) + Duration::hours(30)).unwrap(), 1);
    });
}

/// Takes everything.
struct Good;

impl Sender for Good {
    fn post(&self, _: &str, _: &[(&str, String)], _: &str) -> Result<u16, SendFault> {
        Ok(204)
    }
}

#[test]
fn an_event_reaches_its_subscribers_and_an_ended_one_is_left_alone() {
    each_database(MIGRATIONS, |database| {
        let (keys, db) = (keys(database), &mut database.session().unwrap());
        let new = |address: &str| NewSubscription {
            account: UserId(7),
            address: address.to_owned(),
            events: ["night.published".to_owned()].into(),
            division: None,
        };
        let guard = Guard::default();
        let refused = subscriptions::subscribe(db, &keys, &guard, &new("http://127.0.0.1/"), at(0));
        assert!(matches!(refused, Err(ExchangeError::Address(_))));
        let (first, secret) =
            subscriptions::subscribe(db, &keys, &guard, &new("https://example.org/a"), at(0)).unwrap();
        let (second, other) =
            subscriptions::subscribe(db, &keys, &guard, &new("https://example.org/b"), at(0)).unwrap();
        assert!(secret.starts_with("ylh_") && secret != other);
        let event =
            |name: &str, seconds| Event { name: name.into(), at: at(seconds), division: None, detail: json!({}) };
        tell(db, &event("night.published", 1)).unwrap();
        tell(db, &event("something.else", 1)).unwrap();
        tell(db, &event("night.published", -1)).unwrap();
        let spread = || deliver::spread(&mut database.session().unwrap(), at(5), |_, _, _| true).unwrap();
        let told = [spread(), spread(), spread(), spread()];
        assert_eq!(told.iter().flatten().sum::<usize>(), 2, "before a subscription nothing is told of it");
        assert_eq!(told[3], None);
        subscriptions::end(db, UserId(7), second, at(6)).unwrap();
        assert!(matches!(subscriptions::end(db, UserId(7), second, at(6)), Err(ExchangeError::NoSubscription)));
        assert!(matches!(subscriptions::end(db, UserId(8), first, at(6)), Err(ExchangeError::NoSubscription)));
        let sent = [(); 3].map(|()| deliver::deliver(db, &keys, at(7), &Good).unwrap());
        assert!(sent.contains(&Some(Sent::Arrived)) && sent.contains(&Some(Sent::Dropped)) && sent[2].is_none());
        let lines = subscriptions::deliveries(db, SubscriptionId(first.0)).unwrap();
        assert_eq!((lines.len(), lines[0].state.as_str(), lines[0].status), (1, "delivered", Some(204)));
        assert_eq!(subscriptions::of_account(db, UserId(7)).unwrap().len(), 1);
    });
}

#[test]
fn an_account_has_few_subscriptions() {
    each_database(MIGRATIONS, |database| {
        let (keys, db) = (keys(database), &mut database.session().unwrap());
        let new = NewSubscription {
            account: UserId(1),
            address: "https://example.org/".into(),
            events: ["list.held".to_owned()].into(),
            division: None,
        };
        let full = (0..30).find_map(|_| subscriptions::subscribe(db, &keys, &Guard::default(), &new, at(0)).err());
        assert!(matches!(full, Some(ExchangeError::Full(20))));
    });
}
