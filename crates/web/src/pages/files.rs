//! Style sheet, script and icon: one address a version, kept by the browser for good.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::edge::{Problem, takes_gzip};
use crate::frame::assets;

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// `/static/{file}`
pub async fn file(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if file == "icon.svg" {
        return Ok(icon().await);
    }
    let asset = [assets::style(), assets::script(), assets::portal_style(), assets::portal_script()]
        .into_iter()
        .find(|asset| asset.address.strip_prefix("/static/") == Some(file.as_str()))
        .ok_or(Problem::NotFound)?;
    let head = [(ETAG, asset.tag.as_str()), (CACHE_CONTROL, FOR_GOOD)];
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == asset.tag)) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let kind = [(CONTENT_TYPE, asset.mime)];
    if takes_gzip(&headers) && !asset.small.is_empty() {
        return Ok((head, kind, [(CONTENT_ENCODING, "gzip")], Body::from(asset.small.as_slice())).into_response());
    }
    Ok((head, kind, asset.body.as_str()).into_response())
}

/// `/favicon.ico`
pub async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], assets::ICON).into_response()
}
