//! The committed document, the router and what is served are one.

use std::collections::BTreeSet;

use crate::api::json;
use crate::client::get;
use crate::door::house;
use crate::night;

fn committed() -> std::path::PathBuf {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json")).to_owned()
}

#[test]
fn the_committed_document_is_the_one_served() {
    let served = json(&get(night::desk().address, "/api/v1/openapi.json"));
    let text = serde_json::to_string_pretty(&served).unwrap() + "\n";
    if std::env::var_os("YILIAN_BLESS").is_some() {
        std::fs::write(committed(), &text).unwrap();
    }
    let agreed = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(agreed == text, "docs/openapi.json is not what the service says; run with YILIAN_BLESS=1 and read it");
}

#[test]
fn every_route_is_documented_and_nothing_else() {
    let served = json(&get(night::desk().address, "/api/v1/openapi.json"));
    let mut documented = BTreeSet::new();
    for (path, operations) in served["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let permission = operation["x-permission"].as_str().map(str::to_owned);
            documented.insert((method.to_uppercase(), path.clone(), permission));
        }
    }
    let asked: BTreeSet<_> = web::rights()
        .iter()
        .filter(|(_, path, ..)| path.starts_with("/api/"))
        .map(|(method, path, permission, _)| (method.to_string(), (*path).to_owned(), Some((*permission).to_owned())))
        .collect();
    let (closed, open): (BTreeSet<_>, BTreeSet<_>) = documented.into_iter().partition(|(.., may)| may.is_some());
    assert_eq!(closed, asked);
    // What is open to all answers without a sign-in.
    let (_turn, house) = house();
    for (method, path, _) in open {
        let host = house.address.to_string();
        let asked = path.replace("{consultation}", "999999");
        let headers = [("host", host.as_str()), ("content-type", "application/json")];
        let body: &[u8] = if method == "POST" { br#"{"answers":[]}"# } else { b"" };
        let answer = crate::client::ask(house.address, &method, &asked, &headers, body);
        assert_eq!(answer.status, if path == asked { 200 } else { 404 }, "{method} {path}");
    }
}

#[test]
fn operations_are_named_once_and_shapes_they_name_exist() {
    let served = json(&get(night::desk().address, "/api/v1/openapi.json"));
    let mut names = BTreeSet::new();
    for operations in served["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            assert!(names.insert(operation["operationId"].as_str().unwrap()), "{}", operation["operationId"]);
            for word in ["summary", "x-summary-zh"] {
                assert!(operation[word].as_str().is_some_and(|text| !text.contains('⟦')), "{operation}");
            }
        }
    }
    let text = served.to_string();
    for rest in text.split("\"#/components/schemas/").skip(1) {
        let name = rest.split('"').next().unwrap();
        assert!(served["components"]["schemas"].get(name).is_some(), "{name} is named and not there");
    }
}

#[test]
fn people_read_about_it_in_both_languages() {
    let desk = night::desk();
    for (path, word) in [("/api", "给其他系统用的接口"), ("/en/api", "Interface for other systems")] {
        let page = get(desk.address, path);
        assert_eq!(page.status, 200);
        assert!(page.text().contains(word) && page.text().contains("/api/v1/people/{person}"), "{path}");
        assert!(!page.text().contains('⟦'));
    }
}
