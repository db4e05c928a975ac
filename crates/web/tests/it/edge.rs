//! At the edge: floods, sizes, compression, figures for those who watch; and hostile input to every form.

use std::io::Read as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Extension;
use axum::extract::ConnectInfo;

use crate::client::{Answer, ask, get};
use crate::night::{self, desk, state};

fn plain(answer: &Answer) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_string(&mut text).unwrap();
    text
}

fn squeezed(to: SocketAddr, path: &str) -> Answer {
    ask(to, "GET", path, &[("host", &to.to_string()), ("accept-encoding", "gzip, br")], &[])
}

#[test]
fn a_first_visit_is_small() {
    let desk = desk();
    let home = squeezed(desk.address, "/d/today");
    let page = plain(&home);
    let assets: Vec<String> = page
        .split('"')
        .filter(|part| part.starts_with("/static/"))
        .map(str::to_owned)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    assert!(assets.len() >= 3, "{assets:?}");
    let shared: usize = assets.iter().map(|path| squeezed(desk.address, path).body.len()).sum();
    for path in [
        "/d/today",
        "/en/d/today",
        "/d/people?q=a",
        "/d/people/P00000012",
        "/d/work/unserved",
        "/d/work/visit",
        "/d/work/ask",
        "/d/lists",
        "/d/quality",
        "/d/plan",
        "/d/indicators",
        "/d/indicators/I-KZ1",
        "/d/linkage",
        "/d/policy/rules",
        "/d/policy/parameters",
        "/d/policy/what-if",
    ] {
        let answer = squeezed(desk.address, path);
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{path}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("accept-encoding")), "{path}");
        let bytes = answer.body.len() + shared;
        assert!(bytes <= 150_000, "{path}: {bytes} bytes on a first visit");
        let same = get(desk.address, path);
        assert_eq!(same.header("content-encoding"), None, "whoever does not ask gets it plain");
    }
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let desk = desk();
    let page = get(desk.address, "/d/today").text();
    let style = page.split('"').find(|part| part.starts_with("/static/") && part.ends_with(".css")).unwrap();
    let first = get(desk.address, style);
    let tag = first.header("etag").unwrap().to_owned();
    let host = desk.address.to_string();
    let again = ask(desk.address, "GET", style, &[("host", &host), ("if-none-match", &tag)], &[]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = ask(desk.address, "GET", style, &[("host", &host), ("if-none-match", "\"other\"")], &[]);
    assert_eq!(other.status, 200);
    assert_eq!(plain(&squeezed(desk.address, style)), first.text());
}

#[test]
fn those_who_watch_see_routes_and_nobody() {
    let desk = desk();
    let watched = state(desk.database.clone(), desk.keys.clone(), PathBuf::from("no documents"));
    let main = night::listen(web::router(watched.clone()));
    let figures = night::listen(web::metrics_router(watched.clone()));
    get(main, "/d/people/P00000012");
    get(main, "/en/d/people/P00000013");
    get(main, "/d/people?q=%E7%8E%8B");
    get(main, "/nothing/P00000012");
    ask(main, "BREW", "/d/today", &[("host", &main.to_string())], &[]);
    let text = get(figures, "/metrics").text();
    for line in [
        r#"yilian_requests_total{method="GET",route="/d/people/{person}",status="200"} 1"#,
        r#"yilian_requests_total{method="GET",route="/en/d/people/{person}",status="200"} 1"#,
        r#"route="none",status="404"} 1"#,
        r#"method="other""#,
        "yilian_database_connections{state=\"open\"}",
        "yilian_night_published 1",
        "yilian_night_age_seconds",
        "yilian_work_items{kind=\"visit\",state=\"open\"}",
        "yilian_database_up 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for secret in ["P0000", "127.0.0.1", "王", "%E7"] {
        assert!(!text.contains(secret), "{secret}\n{text}");
    }

    assert_eq!(get(main, "/health/live").status, 200);
    let ready = get(main, "/health/ready");
    assert_eq!(ready.status, 200);
    assert!(ready.text().contains("\"night\":\"2026-11-20\""), "{}", ready.text());
    assert!(get(main, "/d/today").header("x-request-id").is_some());
    watched.watch().stop();
    assert_eq!(get(main, "/health/ready").status, 503, "a service that stops takes no more");
    assert_eq!(get(main, "/d/today").status, 200, "but ends what comes");

    let (folder, database, keys) = night::open();
    let empty = night::listen(web::router(state(database, keys, folder.path().join("documents"))));
    assert_eq!(get(empty, "/health/ready").status, 503, "before the first night");
    // A balancer asks by address, whatever it is called.
    assert_eq!(ask(main, "GET", "/health/live", &[("host", "10.0.0.7:8020")], &[]).status, 200);
}

#[test]
fn one_source_that_floods_is_told_to_wait_and_others_are_not() {
    let desk = desk();
    let rates =
        web::Rates { pages: web::Rate { a_second: 0.01, burst: 5.0 }, open: web::Rate { a_second: 0.01, burst: 2.0 } };
    let limited = state(desk.database.clone(), desk.keys.clone(), PathBuf::from("no documents")).limited(rates);
    let from =
        |address: &str| Extension(ConnectInfo::<SocketAddr>((address.parse::<std::net::IpAddr>().unwrap(), 0).into()));
    let one = night::listen(web::router(limited.clone()).layer(from("192.0.2.1")));
    let other = night::listen(web::router(limited.clone()).layer(from("192.0.2.2")));
    let answers: Vec<u16> = (0..8).map(|_| get(one, "/static/icon.svg").status).collect();
    assert!(answers[..5].iter().all(|status| *status == 200) && answers[7] == 429, "{answers:?}");
    let refused = get(one, "/d/today");
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    assert!(refused.text().contains("要得太快"), "{}", refused.text());
    assert_eq!(get(other, "/static/icon.svg").status, 200);
    // What anybody may send is counted more strictly.
    let host = other.to_string();
    let origin = format!("http://{host}");
    let headers =
        [("host", host.as_str()), ("origin", origin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let sent: Vec<u16> = (0..3).map(|_| ask(other, "POST", "/display", &headers, b"theme=dark").status).collect();
    assert_eq!(sent, [303, 303, 429]);
    assert_eq!(get(other, "/static/icon.svg").status, 200, "reading goes on");
}

/// What should never come back as it was sent, nor upset anything.
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR '1'='1",
    "'; DROP TABLE account; --",
    "{{ 7*7 }}{% include 'base.html' %}",
    "%0d%0aset-cookie: a=b",
    "\u{0}\u{1f}\u{7f}",
    "../../../etc/passwd",
    "𠮷\u{202e}gpj.exe",
];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn hostile_text_in_every_field_of_the_open_pages_stays_text() {
    let (_turn, house) = crate::door::house();
    let forms: [(&str, &[&str]); 5] = [
        ("/sign-in", &["name", "password", "back"]),
        ("/sign-in/code", &["code", "back"]),
        ("/register", &["code", "relation", "name", "phone", "username", "password", "again"]),
        ("/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &["password", "again"]),
        ("/display", &["theme", "size", "contrast", "keys", "lang", "back"]),
    ];
    for (path, fields) in forms {
        for text in HOSTILE {
            let form: Vec<String> = fields.iter().map(|field| format!("{field}={}", encoded(text))).collect();
            let answer = house.send("POST", path, "", &form.join("&"));
            assert!(answer.status < 500, "{path} {text:?}: {}", answer.status);
            let page = answer.text();
            assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path} {text:?}");
            assert!(!page.contains(">49<"), "{path} {text:?}");
            assert!(answer.header("set-cookie").is_none_or(|cookie| !cookie.contains("a=b")), "{path} {text:?}");
            let to = answer.header("location").unwrap_or("/");
            assert!(to.starts_with('/') && !to.starts_with("//"), "{path} {text:?} leads to {to}");
        }
    }
    // Broken UTF-8, and a body that is no form.
    for body in ["name=%FF%FE&password=%80", "name", "&&&===", "%%%"] {
        assert!(house.send("POST", "/sign-in", "", body).status < 500, "{body}");
    }
}

#[test]
fn hostile_text_in_every_field_of_the_office_stays_text() {
    let (_turn, house) = crate::door::house();
    let cookie = house.sign_in(house.account("administrator"));
    let forms: [(&str, &[&str]); 7] = [
        ("/d/admin/users", &["name", "username", "phone", "role", "division", "place"]),
        ("/d/admin/users/U00000001/roles", &["role", "division", "place"]),
        ("/d/admin/users/U00000001/roles/revoke", &["role", "division", "place"]),
        ("/d/admin/users/U00000001/reset", &["second_factor"]),
        ("/account/password", &["old", "password", "again"]),
        ("/account/second-factor", &["password"]),
        ("/account/bonds", &["code", "relation"]),
    ];
    for (path, fields) in forms {
        if path.ends_with("reset") {
            continue;
        }
        for text in HOSTILE {
            let form: Vec<String> = fields.iter().map(|field| format!("{field}={}", encoded(text))).collect();
            let answer = house.send("POST", path, &cookie, &form.join("&"));
            assert!((400..500).contains(&answer.status), "{path} {text:?}: {}", answer.status);
            let page = answer.text();
            assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path} {text:?}");
        }
    }
    for path in ["/d/admin/users?q=", "/d/admin/users?state=", "/why?at=", "/d/admin/users/", "/d/audit/looks?user="] {
        for text in HOSTILE {
            let answer = house.send("GET", &format!("{path}{}", encoded(text)), &cookie, "");
            assert!(answer.status < 500, "{path} {text:?}: {}", answer.status);
            assert!(
                !answer.text().contains("<script>alert") && !answer.text().contains("<img src=x"),
                "{path} {text:?}"
            );
        }
    }
    for path in [
        "/d/admin/users/..%2F..%2Fetc",
        "/static/..%2Fsecret",
        "/static/%2e%2e/x",
        "/d/admin/users/U00000001%00",
        "//evil.example/",
        "/en//evil.example",
    ] {
        let answer = house.send("GET", path, &cookie, "");
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_and_said_so() {
    let (_turn, house) = crate::door::house();
    let big = format!("name={}", "x".repeat(2_100_000));
    let answer = house.send("POST", "/sign-in", "", &big);
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("怎么办"), "{}", answer.text());
    let cookie = house.sign_in(house.account("administrator"));
    assert_eq!(house.send("POST", "/d/admin/users", &cookie, &big).status, 413);
}

#[test]
fn forged_cookies_and_tokens_let_nobody_in() {
    let (_turn, house) = crate::door::house();
    let cookie = house.sign_in(house.account("county_officer"));
    let (name, value) = cookie.split_once('=').unwrap();
    let mut turned = value.to_owned();
    let last = if turned.ends_with('A') { "B" } else { "A" };
    turned.replace_range(turned.len() - 1.., last);
    let long = "A".repeat(4000);
    for forged in [turned.as_str(), "", "null", "AAAA", long.as_str(), "%00", "a b", "é"] {
        let answer = house.send("GET", "/d/today", &format!("{name}={forged}"), "");
        assert_eq!(answer.status, 303, "{forged}");
    }
    // Two cookies of the name: the first counts, and a forged first one opens nothing.
    assert_eq!(house.send("GET", "/d/today", &format!("{name}=AAAA; {cookie}"), "").status, 303);
    // The cookie that a service by HTTPS would set opens nothing here.
    assert_eq!(house.send("GET", "/d/today", &format!("__Host-yilian={value}"), "").status, 303);
    for token in ["", "x", "A", "../AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!([404, 410].contains(&house.send("GET", &format!("/invite/{token}"), "", "").status), "{token}");
    }
    // A provider's answer that was not begun here.
    for query in ["", "?code=x&state=y", "?error=access_denied&state=z"] {
        assert_eq!(house.send("GET", &format!("/sign-in/back{query}"), "yilian-provider=AAAA", "").status, 404);
    }
}
