//! Name and password.

use accounts::AccountsError;
use accounts::signing::{Attempt, SignedIn, Stage};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{From, back, device, door, go, page, source, told};
use crate::edge::{Ask, Problem, signed};
use crate::parts::address;
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    back: String,
    name: String,
    fault: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
}

/// `GET /sign-in`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    door(&app)?;
    if signed(&app, &headers).await?.is_some_and(|signed| signed.stage == Stage::Whole) {
        return Ok(Redirect::to(&ask.href(back(&params.back))).into_response());
    }
    let view = View { back: back(&params.back).to_owned(), name: String::new(), fault: None };
    page(&app, &ask, (StatusCode::OK, "sign_in/name.html"), "sign-in-title", &view)
}

/// `POST /sign-in`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    from: From,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let (by, on) = (source(&from), device(&headers));
    let back = back(&given.back).to_owned();
    let name = given.name.trim().to_owned();
    let typed = name.clone();
    let accounts = door.accounts.clone();
    let done = app
        .work(move |app| {
            let attempt = Attempt { name: &typed, password: &given.password, source: &by, device: &on };
            Ok(accounts.sign_in(&mut app.session()?, &attempt))
        })
        .await?;
    let after = |step: &str| ask.href(&address(step, &[("back", &back)]));
    match done {
        Ok(SignedIn::Whole(session)) => Ok(go(&door, &session, &ask.href(&back))),
        Ok(SignedIn::SecondFactor(session)) => Ok(go(&door, &session, &after("/sign-in/code"))),
        Ok(SignedIn::Enrol(session)) => Ok(go(&door, &session, &after("/sign-in/set-up"))),
        Err(fault) => {
            let status = match fault {
                AccountsError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let view = View { back, name, fault: Some(told(&app, &ask, &fault)?) };
            page(&app, &ask, (status, "sign_in/name.html"), "sign-in-title", &view)
        }
    }
}
