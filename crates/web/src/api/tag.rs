//! ETags: an answer names its state, so that it is not sent twice and a change meets the state it was made for.

use axum::Json;
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::edge::Problem;

/// The answer with its ETag; 304 to whoever has it already.
///
/// # Errors
/// A value that has no JSON.
pub fn tagged<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<Response, Problem> {
    let tag = tag(value)?;
    let written = HeaderValue::from_str(&tag).map_err(Problem::internal)?;
    if named(headers, &IF_NONE_MATCH, &tag) == Some(true) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, written)]).into_response());
    }
    Ok(([(ETAG, written)], Json(value)).into_response())
}

/// Goes on when `If-Match` is absent or names this state.
///
/// # Errors
/// `Changed`: somebody else was first.
pub fn unchanged<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<(), Problem> {
    match named(headers, &IF_MATCH, &tag(value)?) {
        Some(false) => Err(Problem::Changed),
        _ => Ok(()),
    }
}

fn tag<T: Serialize>(value: &T) -> Result<String, Problem> {
    let json = serde_json::to_vec(value).map_err(Problem::internal)?;
    Ok(format!("\"{}\"", hex::encode(&Sha256::digest(&json)[..12])))
}

/// Whether the header names the tag; none: it is absent.
fn named(headers: &HeaderMap, name: &HeaderName, tag: &str) -> Option<bool> {
    let mut all = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).peekable();
    all.peek()?;
    let one = |text: &str| text == "*" || text.strip_prefix("W/").unwrap_or(text) == tag;
    Some(all.flat_map(|text| text.split(',')).any(|text| one(text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        [(name, HeaderValue::from_static(value))].into_iter().collect()
    }

    #[test]
    fn a_state_that_is_known_is_not_sent_again_and_one_that_is_gone_is_not_changed() {
        let tag = tag(&[1, 2]).unwrap();
        let known = HeaderValue::from_str(&format!("\"x\", W/{tag}")).unwrap();
        let known: HeaderMap = [(IF_NONE_MATCH, known)].into_iter().collect();
        assert_eq!(tagged(&known, &[1, 2]).unwrap().status(), 304);
        assert_eq!(tagged(&known, &[1, 3]).unwrap().status(), 200);
        assert!(unchanged(&HeaderMap::new(), &[1]).is_ok());
        assert!(unchanged(&headers(IF_MATCH, "*"), &[1]).is_ok());
        assert!(unchanged(&headers(IF_MATCH, "\"other\""), &[1]).is_err());
    }
}
