//! The account of one file.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::{List, number};
use crate::api::doc::Doc;
use crate::api::tagged;
use crate::edge::{Ask, Problem};
use crate::pages::lists::show::{report, source_label};
use crate::state::AppState;

/// `GET /api/v1/lists/{list}`
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(list): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let list = number(&list)?;
    app.open_night(&ask, move |opened| {
        let report = report(opened, "list.see", list)?;
        tagged(&headers, &List::of(&opened.desk, source_label(opened, &report), &report))
    })
    .await
}

pub fn doc() -> Doc {
    Doc::of::<List>("lists-show").tagged()
}
