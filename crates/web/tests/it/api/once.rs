//! A request with a key of its own is done once.

use crate::api::{json, problem};
use crate::door::house;
use crate::night;

#[test]
fn a_request_sent_again_is_answered_alike_and_done_once() {
    let (_turn, house) = house();
    let token = house.officer();
    let pack = policy::load(&night::packs(), night::PACK).unwrap();
    let duty = pack.clauses.iter().rev().find(|c| c.state == policy::model::ClauseState::Duty).unwrap().id.clone();
    let path = format!("/api/v1/plan/duties/{duty}/reports");
    let body = br#"{"done_on":"2025-02-03","done_by":"office","evidence":"filed"}"#;
    let key = [("idempotency-key", "duty-2025-02-03")];
    let first = house.api("POST", &path, &token, &key, body);
    assert_eq!(first.status, 201, "{}", first.text());
    let again = house.api("POST", &path, &token, &key, body);
    assert_eq!((again.status, json(&again)), (201, json(&first)));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = house.api("POST", &path, &token, &key, br#"{"done_on":"2025-02-03","done_by":"x","evidence":"y"}"#);
    assert_eq!((other.status, problem(&other).as_str()), (422, "key-reused"));
}

#[test]
fn keys_are_of_their_sender_and_bad_ones_are_refused() {
    let (_turn, house) = house();
    let (one, two) = (house.bearer("county_officer", &[], None).text(), house.bearer("supervisor", &[], None).text());
    let hook = br#"{"address":"https://example.org/a","events":["night.published"]}"#;
    let key = [("idempotency-key", "hook-1")];
    let first = house.api("POST", "/api/v1/webhooks", &one, &key, hook);
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(json(&house.api("POST", "/api/v1/webhooks", &one, &key, hook)), json(&first));
    let theirs = house.api("POST", "/api/v1/webhooks", &two, &key, hook);
    assert_eq!(theirs.status, 201);
    assert_ne!(json(&theirs)["id"], json(&first)["id"], "another sender's key is another key");
    let changed = house.api(
        "POST",
        "/api/v1/webhooks",
        &one,
        &key,
        br#"{"address":"https://example.org/b","events":["night.published"]}"#,
    );
    assert_eq!((changed.status, problem(&changed).as_str()), (422, "key-reused"));
    for bad in ["", "with blank", &"k".repeat(101)] {
        let answer = house.api("POST", "/api/v1/webhooks", &one, &[("idempotency-key", bad)], hook);
        assert_eq!((answer.status, problem(&answer).as_str()), (400, "unreadable"), "{bad}");
    }
    // A refusal is not kept: mended, the same key is good for the same request again.
    let key = [("idempotency-key", "hook-2")];
    let wrong = br#"{"address":"http://example.org/a","events":["night.published"]}"#;
    for _ in 0..2 {
        let refused = house.api("POST", "/api/v1/webhooks", &one, &key, wrong);
        assert_eq!((refused.status, problem(&refused).as_str()), (422, "invalid"));
    }
    assert_eq!(house.api("POST", "/api/v1/webhooks", &one, &key, hook).status, 201);
}

#[test]
fn of_two_at_once_one_is_done() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let hook = br#"{"address":"https://example.org/twin","events":["night.published"]}"#;
    let send = || house.api("POST", "/api/v1/webhooks", &token, &[("idempotency-key", "twins")], hook);
    let answers = std::thread::scope(|scope| {
        let running: Vec<_> = (0..6).map(|_| scope.spawn(send)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
    let hooks = house.read("/api/v1/webhooks", &token);
    let twins = hooks.as_array().unwrap().iter().filter(|hook| hook["address"] == "https://example.org/twin");
    assert_eq!(twins.count(), 1);
}
