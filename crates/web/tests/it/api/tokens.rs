//! Tokens at the door: forged, ended, of another scope or division.

use accounts::Actor;

use crate::api::problem;
use crate::door::house;
use crate::night;

#[test]
fn a_forged_ended_or_misplaced_token_opens_nothing() {
    let (_turn, house) = house();
    let made = house.bearer("county_officer", &[], None);
    let text = made.text();
    assert_eq!(house.api("GET", "/api/v1/night", &text, &[], &[]).status, 200);
    for wrong in
        ["", "x", "yl_", &"A".repeat(43), &format!("yl_{}", "A".repeat(43)), &text[3..], &format!("{text} {text}")]
    {
        let answer = house.api("GET", "/api/v1/night", wrong, &[], &[]);
        assert_eq!((answer.status, problem(&answer).as_str()), (401, "not-signed-in"), "{wrong}");
    }
    // Neither a page nor a cookie takes a token, and with a wrong token the cookie does not help.
    assert_eq!(house.api("GET", "/d/today", &text, &[], &[]).status, 303);
    let cookie = format!("yilian-session={}", made.token.reveal());
    assert_eq!(house.send("GET", "/d/today", &cookie, "").status, 303);
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let session = house.sign_in(officer);
    assert_eq!(house.send("GET", "/api/v1/night", &session, "").status, 200, "our own pages may ask, too");
    assert_eq!(house.api("GET", "/api/v1/night", "wrong", &[("cookie", &session)], &[]).status, 401);

    let mut db = night::desk().database.session().unwrap();
    let user = house.accounts.find(&mut db, &officer.username).unwrap().unwrap();
    house.accounts.end_token(&mut db, Actor::Command, user, made.id).unwrap();
    assert_eq!(house.api("GET", "/api/v1/night", &text, &[], &[]).status, 401, "ended");
}

#[test]
fn a_token_reaches_no_further_than_it_was_made_for() {
    let (_turn, house) = house();
    let village = house.village.to_string();
    let narrow =
        house.bearer("county_officer", &["person.see", "person.list", "work_item.list"], Some(&village)).text();
    let near = house.api("GET", &format!("/api/v1/people/{}", house.assigned), &narrow, &[], &[]);
    assert_eq!(near.status, 200);
    for (path, why) in [
        (format!("/api/v1/people/{}", house.stranger), "another county, beyond its owner"),
        (format!("/api/v1/people/{}/facts", house.assigned), "not among its permissions"),
        ("/api/v1/lists".to_owned(), "not among its permissions"),
        (format!("/api/v1/work-items?kind=unserved&division={}", &village[..6]), "more than its division"),
    ] {
        let answer = house.api("GET", &path, &narrow, &[], &[]);
        assert_eq!((answer.status, problem(&answer).as_str()), (403, "not-allowed"), "{why}");
    }
    let found = house.read("/api/v1/people?q=a&limit=200", &narrow);
    for person in found["items"].as_array().unwrap() {
        assert_eq!(person["division"]["code"], village.as_str(), "search stays inside");
    }
    let items = house.read("/api/v1/work-items?kind=unserved&limit=200", &narrow);
    for item in items["items"].as_array().unwrap() {
        assert_eq!(item["division"]["code"], village.as_str(), "lists stay inside");
    }
}

#[test]
fn a_token_is_made_on_the_account_page_shown_once_and_ended_there() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "supervisor").unwrap();
    let cookie = house.sign_in(officer);
    let none = house.send("POST", "/account/tokens", &cookie, "name=&days=30&permission=person.see");
    assert_eq!(none.status, 422);
    let beyond = house.send("POST", "/account/tokens", &cookie, "name=x&days=30&permission=user.grant");
    assert_eq!(beyond.status, 422);
    let made = house.send(
        "POST",
        "/account/tokens",
        &cookie,
        "name=nightly&days=30&permission=pack.see&permission=person.list",
    );
    assert_eq!(made.status, 200, "{}", made.text());
    let text = made.text();
    let at = text.find("yl_").expect("shown");
    let token: String = text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
    assert_eq!(house.api("GET", "/api/v1/night", &token, &[], &[]).status, 200);
    assert_eq!(house.api("GET", "/api/v1/webhooks", &token, &[], &[]).status, 403);
    let page = house.send("GET", "/account/tokens", &cookie, "").text();
    assert!(page.contains("nightly") && !page.contains("yl_"), "not shown again");
    let end = page.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|a| a.ends_with("/end")).unwrap();
    assert_eq!(house.send("POST", end, &cookie, "").status, 303);
    assert_eq!(house.api("GET", "/api/v1/night", &token, &[], &[]).status, 401);
}
