//! Sends text compressed to whoever takes it so: a village's line is slow.
//!
//! What a form's token could give away by its compressed length, it does not: it is masked anew in every answer
//! ([`super::token`]).

use std::io::Write as _;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Problem;

/// Below that it isn't worth it; above that it is a file rather than a page.
const WORTH: std::ops::RangeInclusive<u64> = 1_000..=8_000_000;
/// Beyond this a page is compressed beside the server's threads.
const QUICK: usize = 200_000;

/// For every answer.
pub async fn squeeze(request: Request, next: Next) -> Response {
    let takes = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) {
        return response;
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    let worth = response.body().size_hint().exact().is_some_and(|size| WORTH.contains(&size));
    if !takes || !worth || response.headers().contains_key(CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer broke off").into_response();
    };
    let small = match whole.len() {
        0..=QUICK => gzip(&whole, Compression::new(4)),
        _ => {
            let whole = whole.clone();
            tokio::task::spawn_blocking(move || gzip(&whole, Compression::new(4))).await.unwrap_or_default()
        }
    };
    if small.is_empty() || small.len() >= whole.len() {
        return Response::from_parts(parts, Body::from(whole));
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(small))
}

/// Whether the reader takes gzip; `gzip;q=0` says no.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let texts = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    const TEXTS: [&str; 9] = [
        "text/html",
        "text/css",
        "text/javascript",
        "text/plain",
        "text/csv",
        "application/json",
        "application/problem+json",
        "application/manifest+json",
        "image/svg+xml",
    ];
    TEXTS.contains(&kind)
}

/// Empty when it can't be done.
pub fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), level);
    if encoder.write_all(bytes).is_err() {
        return Vec::new();
    }
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        for (accept, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("deflate, br", false),
            ("", false),
        ] {
            let headers: HeaderMap = [(ACCEPT_ENCODING, HeaderValue::from_str(accept).unwrap())].into_iter().collect();
            assert_eq!(takes_gzip(&headers), takes, "{accept}");
        }
    }
}
