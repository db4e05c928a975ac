//! A photo, a voice note or a signature of a visit, opened from its seal for whoever may see the visit.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `GET /d/visits/{visit}/files/{attachment}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path((visit, attachment)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let (mime, bytes) = app
        .open_night(&ask, move |opened| {
            let visit = opened.ask(|session| care::visits::visit(session, opened.keys(), visit))?;
            let visit = visit.ok_or(Problem::NotFound)?;
            opened.demand("visit.list", visit.person)?;
            let found =
                opened.ask(|session| care::attachments::open(session, opened.keys(), &visit.operation, &attachment))?;
            found.map(|(file, bytes)| (file.mime, bytes)).ok_or(Problem::NotFound)
        })
        .await?;
    let mime = HeaderValue::from_str(&mime).map_err(Problem::internal)?;
    // Whatever it is made to look like, it can do nothing.
    let alone =
        (HeaderName::from_static("content-security-policy"), HeaderValue::from_static("default-src 'none'; sandbox"));
    let shown = (CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    Ok(([(CONTENT_TYPE, mime), shown, alone], bytes).into_response())
}
