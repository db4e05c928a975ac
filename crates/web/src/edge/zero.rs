//! No text of ours holds a zero byte, and no database keeps one: a page that is asked with one can't be read.
//!
//! The interface for other systems says which field holds it and looks for itself.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::token::{self, FORM, Kind};
use super::{Problem, is_machine};

/// As an address or a form writes it.
const WRITTEN: &[u8] = b"%00";

/// For every page: its address and, if it is one without files, its form.
pub async fn no_zero(request: Request, next: Next) -> Response {
    if is_machine(request.uri().path()) {
        return next.run(request).await;
    }
    match looked_through(request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn looked_through(request: Request) -> Result<Request, Problem> {
    if holds_zero(request.uri().query().unwrap_or_default().as_bytes()) {
        return Err(Problem::Unreadable);
    }
    if holds_zero(request.uri().path().as_bytes()) {
        return Err(Problem::NotFound);
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || !matches!(token::kind(request.headers()), Kind::Plain) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM).await.map_err(|_| Problem::TooLarge)?;
    if holds_zero(&bytes) {
        return Err(Problem::Unreadable);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn holds_zero(written: &[u8]) -> bool {
    written.contains(&0) || written.windows(WRITTEN.len()).any(|window| window == WRITTEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_is_seen_however_it_is_written() {
        for (written, holds) in [
            (&b"a=1&b=%30"[..], false),
            (b"a=%2500", false),
            (b"a=%000", true),
            (b"a=x%00", true),
            (b"a=\0", true),
            (b"%0", false),
            (b"", false),
        ] {
            assert_eq!(holds_zero(written), holds, "{written:?}");
        }
    }
}
