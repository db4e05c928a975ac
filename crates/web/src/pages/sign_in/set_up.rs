//! Setting up the second factor at the first sign-in: a QR code, a first code back, recovery codes to keep on paper.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::{back, door, page, token, told};
use crate::edge::{Ask, Problem};
use crate::frame::qr;
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    back: String,
    qr: qr::Drawn,
    secret: String,
    fault: Option<String>,
}

#[derive(Serialize)]
struct Done {
    back: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

#[derive(Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    back: String,
}

/// `GET /sign-in/set-up`: a new secret each time.
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    offer(app, ask, headers, back(&params.back).to_owned(), None).await
}

async fn offer(
    app: AppState,
    ask: Ask,
    headers: HeaderMap,
    back: String,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let token = token(&door, &headers)?;
    let accounts = door.accounts.clone();
    let made = app
        .work(move |app| accounts.set_up_second_factor(&mut app.session()?, &token).map_err(|_| Problem::NotSignedIn))
        .await?;
    let qr = qr::drawn(&made.address)?;
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = View { back, qr, secret: made.secret, fault };
    page(&app, &ask, (status, "sign_in/set_up.html"), "sign-in-set-up-title", &view)
}

/// `POST /sign-in/set-up`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let token = token(&door, &headers)?;
    let accounts = door.accounts.clone();
    let code = given.code;
    let back = back(&given.back).to_owned();
    let done = app.work(move |app| Ok(accounts.confirm_second_factor(&mut app.session()?, &token, &code))).await?;
    match done {
        Ok(enrolled) => {
            let view = Done { back: ask.href(&back), codes: enrolled.recovery_codes };
            let shown = page(&app, &ask, (StatusCode::OK, "sign_in/codes.html"), "sign-in-codes-title", &view)?;
            Ok(([(SET_COOKIE, door.cookie(&enrolled.session.token))], shown).into_response())
        }
        Err(fault) => {
            let fault = told(&app, &ask, fault)?;
            offer(app, ask, headers, back, Some(fault)).await
        }
    }
}
