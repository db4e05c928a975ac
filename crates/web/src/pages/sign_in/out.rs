//! Going out.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};

use super::door;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `POST /sign-out`: the session ends on our side and the cookie goes.
pub async fn send(State(app): State<AppState>, ask: Ask, headers: HeaderMap) -> Result<Response, Problem> {
    let door = door(&app)?;
    if let Some(token) = door.token(&headers) {
        let accounts = door.accounts.clone();
        app.work(move |app| accounts.sign_out(&mut app.session()?, &token).map_err(Problem::internal)).await?;
    }
    Ok(([(SET_COOKIE, door.no_cookie())], Redirect::to(&ask.href("/sign-in?out=yes"))).into_response())
}
