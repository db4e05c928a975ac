//! Style sheet, script and icon: one address a version, kept by the browser for good.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::edge::Problem;
use crate::frame::assets;

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// `/static/{file}`
pub async fn file(Path(file): Path<String>) -> Result<Response, Problem> {
    if file == "icon.svg" {
        return Ok(icon().await);
    }
    let asset = [assets::style(), assets::script()]
        .into_iter()
        .find(|asset| asset.address.strip_prefix("/static/") == Some(file.as_str()))
        .ok_or(Problem::NotFound)?;
    Ok(([(CONTENT_TYPE, asset.mime), (CACHE_CONTROL, FOR_GOOD)], asset.body.as_str()).into_response())
}

/// `/favicon.ico`
pub async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], assets::ICON).into_response()
}
