//! What the desk refuses, and that it says what to do next.

use crate::client::{ask, get, post};
use crate::night::{desk, open, serve};

#[test]
fn what_does_not_exist_is_said_in_the_reader_s_language() {
    let desk = desk();
    for path in [
        "/nothing",
        "/d/people/P99999999",
        "/d/people/x",
        "/d/work/nothing",
        "/d/lists/L99999999",
        "/d/indicators/I-X",
        "/d/policy/rules?rule=x",
        "/d/policy/what-if?draft=..%2F..",
        "/d/villages/653001",
        "/static/../Cargo.toml",
    ] {
        let answer = get(desk.address, path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("怎么办"), "{path}");
    }
    assert!(get(desk.address, "/en/nothing").text().contains("What to do"));
}

#[test]
fn nonsense_in_an_address_is_no_server_error() {
    let desk = desk();
    for path in [
        "/d/today?scope=%FF%FE",
        "/d/people?q=%00%3Cscript%3E",
        "/d/work/visit?page=-5",
        "/d/work/visit?page=99999999999999999999",
        "/d/work/unserved?rule='%20OR%201=1",
        "/d/indicators/I-KZ1?at=999999999999&side=x",
        "/d/plan?only=X",
        "/d/people?q=%E7%8E%8B&q=2",
        "/d/applications?rule=%00",
        "/d/work/unserved?rule=a%00",
        "/d/people/P00000001%00",
    ] {
        let answer = get(desk.address, path);
        assert!(answer.status < 500, "{path}: {}", answer.status);
        assert!(!answer.text().contains("<script>"), "{path}");
    }
}

/// A zero byte in a filter or a form came as far as the database and was answered with 500.
#[test]
fn a_zero_byte_in_a_form_is_said_to_be_unreadable() {
    let desk = desk();
    for (path, form) in [
        ("/callback", "about=&place=653001&text=a%00b&name=a&contact=13900001111"),
        ("/orders", "number=%00&digits=1234"),
        ("/en/orders", "number=\0&digits=1234"),
    ] {
        let answer = post(desk.address, path, form);
        assert_eq!(answer.status, 400, "{path} {form}");
        let says = if path.starts_with("/en") { "What to do" } else { "怎么办" };
        assert!(answer.text().contains(says), "{path}: {}", answer.text());
    }
    assert_eq!(post(desk.address, "/orders", "number=%2500&digits=1234").status, 422, "it is read once");
}

#[test]
fn only_this_machine_s_names_are_answered() {
    let desk = desk();
    let answer = ask(desk.address, "GET", "/d/today", &[("host", "rebound.example")], &[]);
    assert_eq!(answer.status, 421);
    assert!(answer.text().contains("localhost"));
}

#[test]
fn changes_from_other_sites_are_not_carried_out() {
    let desk = desk();
    let host = desk.address.to_string();
    let form = ("content-type", "application/x-www-form-urlencoded");
    for other in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site"), ("x-nothing", "")] {
        let answer = ask(desk.address, "POST", "/display", &[("host", &host), form, other], b"theme=dark");
        assert_eq!(answer.status, 403, "{other:?}");
        assert!(answer.header("set-cookie").is_none());
    }
}

#[test]
fn every_answer_keeps_to_itself() {
    let desk = desk();
    for path in ["/d/today", "/nothing", "/static/icon.svg"] {
        let answer = get(desk.address, path);
        assert!(
            answer
                .header("content-security-policy")
                .is_some_and(|p| p.contains("frame-ancestors 'none'") && !p.contains("unsafe"))
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
    }
    assert_eq!(get(desk.address, "/d/today").header("cache-control"), Some("no-store"));
}

#[test]
fn before_the_first_night_the_desk_says_how_to_run_one() {
    let (folder, database, keys) = open();
    let answer = get(serve(database, keys, folder.path().join("documents")), "/d/today");
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("yilian cycle"));
}

#[test]
fn the_display_is_kept_in_a_cookie_and_leads_back() {
    let desk = desk();
    let answer =
        post(desk.address, "/display", "theme=dark&size=xl&contrast=more&keys=off&lang=en&back=%2Fd%2Fplan%3Fonly%3DO");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/en/d/plan?only=O")));
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let host = desk.address.to_string();
    let page = ask(desk.address, "GET", "/en/d/plan", &[("host", &host), ("cookie", &cookie)], &[]).text();
    assert!(page.contains("data-theme=\"dark\" data-size=\"xl\" data-contrast=\"more\" data-keys=\"off\""));
    let answer = post(desk.address, "/display", "back=%2F%2Fevil.example");
    assert_eq!(answer.header("location"), Some("/"));
}
