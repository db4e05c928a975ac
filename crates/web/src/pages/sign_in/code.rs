//! The code of the authenticator app, or one of the recovery codes.

use accounts::AccountsError;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{From, back, door, go, page, source, token, told};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    back: String,
    fault: Option<String>,
    /// The step took too long: begin again.
    over: bool,
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

/// `GET /sign-in/code`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    door(&app)?;
    let view = View { back: back(&params.back).to_owned(), fault: None, over: false };
    page(&app, &ask, (StatusCode::OK, "sign_in/code.html"), "sign-in-code-title", &view)
}

/// `POST /sign-in/code`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    from: From,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let (token, by) = (token(&door, &headers)?, source(&from));
    let accounts = door.accounts.clone();
    let code = given.code;
    let done = app.work(move |app| Ok(accounts.answer_code(&mut app.session()?, &token, &code, &by))).await?;
    match done {
        Ok(session) => Ok(go(&door, &session, &ask.href(back(&given.back)))),
        Err(fault) => {
            let view = View {
                back: back(&given.back).to_owned(),
                over: matches!(fault, AccountsError::NotSignedIn),
                fault: Some(told(&app, &ask, fault)?),
            };
            page(&app, &ask, (StatusCode::UNPROCESSABLE_ENTITY, "sign_in/code.html"), "sign-in-code-title", &view)
        }
    }
}
