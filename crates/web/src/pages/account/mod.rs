//! One's own account: where one is signed in, the password, what one may do and why.

use accounts::AccountsError;
use accounts::signing::SessionId;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use kernel::Lang;
use serde::{Deserialize, Serialize};

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub username: String,
    pub roles: Vec<Role>,
    pub sessions: Vec<Session>,
    pub least: usize,
    pub fault: Option<String>,
}

/// A role held, with what it may do.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    pub label: String,
    pub summary: String,
    /// Where it holds.
    pub place: String,
    /// What it may do, and what for.
    pub may: Vec<(String, String)>,
}

/// Somewhere one is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    pub device: String,
    pub began: String,
    pub seen: String,
    pub current: bool,
    /// Where the form that ends it goes.
    pub action: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /account`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, None).await
}

async fn page(app: AppState, ask: Ask, fault: Option<String>) -> Result<Response, Problem> {
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app
        .night_page(ask, "account/show.html", move |ask, opened| {
            let view = view(opened, ask.lang, fault)?;
            Ok((ask.shell(Rail::Nowhere, opened.desk.voice.word("account-title")), view))
        })
        .await?;
    Ok((status, page).into_response())
}

fn view(opened: &Opened<'_>, lang: Lang, fault: Option<String>) -> Result<View, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
        return Err(Problem::NotFound);
    };
    let authz = door.accounts.authz();
    let desk = opened.desk;
    let lines = opened.ask(|session| door.accounts.sessions(session, signed.user))?;
    let sessions = lines.into_iter().map(|line| Session {
        device: line.device,
        began: local(line.began_at),
        seen: local(line.seen_at),
        current: line.id == signed.session,
        action: format!("/account/sessions/{}/end", line.id.0),
    });
    let roles = signed.principal.grants.iter().filter_map(|grant| {
        let role = authz.role(&grant.role)?;
        let may = role.may.keys().filter_map(|id| authz.permission(id));
        Some(Role {
            label: role.label.get(lang).to_owned(),
            summary: role.summary.get(lang).to_owned(),
            place: grant.division.map(|code| desk.where_is(code)).unwrap_or_default(),
            may: may.map(|p| (p.label.get(lang).to_owned(), p.why.get(lang).to_owned())).collect(),
        })
    });
    Ok(View {
        name: signed.display_name.clone(),
        username: signed.username.clone(),
        roles: roles.collect(),
        sessions: sessions.collect(),
        least: authz.rules.shortest_password(signed.kind),
        fault,
    })
}

/// China keeps one time, eight hours ahead of UTC.
pub fn local(at: DateTime<Utc>) -> String {
    (at + chrono::Duration::hours(8)).format("%Y-%m-%d %H:%M").to_string()
}

/// `POST /account/password`
pub async fn password(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let voice = app.renderer().voice(ask.lang);
    if given.password != given.again {
        let fault = voice.word("sign-in-not-alike");
        return page(app, ask, Some(fault)).await;
    }
    let done = app
        .work(move |app| Ok(door.accounts.change_password(&mut app.session()?, &signed, &given.old, &given.password)))
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to(&ask.href("/account")).into_response()),
        Err(fault @ (AccountsError::Refused | AccountsError::Wait(_) | AccountsError::Password(_))) => {
            let said = crate::pages::sign_in::told(&app, &ask, &fault)?;
            page(app, ask, Some(said)).await
        }
        Err(other) => Err(Problem::internal(other)),
    }
}

/// `POST /account/sessions/{session}/end`
pub async fn end(State(app): State<AppState>, ask: Ask, Path(session): Path<i64>) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let done = app
        .work(move |app| Ok(door.accounts.end_session(&mut app.session()?, signed.user, SessionId(session))))
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to(&ask.href("/account")).into_response()),
        Err(AccountsError::NotSignedIn) => Err(Problem::NotFound),
        Err(other) => Err(Problem::internal(other)),
    }
}
