//! Input that means harm: nothing gets through, nothing breaks.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::api::problem;
use crate::door::house;

const BAD: [&str; 14] = [
    "' OR '1'='1",
    "1; DROP TABLE person;--",
    "\" UNION SELECT profile FROM account --",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "%00",
    "\u{202e}txt.exe",
    "😀😀",
    "${jndi:ldap://x}",
    "AAAA%n%n%n",
    "-9223372036854775808",
];

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn sql_html_and_paths_in_every_place_of_an_address_break_nothing() {
    let (_turn, house) = house();
    let token = house.officer();
    let mut asked = 0;
    for (method, route, ..) in web::rights().iter().filter(|(_, route, ..)| route.starts_with("/api/")) {
        if *route == "/api/v1/stream" || *method != "GET" {
            continue;
        }
        for bad in BAD {
            let hole = encoded(bad);
            let mut paths = vec![];
            if route.contains('{') {
                let filled: Vec<String> =
                    route.split('/').map(|s| if s.starts_with('{') { hole.clone() } else { s.to_owned() }).collect();
                paths.push(filled.join("/"));
            }
            for field in ["q", "kind", "division", "rule", "fact", "source", "month", "limit", "cursor", "side", "code"]
            {
                paths.push(format!("{}?{field}={hole}", house.path(route, house.assigned)));
            }
            paths.push(format!("{}?{hole}={hole}", house.path(route, house.assigned)));
            for path in paths {
                let answer = house.api("GET", &path, &token, &[], &[]);
                asked += 1;
                assert!(answer.status < 500, "{path}: {}", answer.status);
                let kind = answer.header("content-type").unwrap_or_default().to_owned();
                assert!(kind.starts_with("application/"), "{path}: {kind}");
                assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            }
        }
    }
    assert!(asked > 3000, "{asked}");
}

#[test]
fn hostile_bodies_are_refused_and_change_nothing() {
    let (_turn, house) = house();
    let token = house.officer();
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let wide = format!("{{\"purpose\":\"{}\"}}", "x".repeat(1_000_000));
    for (method, route, ..) in web::rights().iter().filter(|(m, route, ..)| *m == "POST" && route.starts_with("/api/"))
    {
        let path = house.path(route, house.assigned);
        let mut bodies: Vec<Vec<u8>> = vec![
            b"".to_vec(),
            b"null".to_vec(),
            b"[]".to_vec(),
            b"{".to_vec(),
            b"\xff\xfe{\"reason\":\"\xc3\x28\"}".to_vec(),
            b"{\"reason\":\"a\\u0000b\",\"verdict\":\"same\",\"purpose\":\"visit\"}".to_vec(),
            b"{\"reason\":1e999}".to_vec(),
            b"{\"__proto__\":{\"x\":1}}".to_vec(),
            deep.clone().into_bytes(),
            wide.clone().into_bytes(),
        ];
        for bad in BAD {
            let text = serde_json::Value::from(bad).to_string();
            bodies.push(
                format!("{{\"reason\":{text},\"verdict\":{text},\"purpose\":{text},\"value\":{text}}}").into_bytes(),
            );
        }
        for body in bodies {
            let answer = house.api(method.as_str(), &path, &token, &[("content-type", "application/json")], &body);
            assert!(answer.status < 500, "{path}: {} for {:?}", answer.status, &body[..body.len().min(60)]);
            assert!(answer.status >= 400, "{path} took {:?}", &body[..body.len().min(60)]);
            problem(&answer);
        }
    }
}

#[test]
fn ids_of_another_division_are_refused_everywhere() {
    let (_turn, house) = house();
    for role in ["county_officer", "township_coordinator", "visitor", "family"] {
        let token = house.bearer(role, &[], None).text();
        for (method, route, ..) in
            web::rights().iter().filter(|(_, route, ..)| route.starts_with("/api/v1/people/{person}"))
        {
            let path = house.path(route, house.stranger);
            let body = if method == "POST" { crate::api::body(route) } else { "" };
            let answer = house.api(method.as_str(), &path, &token, &[], body.as_bytes());
            assert_eq!((answer.status, problem(&answer).as_str()), (403, "not-allowed"), "{role} {path}");
        }
    }
}

#[test]
fn a_change_without_a_token_needs_our_own_pages() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let cookie = house.sign_in(officer);
    let host = house.address.to_string();
    for origin in ["http://evil.example", "null", ""] {
        let headers =
            [("host", host.as_str()), ("cookie", &cookie), ("origin", origin), ("content-type", "application/json")];
        let answer = crate::client::ask(house.address, "POST", "/api/v1/webhooks", &headers, b"{}");
        assert_eq!((answer.status, problem(&answer).as_str()), (403, "cross-site"), "{origin}");
    }
}

#[test]
fn slow_and_broken_requests_do_not_keep_others_waiting() {
    let (_turn, house) = house();
    let token = house.officer();
    let mut slow = Vec::new();
    for _ in 0..30 {
        let mut line = TcpStream::connect(house.address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let head = format!(
            "POST /api/v1/pack/what-if HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{{\"fi",
            house.address
        );
        line.write_all(head.as_bytes()).unwrap();
        slow.push(line);
    }
    for nonsense in ["GET / HTTP/9.9\r\n\r\n", "\0\0\0\0", "GET /api/v1/night HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"] {
        let mut line = TcpStream::connect(house.address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        line.write_all(nonsense.as_bytes()).unwrap();
        let mut answer = [0; 64];
        let read = line.read(&mut answer).unwrap_or(0);
        let text = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(!text.contains(" 200 ") && !text.contains(" 500 "), "{nonsense:?}: {text}");
    }
    let began = std::time::Instant::now();
    assert_eq!(house.api("GET", "/api/v1/night", &token, &[], &[]).status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(slow);
}
