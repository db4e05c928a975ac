//! One line in the log for each request: number, method, route, status, milliseconds. No address, no id, no source.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::state::AppState;

/// Where no route answers.
const NOWHERE: &str = "none";

/// Counts and logs. The request's number goes into the answer, so that whoever reports a fault can name it.
pub async fn journal(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let number = app.next_request();
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or(NOWHERE, MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %number, method, route = %route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    app.watch().requests.count(method, &route, status, took);
    span.in_scope(|| tracing::info!(status, ms = took.as_millis(), "answered"));
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Methods that are not ours would make as many series as somebody likes.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
