//! Keeps other sites from reaching the service through the reader's browser.
//!
//! Until people sign in, the listener binds the loopback address and the `Host` must name this machine (a rebound name
//! does not); behind a door it may also be one of the names the service goes by. A change must come from our own pages.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, HOST, HeaderValue, ORIGIN, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Problem, is_machine};
use crate::routes::only_asks;
use crate::state::AppState;

const SECURITY: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Adds the headers that keep a page to itself; a page is never stored unless it says otherwise.
pub async fn headers(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let held = response.headers_mut();
    if app.door().is_some_and(|door| door.secure) {
        held.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    for (name, value) in SECURITY {
        // A handler may set its own content policy: a PDF needs another one than our pages.
        held.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if !held.contains_key(CACHE_CONTROL) {
        held.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses requests that name another host, and changes that another site sends.
pub async fn same_site(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let ours = app.door().map_or(&[][..], |door| &door.hosts);
    if !names_only_us(&request, ours) {
        return Problem::WrongHost.into_response();
    }
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || only_asks(request.method(), request.uri().path());
    // A token is sent by a program on purpose, never by a browser on another site's word.
    let bearer =
        is_machine(request.uri().path()) && request.headers().contains_key(AUTHORIZATION) && app.door().is_some();
    if !safe && !bearer && !from_our_pages(request.headers()) {
        return Problem::CrossSite.into_response();
    }
    next.run(request).await
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Every name the request is addressed to is one of ours: that of `Host`, however often it comes, and that of an address
/// written whole, which counts before it (RFC 9112, 3.2.2).
fn names_only_us(request: &Request, ours: &[String]) -> bool {
    let hosts = request.headers().get_all(HOST).iter().map(|value| value.to_str().unwrap_or_default());
    let whole = request.uri().authority().map(|authority| authority.as_str());
    request.headers().contains_key(HOST) && hosts.chain(whole).all(|host| is_us(host, ours))
}

/// Whether a host, with or without a port, is this machine or one of the names the service goes by.
fn is_us(host: &str, ours: &[String]) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    matches!(name, "localhost" | "127.0.0.1" | "::1") || ours.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn from_our_pages(headers: &HeaderMap) -> bool {
    let fetch_site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    let same_origin = text(headers, &ORIGIN).map(|origin| {
        let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        host.is_some() && host == text(headers, &HOST)
    });
    match (fetch_site, same_origin) {
        (Some("same-origin"), origin) => origin.unwrap_or(true),
        (Some(_), _) | (None, None) => false,
        (None, Some(same)) => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    fn addressed(to: &str, hosts: &[&str]) -> bool {
        let mut request = axum::http::Request::get(to);
        for host in hosts {
            request = request.header("host", *host);
        }
        names_only_us(&request.body(axum::body::Body::empty()).unwrap(), &["yilian.example".to_owned()])
    }

    #[test]
    fn only_names_of_this_machine_and_the_services_own_are_answered() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "Yilian.example:443"] {
            assert!(addressed("/", &[host]), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.example:8080", "10.0.0.2", "localhost.example", "[::2]", "evil@localhost", ""]
        {
            assert!(!addressed("/", &[host]), "{host}");
        }
        assert!(!addressed("/", &[]));
    }

    /// Another host in the address or in a second `Host` was not looked at.
    #[test]
    fn no_name_beside_ours_is_answered() {
        assert!(!addressed("/", &["localhost", "evil.example"]));
        assert!(!addressed("http://evil.example/d/today", &["localhost"]));
        assert!(!addressed("http://evil@localhost/d/today", &["localhost"]));
        assert!(addressed("http://localhost:8080/d/today", &["localhost:8080"]));
    }

    #[test]
    fn changes_come_from_our_own_pages() {
        let here = ("host", "localhost:8080");
        assert!(from_our_pages(&headers(&[here, ("sec-fetch-site", "same-origin")])));
        assert!(from_our_pages(&headers(&[here, ("origin", "http://localhost:8080")])));
        assert!(!from_our_pages(&headers(&[here, ("sec-fetch-site", "cross-site")])));
        assert!(!from_our_pages(&headers(&[
            here,
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://evil.example")
        ])));
        assert!(!from_our_pages(&headers(&[here, ("origin", "http://evil.example")])));
        assert!(!from_our_pages(&headers(&[here, ("origin", "null")])));
        assert!(!from_our_pages(&headers(&[here])));
    }
}
