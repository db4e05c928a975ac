//! `GET /f/sync/who`: whose session it is, so that the app opens the right store.

use axum::response::Response;
use serde_json::json;

use super::wire;
use crate::edge::{Ask, Problem};

pub async fn who(ask: Ask) -> Result<Response, Problem> {
    let signed = ask.viewer.signed().ok_or(Problem::NotFound)?;
    Ok(wire::answer(&json!({ "id": signed.user.to_string(), "name": signed.display_name })))
}
