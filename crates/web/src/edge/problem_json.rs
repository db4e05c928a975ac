//! Problems as other systems read them (RFC 9457): a stable code, the same words as on a page.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::Ask;
use super::problem::View;
use crate::state::AppState;

/// What went wrong and what to do next.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemShape {
    /// Where the code is explained.
    #[serde(rename = "type")]
    kind: String,
    /// In one line, in the language asked for.
    title: String,
    status: u16,
    /// The cause.
    detail: String,
    /// Stable: programs compare this.
    code: &'static str,
    /// What to do next.
    next: String,
    /// Every field that has to be changed, with its cause.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
    /// Why it is not allowed, and who may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// The log holds the cause under this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
}

/// One field that has to be changed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FieldFault")]
struct Fault {
    /// Path of the field; empty: the whole.
    field: String,
    cause: String,
}

/// A status with the codes that come with it, for the document.
#[must_use]
pub fn refusals() -> &'static [(&'static str, u16)] {
    &[
        ("unreadable", 400),
        ("cursor", 400),
        ("not-signed-in", 401),
        ("cross-site", 403),
        ("not-allowed", 403),
        ("not-found", 404),
        ("method", 405),
        ("conflict", 409),
        ("key-busy", 409),
        ("changed", 412),
        ("too-large", 413),
        ("unsupported", 415),
        ("wrong-host", 421),
        ("invalid", 422),
        ("key-reused", 422),
        ("too-many", 429),
        ("internal", 500),
        ("nothing-published", 503),
        ("busy", 503),
    ]
}

/// The problem as JSON.
pub(super) fn json(app: &AppState, ask: &Ask, view: &View) -> Response {
    let voice = app.renderer().voice(ask.lang);
    let said = |part: &str| voice.word(&format!("problem-{}-{part}", view.code));
    let shape = ProblemShape {
        kind: format!("/api#{}", view.code),
        title: said("title"),
        status: view.status,
        detail: said("cause"),
        code: view.code,
        next: said("next"),
        faults: view.faults.iter().map(|f| Fault { field: f.field.clone(), cause: f.cause.clone() }).collect(),
        reasons: view.reasons.clone(),
        number: view.number,
    };
    let status = StatusCode::from_u16(view.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(shape)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"yilian\""));
    }
    response
}
