//! `GET /f/lost/{device}`: whether a phone was reported lost, asked before anyone signs in. The number of a device is
//! random and known to itself alone; the answer tells nothing else.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::wire::Refused;
use crate::edge::Problem;
use crate::state::AppState;

pub async fn lost(State(app): State<AppState>, Path(device): Path<String>) -> Result<Response, Problem> {
    let Ok(device) = device.parse() else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let lost =
        app.work(move |app| care::devices::is_lost(&mut app.session()?, &device).map_err(Problem::internal)).await?;
    Ok(if lost {
        Refused(StatusCode::GONE, "device_lost").into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}
