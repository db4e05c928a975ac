//! Telling a receiver that the test starts: signed, tried again, given up, and never told what its owner may not know.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use exchange::deliver::{self, Sent};
use exchange::guard::Guard;
use exchange::subscriptions::{self, NewSubscription};
use exchange::{Http, sign};
use kernel::UserId;
use serde_json::json;
use store::events::{Event, tell};
use store::{Database, DatabaseUrl, Keys};

use crate::api::{json as read_json, problem};
use crate::door::house;

struct Receiver {
    address: String,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

/// Answers with these statuses in turn, the last one for good; keeps heads and bodies.
fn receiver(statuses: &'static [u16]) -> Receiver {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for (n, line) in listener.incoming().enumerate() {
            let mut line = line.unwrap();
            let (mut got, mut buffer) = (Vec::new(), [0; 4096]);
            loop {
                let text = String::from_utf8_lossy(&got).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length = head
                        .lines()
                        .find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
                    if body.len() >= length.unwrap_or(0) {
                        kept.lock().unwrap().push((head.to_owned(), body.to_owned()));
                        break;
                    }
                }
                match line.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => got.extend(&buffer[..read]),
                }
            }
            let status = statuses[n.min(statuses.len() - 1)];
            let _ = write!(
                line,
                "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nlocation: http://127.0.0.1:1/\r\nconnection: close\r\n\r\n"
            );
        }
    });
    Receiver { address, heard }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn exchange() -> (tempfile::TempDir, Database, Keys) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&DatabaseUrl::file(folder.path().join("x.db"))).unwrap();
    database.migrate(exchange::MIGRATIONS).unwrap();
    let keys = Keys::generate().attach(&mut database.session().unwrap()).unwrap();
    (folder, database, keys)
}

fn subscribe(database: &Database, keys: &Keys, guard: &Guard, address: &str, division: Option<&str>) -> String {
    let new = NewSubscription {
        account: UserId(1),
        address: address.to_owned(),
        events: ["list.held".to_owned()].into(),
        division: division.map(|code| code.parse().unwrap()),
    };
    subscriptions::subscribe(&mut database.session().unwrap(), keys, guard, &new, at(0)).unwrap().1
}

fn happened(database: &Database, division: Option<&str>) {
    let event = Event {
        name: "list.held".into(),
        at: at(1),
        division: division.map(|code| code.parse().unwrap()),
        detail: json!({ "list": "L00000001" }),
    };
    tell(&mut database.session().unwrap(), &event).unwrap();
}

#[test]
fn a_delivery_is_signed_tried_again_and_arrives() {
    let receiver = receiver(&[503, 200]);
    let (_folder, database, keys) = exchange();
    let guard = Guard::allowing(&["127.0.0.1".to_owned()]);
    let secret = subscribe(&database, &keys, &guard, &receiver.address, None);
    happened(&database, None);
    let (mut session, http) = (database.session().unwrap(), Http::new(guard));
    assert_eq!(deliver::deliver(&mut session, &keys, at(2), &http).unwrap(), None);
    assert_eq!(deliver::spread(&mut session, at(2), |_, _, _| true).unwrap(), Some(1));
    assert_eq!(deliver::spread(&mut session, at(2), |_, _, _| true).unwrap(), None, "told once");
    assert_eq!(deliver::deliver(&mut session, &keys, at(2), &http).unwrap(), Some(Sent::Later));
    assert_eq!(deliver::deliver(&mut session, &keys, at(3), &http).unwrap(), None, "not before its time");
    assert_eq!(deliver::deliver(&mut session, &keys, at(60), &http).unwrap(), Some(Sent::Arrived));
    assert_eq!(deliver::deliver(&mut session, &keys, at(9999), &http).unwrap(), None);

    let heard = receiver.heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    let header = |n: usize, name: &str| {
        let head: &str = &heard[n].0;
        head.lines()
            .find_map(|l| l.split_once(": ").filter(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_owned()))
            .unwrap()
    };
    assert_eq!(heard[0].1, heard[1].1, "the same delivery");
    assert_eq!(header(0, "yilian-delivery"), header(1, "yilian-delivery"));
    assert!(sign::fits(&secret, &heard[1].1, &header(1, "yilian-signature"), at(61)));
    assert!(!sign::fits(&secret, &heard[1].1, &header(0, "yilian-signature"), at(60) + Duration::minutes(6)));
    let body: serde_json::Value = serde_json::from_str(&heard[1].1).unwrap();
    assert_eq!((body["event"].as_str(), body["data"]["list"].as_str()), (Some("list.held"), Some("L00000001")));
    let lines = subscriptions::deliveries(&mut session, subscriptions::SubscriptionId(1)).unwrap();
    assert_eq!((lines[0].state.as_str(), lines[0].attempts, lines[0].status), ("delivered", 2, Some(200)));
}

#[test]
fn what_never_arrives_is_given_up_and_shown() {
    let receiver = receiver(&[302]);
    let (_folder, database, keys) = exchange();
    let guard = Guard::allowing(&["127.0.0.1".to_owned()]);
    subscribe(&database, &keys, &guard, &receiver.address, None);
    happened(&database, None);
    let (mut session, http) = (database.session().unwrap(), Http::new(guard));
    deliver::spread(&mut session, at(2), |_, _, _| true).unwrap();
    let mut tries = 0;
    for hour in 0..400 {
        match deliver::deliver(&mut session, &keys, at(3600 * hour + 2), &http).unwrap() {
            Some(Sent::Later) => tries += 1,
            Some(Sent::Failed) => break,
            None => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tries, 15);
    let line = &subscriptions::deliveries(&mut session, subscriptions::SubscriptionId(1)).unwrap()[0];
    assert_eq!((line.state.as_str(), line.attempts, line.status), ("failed", 16, Some(302)), "no redirect is followed");
}

#[test]
fn nothing_is_sent_home_even_when_it_was_subscribed_before() {
    let receiver = receiver(&[200]);
    let (_folder, database, keys) = exchange();
    subscribe(&database, &keys, &Guard::allowing(&["127.0.0.1".to_owned()]), &receiver.address, None);
    happened(&database, None);
    let mut session = database.session().unwrap();
    deliver::spread(&mut session, at(2), |_, _, _| true).unwrap();
    let strict = Http::new(Guard::default());
    assert_eq!(deliver::deliver(&mut session, &keys, at(2), &strict).unwrap(), Some(Sent::Later));
    assert!(receiver.heard.lock().unwrap().is_empty());
    // A name that resolves to this machine: what counts is where it leads.
    let named = receiver.address.replace("127.0.0.1", "localhost.localdomain").replace("http:", "https:");
    let fault = exchange::deliver::Sender::post(&strict, &named, &[], "{}");
    assert!(fault.is_err() && receiver.heard.lock().unwrap().is_empty());
}

#[test]
fn a_subscriber_is_told_of_the_own_division_and_what_it_may_know() {
    let (_folder, database, keys) = exchange();
    let guard = Guard::default();
    subscribe(&database, &keys, &guard, "https://example.org/a", Some("653001"));
    subscribe(&database, &keys, &guard, "https://example.org/b", None);
    let mut session = database.session().unwrap();
    let mut told = |division: Option<&str>, may: bool| {
        happened(&database, division);
        deliver::spread(&mut session, at(2), |_, _, _| may).unwrap()
    };
    assert_eq!(told(Some("653001100"), true), Some(2));
    assert_eq!(told(Some("653022"), true), Some(1));
    assert_eq!(told(None, true), Some(2));
    assert_eq!(told(None, false), Some(0));
}

#[test]
fn a_webhook_is_made_listed_and_ended_by_its_owner() {
    let (_turn, house) = house();
    let (own, other) = (house.bearer("county_officer", &[], None).text(), house.bearer("supervisor", &[], None).text());
    for address in ["http://example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "nonsense!"]
    {
        let body = json!({ "address": address, "events": ["night.published"] }).to_string();
        let refused = house.api("POST", "/api/v1/webhooks", &own, &[], body.as_bytes());
        assert_eq!((refused.status, problem(&refused).as_str()), (422, "invalid"), "{address}");
    }
    let body = json!({ "address": "https://example.org/own", "events": ["night.published", "list.held"] }).to_string();
    let made = house.api("POST", "/api/v1/webhooks", &own, &[], body.as_bytes());
    assert_eq!(made.status, 201, "{}", made.text());
    let id = read_json(&made)["id"].as_i64().unwrap();
    let listed = house.read("/api/v1/webhooks", &own).to_string();
    assert!(listed.contains("https://example.org/own") && !listed.contains("ylh_"), "the secret is shown once");
    house.read(&format!("/api/v1/webhooks/{id}/deliveries"), &own);
    assert_eq!(house.api("GET", &format!("/api/v1/webhooks/{id}/deliveries"), &other, &[], &[]).status, 404);
    assert_eq!(house.api("DELETE", &format!("/api/v1/webhooks/{id}"), &other, &[], &[]).status, 404);
    assert_eq!(house.api("DELETE", &format!("/api/v1/webhooks/{id}"), &own, &[], &[]).status, 204);
    assert_eq!(house.api("DELETE", &format!("/api/v1/webhooks/{id}"), &own, &[], &[]).status, 404);
}
