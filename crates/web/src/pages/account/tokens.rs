//! One's tokens for programs: made here, shown once, ended here.

use std::collections::BTreeSet;

use accounts::tokens::{MadeToken, NewToken, TokenId};
use accounts::{AccountsError, Actor};
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::china_minute;
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub tokens: Vec<Line>,
    /// What a token can be made for: word, label, chosen.
    pub permissions: Vec<(String, String, bool)>,
    pub longest: u32,
    pub typed: Typed,
    pub fault: Option<String>,
    /// The text of a token just made.
    pub made: Option<String>,
}

/// One token.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub name: String,
    pub permissions: String,
    pub place: String,
    pub until: String,
    pub seen: String,
    pub over: bool,
    pub action: String,
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Typed {
    pub name: String,
    pub division: String,
    pub days: String,
}

/// `GET /account/tokens`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, Form::default(), Ok(None)).await
}

/// `POST /account/tokens`
pub async fn make(State(app): State<AppState>, ask: Ask, RawForm(sent): RawForm) -> Result<Response, Problem> {
    let form = Form::read(&sent);
    let (typed, lang) = (form.clone(), ask.lang);
    let done = app.open_night(&ask, move |opened| made(opened, &typed)).await?;
    match done {
        Ok(token) => page(app, ask, Form::default(), Ok(Some(token.text()))).await,
        Err(fault) => page(app, ask, form, Err(fault.say(lang))).await,
    }
}

/// `POST /account/tokens/{token}/end`
pub async fn end(State(app): State<AppState>, ask: Ask, Path(token): Path<i64>) -> Result<Response, Problem> {
    let done = app
        .open_night(&ask, move |opened| {
            let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
                return Err(Problem::NotFound);
            };
            let who = Actor::User(&signed.principal);
            opened.try_ask(|session| Ok(door.accounts.end_token(session, who, signed.user, TokenId(token))))
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to(&ask.href("/account/tokens")).into_response()),
        Err(AccountsError::NoToken) => Err(Problem::NotFound),
        Err(other) => Err(Problem::internal(other)),
    }
}

/// What was sent: one field may come several times.
#[derive(Clone, Debug, Default)]
struct Form {
    typed: Typed,
    permissions: BTreeSet<String>,
}

impl Form {
    fn read(sent: &[u8]) -> Self {
        let mut form = Self::default();
        for (field, value) in form_urlencoded::parse(sent) {
            match &*field {
                "name" => form.typed.name = value.into_owned(),
                "division" => form.typed.division = value.trim().to_owned(),
                "days" => form.typed.days = value.trim().to_owned(),
                "permission" => drop(form.permissions.insert(value.into_owned())),
                _ => {}
            }
        }
        form
    }
}

fn made(opened: &Opened<'_>, form: &Form) -> Result<Result<MadeToken, AccountsError>, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let division = match form.typed.division.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::Unreadable)?),
    };
    let new = NewToken {
        name: form.typed.name.clone(),
        permissions: form.permissions.clone(),
        division,
        days: form.typed.days.parse().unwrap_or(0),
    };
    let (who, owner) = (Actor::User(&signed.principal), &signed.principal);
    let done = opened.try_ask(|session| Ok(door.accounts.make_token(session, who, owner, &new)))?;
    match done {
        Err(fault @ (AccountsError::Store(_) | AccountsError::Audit(_))) => Err(Problem::internal(fault)),
        done => Ok(done),
    }
}

async fn page(app: AppState, ask: Ask, form: Form, done: Result<Option<String>, String>) -> Result<Response, Problem> {
    let status = if done.is_err() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app.night_page(ask, "account/tokens.html", move |ask, opened| {
        let view = view(opened, form, done)?;
        let voice = opened.desk.voice;
        let shell = ask.shell(Rail::Nowhere, voice.word("tokens-title")).via(voice.word("account-title"), "/account");
        Ok((shell, view))
    });
    Ok((status, page.await?).into_response())
}

fn view(opened: &Opened<'_>, form: Form, done: Result<Option<String>, String>) -> Result<View, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let (authz, desk, now) = (door.accounts.authz(), opened.desk, opened.app.clock().now());
    let label = |id: &str| authz.permission(id).map_or_else(|| id.to_owned(), |p| desk.voice.of(&p.label).to_owned());
    let lines = opened.ask(|session| door.accounts.tokens(session, signed.user))?;
    let tokens = lines.into_iter().map(|line| Line {
        permissions: desk.voice.join(&line.permissions.iter().map(|id| label(id)).collect::<Vec<_>>()),
        place: line.division.map(|code| desk.where_is(code)).unwrap_or_default(),
        until: china_minute(line.ends_at),
        seen: line.seen_at.map(china_minute).unwrap_or_default(),
        over: line.ends_at <= now,
        action: format!("/account/tokens/{}/end", line.id.0),
        name: line.name,
    });
    let open = door.accounts.token_permissions(&signed.principal).into_iter();
    Ok(View {
        tokens: tokens.collect(),
        permissions: open.map(|id| (id.to_owned(), label(id), form.permissions.contains(id))).collect(),
        longest: authz.rules.tokens.longest_days,
        typed: form.typed,
        fault: done.as_ref().err().cloned(),
        made: done.ok().flatten(),
    })
}
