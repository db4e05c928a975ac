//! What a program reads, and what it is told when it can't.

use crate::api::{json, problem};
use crate::door::house;
use crate::night;

#[test]
fn a_person_is_found_seen_and_explained_masked() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let person = house.assigned.to_string();
    let desk = night::desk();
    let identity = registry::people::identity(&mut desk.database.session().unwrap(), &desk.keys, house.assigned);
    let identity = identity.unwrap().unwrap();
    let mut seen = String::new();
    for path in ["", "/facts", "/determinations", "/explanation", "/work-items", "/visits", "/assessments", "/looks"] {
        seen += &house.read(&format!("/api/v1/people/{person}{path}"), &token).to_string();
    }
    let found = house.read(&format!("/api/v1/people?q={}", identity.id_number), &token);
    assert_eq!(found["items"][0]["id"], person.as_str());
    seen += &found.to_string();
    assert!(!seen.contains(&identity.id_number) && !seen.contains(&identity.name), "masked everywhere");

    let all = house.read(&format!("/api/v1/people/{person}/determinations?kind=benefit"), &token);
    let all = all.as_array().unwrap();
    assert!(!all.is_empty() && all.iter().all(|one| one["kind"] == "benefit"));
    for one in all {
        assert!(["met", "not_met", "unknown"].contains(&one["outcome"].as_str().unwrap()));
        assert!(!one["clauses"].as_array().unwrap().is_empty(), "an answer names its clause");
        let unknown = one["outcome"] == "unknown";
        assert!(!unknown || !one["missing"].as_array().unwrap().is_empty(), "unknown because a named fact is missing");
    }
    let facts = house.read(&format!("/api/v1/people/{person}/facts"), &token);
    assert!(facts.as_array().unwrap().iter().all(|fact| fact["list"].as_str().is_some_and(|l| l.starts_with('L'))));

    let none = house.api("POST", &format!("/api/v1/people/{person}/reveal"), &token, &[], br#"{"purpose":"curious"}"#);
    assert_eq!((none.status, problem(&none).as_str()), (422, "invalid"));
    let shown = house.api("POST", &format!("/api/v1/people/{person}/reveal"), &token, &[], br#"{"purpose":"visit"}"#);
    assert_eq!(json(&shown)["id_number"], identity.id_number.as_str());
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let looks = house.read(&format!("/api/v1/people/{person}/looks"), &token);
    assert_eq!(looks[0]["purpose"], "visit", "the look is kept");
}

#[test]
fn what_came_of_telling_people_is_noted_for_whom_one_may() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let items = house.read("/api/v1/work-items?kind=unserved&limit=1", &token);
    let (person, rule) = (&items["items"][0]["person"]["id"], &items["items"][0]["rule"]);
    let note = |token: &str, person: &serde_json::Value, more: &str| {
        let body = format!(r#"{{"who":[{{"person":{person},"rule":{rule}}}],{more}}}"#);
        house.api("POST", "/api/v1/work-items/outcomes", token, &[], body.as_bytes())
    };
    let again = r#""outcome":"unreached","again":"2027-03-01""#;
    let auditor = house.bearer("auditor", &[], None).text();
    assert_eq!(note(&auditor, person, again).status, 403);
    assert_eq!(note(&token, &format!("{}", house.stranger).into(), again).status, 403, "of another county");
    assert_eq!(note(&token, person, r#""outcome":"declined""#).status, 422, "declined for a reason");
    assert_eq!(note(&token, &"P1x".into(), again).status, 422, "no person's number");
    let noted = note(&token, person, again);
    assert_eq!((noted.status, json(&noted)["noted"].as_u64()), (200, Some(1)), "{}", noted.text());
    let of_person = house.read(&format!("/api/v1/people/{}/work-items", person.as_str().unwrap()), &token);
    let item = of_person.as_array().unwrap().iter().find(|item| item["rule"] == *rule).expect("it is still open");
    assert_eq!(item["hand"], "again");
}

#[test]
fn visits_of_a_person_are_told_newest_first_with_their_source() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let people = house.read("/api/v1/work-items?kind=visit&limit=50", &token);
    let visits = people["items"].as_array().unwrap().iter().find_map(|item| {
        let id = item["person"]["id"].as_str().unwrap();
        let visits = house.read(&format!("/api/v1/people/{id}/visits"), &token);
        Some(visits).filter(|visits| visits.as_array().is_some_and(|visits| visits.len() > 1))
    });
    let visits = visits.expect("somebody was visited twice");
    let days: Vec<&str> = visits.as_array().unwrap().iter().map(|visit| visit["on"].as_str().unwrap()).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    assert!(visits[0]["source"]["label"].as_str().is_some_and(|label| !label.is_empty()), "{visits}");
}

#[test]
fn long_answers_come_in_parts_that_follow_each_other() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let counts = house.read("/api/v1/work-items/counts", &token);
    let kind = counts[0]["kind"].as_str().unwrap().to_owned();
    let (mut ids, mut cursor, mut parts) = (Vec::new(), String::new(), 0);
    let total = loop {
        let page = house.read(&format!("/api/v1/work-items?kind={kind}&limit=7{cursor}"), &token);
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        parts += 1;
        match page["next"].as_str() {
            Some(next) if parts < 6 => cursor = format!("&cursor={next}"),
            _ => break page["total"].as_u64().unwrap(),
        }
    };
    assert!(parts > 1 && total >= ids.len() as u64, "{parts} {total}");
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "nothing comes twice");
    let next = cursor.trim_start_matches("&cursor=").to_owned();
    for (path, why) in [
        (format!("/api/v1/work-items?kind={kind}&cursor=made-up"), "made up"),
        (format!("/api/v1/people?q=a&cursor={next}"), "of another question"),
    ] {
        let answer = house.api("GET", &path, &token, &[], &[]);
        assert_eq!((answer.status, problem(&answer).as_str()), (400, "cursor"), "{why}");
    }
}

#[test]
fn an_etag_spares_sending_again() {
    let (_turn, house) = house();
    let token = house.bearer("county_officer", &[], None).text();
    let path = format!("/api/v1/people/{}", house.assigned);
    let first = house.api("GET", &path, &token, &[], &[]);
    let tag = first.header("etag").expect("a tag").to_owned();
    let again = house.api("GET", &path, &token, &[("if-none-match", &tag)], &[]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = house.api("GET", &path, &token, &[("if-none-match", "\"x\"")], &[]);
    assert_eq!(other.status, 200);
}

#[test]
fn every_refusal_is_a_problem_with_a_code() {
    let (_turn, house) = house();
    let token = house.officer();
    let huge = format!("{{\"files\":[{{\"name\":\"a.toml\",\"text\":\"{}\"}}]}}", "x".repeat(3_000_000));
    let json_type = ("content-type", "application/json");
    for (method, path, header, body, status, code) in [
        ("GET", "/api/v1/nothing", None, "", 404, "not-found"),
        ("GET", "/api/v1", None, "", 404, "not-found"),
        // Nobody is told whether such a person exists.
        ("GET", "/api/v1/people/P99999999", None, "", 403, "not-allowed"),
        ("GET", "/api/v1/people/%FF", None, "", 400, "unreadable"),
        ("GET", "/api/v1/people", None, "", 400, "unreadable"),
        ("GET", "/api/v1/people?q=a&nonsense=1", None, "", 400, "unreadable"),
        ("GET", "/api/v1/people?q=a&limit=many", None, "", 400, "unreadable"),
        ("GET", "/api/v1/work-items?kind=gardening", None, "", 400, "unreadable"),
        ("GET", "/api/v1/work-items?kind=stop&division=999999", None, "", 400, "unreadable"),
        ("DELETE", "/api/v1/night", None, "", 405, "method"),
        ("PUT", "/api/v1/people", None, "{}", 405, "method"),
        ("POST", "/api/v1/pack/what-if", None, "{", 400, "unreadable"),
        ("POST", "/api/v1/pack/what-if", None, "{}", 422, "invalid"),
        ("POST", "/api/v1/pack/what-if", None, "{\"files\":[]}", 400, "unreadable"),
        ("POST", "/api/v1/pack/what-if", None, "{\"files\":[],\"x\":1}", 422, "invalid"),
        ("POST", "/api/v1/pack/what-if", None, huge.as_str(), 413, "too-large"),
        ("POST", "/api/v1/pack/what-if", Some(("content-type", "text/plain")), "{}", 415, "unsupported"),
        ("POST", "/api/v1/lists?file_name=nothing_2026-11-01.csv", Some(json_type), "a", 400, "unreadable"),
        ("POST", "/api/v1/lists?file_name=..%2Flow_income_2026-11-01.csv", Some(json_type), "a", 400, "unreadable"),
    ] {
        let more: Vec<_> = header.into_iter().collect();
        let answer = house.api(method, path, &token, &more, body.as_bytes());
        assert_eq!((answer.status, problem(&answer).as_str()), (status, code), "{method} {path}");
    }
    let method = house.api("DELETE", "/api/v1/night", &token, &[], &[]);
    assert!(method.header("allow").is_some_and(|allow| allow.contains("GET")));
    // In the language asked for.
    let host = house.address.to_string();
    let zh = crate::client::ask(house.address, "GET", "/api/v1/night", &[("host", &host)], &[]);
    assert_eq!((zh.status, problem(&zh).as_str()), (401, "not-signed-in"));
    assert_eq!(json(&zh)["title"], "还没有登录");
    assert!(zh.header("www-authenticate").is_some_and(|how| how.starts_with("Bearer")));
}

#[test]
fn the_plan_its_rules_and_indicators_are_read() {
    let (_turn, house) = house();
    let token = house.officer();
    let rules = house.read("/api/v1/pack/rules", &token);
    let benefit = rules.as_array().unwrap().iter().find(|rule| rule["kind"] == "benefit").unwrap();
    let rule = house.read(&format!("/api/v1/pack/rules/{}", benefit["id"].as_str().unwrap()), &token);
    assert!(rule["parts"].as_array().is_some_and(|parts| parts.iter().all(|part| part["sql"].is_string())));
    assert!(house.read("/api/v1/pack/parameters", &token).as_array().unwrap().len() > 10);
    assert!(house.read("/api/v1/plan/clauses", &token).as_array().unwrap().len() > 10);
    assert!(!house.read("/api/v1/plan/duties", &token).as_array().unwrap().is_empty());
    let values = house.read("/api/v1/indicators", &token);
    let id = values[0]["indicator"].as_str().unwrap().to_owned();
    house.read(&format!("/api/v1/indicators/{id}"), &token);
    let rows = house.read(&format!("/api/v1/indicators/{id}/rows?side=counted&limit=3"), &token);
    assert!(rows["items"].as_array().unwrap().len() <= 3);
    for path in ["night", "pack", "work-items/counts"] {
        house.read(&format!("/api/v1/{path}"), &token);
    }
}

#[test]
fn a_stranger_s_program_checks_what_is_due_question_by_question() {
    let (_turn, house) = house();
    let check = |answers: &str| {
        let host = house.address.to_string();
        let headers = [("host", host.as_str()), ("content-type", "application/json"), ("accept-language", "en")];
        let body = format!(r#"{{"answers":[{answers}]}}"#);
        crate::client::ask(house.address, "POST", "/api/v1/check", &headers, body.as_bytes())
    };
    let first = json(&check(""));
    assert!(first["next"]["id"].is_string() && first["left"].as_u64() > Some(1));
    let mut told = Vec::new();
    let mut state = first;
    while let Some(question) = state["next"]["id"].as_str() {
        let answer = match question {
            "age" => "92".to_owned(),
            _ => state["next"]["options"][0]["id"].as_str().unwrap().to_owned(),
        };
        told.push(format!(r#"{{"question":"{question}","answer":"{answer}"}}"#));
        assert!(told.len() < 20, "it comes to an end");
        state = json(&check(&told.join(",")));
    }
    let met = state["determinations"].as_array().unwrap().iter().filter(|one| one["outcome"] == "met");
    assert!(met.count() > 0, "someone of 92 is due something: {state}");
    let refused = check(r#"{"question":"age","answer":"old"},{"question":"shoe_size","answer":"40"}"#);
    assert_eq!((refused.status, problem(&refused).as_str()), (422, "invalid"));
    let faults = json(&refused)["faults"].clone();
    let fields: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["answers[0].answer", "answers[1].question"], "all at once");
}

#[test]
fn a_list_that_would_close_too_much_is_let_in_or_sent_back_by_who_may() {
    let (_turn, house) = house();
    let officer = house.officer();
    let csv = "公民身份号码,姓名\n".as_bytes();
    let path = "/api/v1/lists?file_name=low_income_2026-11-19.csv";
    let held = json(&house.api("POST", path, &officer, &[("content-type", "text/csv")], csv));
    assert_eq!(held["list"]["state"], "held", "{held}");
    let list = held["list"]["id"].as_str().unwrap();
    let decide = |token: &str, verdict: &str| {
        let body = format!(r#"{{"verdict":"{verdict}"}}"#);
        house.api("POST", &format!("/api/v1/lists/{list}/decision"), token, &[], body.as_bytes())
    };
    let supervisor = house.bearer("supervisor", &[], None).text();
    assert_eq!(decide(&supervisor, "release").status, 403, "looks on");
    let county = house.bearer("county_officer", &[], None).text();
    assert_eq!(decide(&county, "release").status, 403, "the list speaks for other counties too");
    assert_eq!(decide(&officer, "perhaps").status, 422);
    assert_eq!(json(&decide(&officer, "release"))["state"], "released");
    assert_eq!(problem(&decide(&officer, "release")), "conflict", "decided already");
    assert_eq!(json(&decide(&officer, "reject"))["state"], "rejected", "until it is taken");
}
