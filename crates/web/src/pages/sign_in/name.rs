//! Name and password, or the way to an identity provider.

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
    /// Where an identity provider is agreed with: the way to it.
    provider: Option<String>,
    /// Someone has just gone out.
    out: bool,
    /// Where they leave the provider, too.
    out_there: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    back: String,
    #[serde(default)]
    out: String,
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

fn view(app: &AppState, back: String) -> View {
    let provider = app.provider().map(|_| address("/sign-in/government", &[("back", &back)]));
    View { back, name: String::new(), fault: None, provider, out: false, out_there: None }
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
    let mut view = view(&app, back(&params.back).to_owned());
    view.out = params.out == "yes";
    let there = app.provider().filter(|_| view.out).and_then(|agreed| agreed.known());
    view.out_there = there.and_then(|known| known.sign_out_address());
    page(&app, &ask, (StatusCode::OK, "sign_in/name.html"), "sign-in-title", &view)
}

/// The page again, with what was wrong.
///
/// # Errors
/// A template that asks for what the view does not have.
pub async fn offer(
    app: &AppState,
    ask: &Ask,
    status: StatusCode,
    to: String,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let view = View { fault, ..view(app, back(&to).to_owned()) };
    page(app, ask, (status, "sign_in/name.html"), "sign-in-title", &view)
}

const fn kind(fault: &AccountsError) -> &'static str {
    match fault {
        AccountsError::Refused => "refused",
        AccountsError::Wait(_) => "wait",
        AccountsError::Locked => "locked",
        _ => "fault",
    }
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
            // The kind alone: a name that nobody has may be somebody's password.
            tracing::warn!(cause = kind(&fault), "nobody was signed in");
            let status = match fault {
                AccountsError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let view = View { name, fault: Some(told(&app, &ask, fault)?), ..view(&app, back) };
            page(&app, &ask, (status, "sign_in/name.html"), "sign-in-title", &view)
        }
    }
}
