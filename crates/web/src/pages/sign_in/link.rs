//! A link that sets a password: an invitation or a reset. Good once and for a while.

use accounts::{AccountsError, Token};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{door, page, told};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    name: String,
    username: String,
    /// The fewest characters.
    least: usize,
    fault: Option<String>,
    /// The link is spent: nothing can be set.
    spent: bool,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /invite/{token}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(token): Path<String>) -> Result<Response, Problem> {
    offer(app, ask, token, None).await
}

async fn offer(app: AppState, ask: Ask, token: String, fault: Option<String>) -> Result<Response, Problem> {
    let door = door(&app)?;
    let accounts = door.accounts.clone();
    let owner = match Token::read(&token) {
        Some(token) => app.work(move |app| Ok(accounts.link_owner(&mut app.session()?, &token))).await?,
        None => Err(AccountsError::LinkSpent),
    };
    let (status, view) = match owner {
        Ok(owner) => {
            let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let least = door.accounts.authz().rules.shortest_password(owner.kind);
            (status, View { name: owner.display_name, username: owner.username, least, fault, spent: false })
        }
        Err(spent) => {
            let fault = Some(told(&app, &ask, spent)?);
            (StatusCode::GONE, View { name: String::new(), username: String::new(), least: 0, fault, spent: true })
        }
    };
    page(&app, &ask, (status, "sign_in/link.html"), "sign-in-link-title", &view)
}

/// `POST /invite/{token}`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    Path(token): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let voice_of = |key: &str| app.renderer().voice(ask.lang).word(key);
    if given.password != given.again {
        let fault = voice_of("sign-in-not-alike");
        return offer(app, ask, token, Some(fault)).await;
    }
    let accounts = door.accounts.clone();
    let Some(read) = Token::read(&token) else { return offer(app, ask, token, None).await };
    let done = app.work(move |app| Ok(accounts.follow_link(&mut app.session()?, &read, &given.password))).await?;
    match done {
        Ok(_) => Ok(Redirect::to(&ask.href("/sign-in")).into_response()),
        Err(fault) => {
            let fault = told(&app, &ask, fault)?;
            offer(app, ask, token, Some(fault)).await
        }
    }
}
