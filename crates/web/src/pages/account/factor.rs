//! A new phone for the second factor, and new recovery codes; each asks for the password again.

use axum::Form;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::page;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, qr};
use crate::pages::sign_in::{page as at_the_door, token, told};
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    qr: qr::Drawn,
    secret: String,
}

#[derive(Deserialize)]
pub struct Password {
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub struct Code {
    #[serde(default)]
    code: String,
}

/// Codes to keep on paper.
#[derive(Serialize)]
struct Codes {
    back: String,
    codes: Vec<String>,
}

/// `POST /account/second-factor`: a secret for the new phone.
pub async fn replace(State(app): State<AppState>, ask: Ask, Form(given): Form<Password>) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let made =
        app.work(move |app| Ok(door.accounts.replace_second_factor(&mut app.session()?, signed.user, &given.password)));
    match made.await? {
        Ok(made) => {
            let view = View { qr: qr::drawn(&made.address)?, secret: made.secret };
            let shell = ask.shell(Rail::Nowhere, app.renderer().voice(ask.lang).word("account-factor"));
            app.page(&ask, "account/factor.html", &shell, &view)
        }
        Err(fault) => {
            let said = told(&app, &ask, fault)?;
            page(app, ask, Some(said)).await
        }
    }
}

/// `POST /account/second-factor/confirm`: the first code of the new phone.
pub async fn confirm(
    State(app): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    Form(given): Form<Code>,
) -> Result<Response, Problem> {
    let door = app.door().cloned().ok_or(Problem::NotFound)?;
    let (token, accounts) = (token(&door, &headers)?, door.accounts.clone());
    let done = app.work(move |app| Ok(accounts.confirm_second_factor(&mut app.session()?, &token, &given.code)));
    match done.await? {
        Ok(enrolled) => {
            let cookie = door.cookie(&enrolled.session.token);
            Ok(([(SET_COOKIE, cookie)], codes(&app, &ask, enrolled.recovery_codes)?).into_response())
        }
        Err(fault) => {
            let said = told(&app, &ask, fault)?;
            page(app, ask, Some(said)).await
        }
    }
}

/// `POST /account/recovery-codes`
pub async fn renew(State(app): State<AppState>, ask: Ask, Form(given): Form<Password>) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let made = app.work(move |app| {
        let mut session = app.session()?;
        let sure = door.accounts.confirm_password(&mut session, signed.user, &given.password);
        Ok(sure.and_then(|()| door.accounts.renew_recovery_codes(&mut session, signed.user)))
    });
    match made.await? {
        Ok(made) => codes(&app, &ask, made),
        Err(fault) => {
            let said = told(&app, &ask, fault)?;
            page(app, ask, Some(said)).await
        }
    }
}

fn codes(app: &AppState, ask: &Ask, codes: Vec<String>) -> Result<Response, Problem> {
    let view = Codes { back: ask.href("/account"), codes };
    at_the_door(app, ask, (StatusCode::OK, "sign_in/codes.html"), "sign-in-codes-title", &view)
}
