//! Reads queries and bodies strictly: what is not known is refused with its place.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::edge::{FieldFault, Problem};

/// A zero in a text, as JSON writes it.
const ZERO: &[u8] = b"\\u0000";

/// The query.
pub struct Asked<T>(pub T);

/// The JSON body.
pub struct Given<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        // No text of ours holds a zero, and no database keeps one.
        if let Some((field, _)) = form_urlencoded::parse(query).find(|(_, value)| value.contains('\0')) {
            return Err(Problem::Misasked(vec![FieldFault { field: field.replace('\0', ""), cause: String::new() }]));
        }
        let pairs = form_urlencoded::parse(query);
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        read.map(Self).map_err(|fault| Problem::Misasked(faults(fault.path())))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::Unsupported);
        }
        let body = body(request, state).await?;
        if body.windows(ZERO.len()).any(|window| window == ZERO) {
            return Err(Problem::Unreadable);
        }
        let mut reader = serde_json::Deserializer::from_slice(&body);
        let read = serde_path_to_error::deserialize(&mut reader);
        match read {
            Ok(given) if reader.end().is_ok() => Ok(Self(given)),
            Ok(_) => Err(Problem::Unreadable),
            Err(fault) if fault.inner().is_data() => Err(Problem::Invalid(faults(fault.path()))),
            Err(_) => Err(Problem::Unreadable),
        }
    }
}

/// The body as it is.
///
/// # Errors
/// `TooLarge`, `Unreadable` when it broke off.
pub async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|fault: BytesRejection| match fault.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => Problem::Unreadable,
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The place only: a message could quote what was sent. The words are added where the answer is made.
fn faults(path: &serde_path_to_error::Path) -> Vec<FieldFault> {
    let field = path.to_string();
    vec![FieldFault { field: if field == "." { String::new() } else { field }, cause: String::new() }]
}
