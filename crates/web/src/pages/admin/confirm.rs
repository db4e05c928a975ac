//! Roles that wait for a second person.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::china_minute;
use serde::{Deserialize, Serialize};

use super::{Held, held};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::state::AppState;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub rows: Vec<Row>,
    pub fault: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub action: String,
    pub name: String,
    pub username: String,
    pub role: Held,
    pub summary: String,
    pub given_by: String,
    pub given_at: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    answer: String,
}

/// `GET /d/admin/confirm`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, None).await
}

async fn page(app: AppState, ask: Ask, fault: Option<String>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/confirm.html", move |ask, office| {
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let view = view(office, fault)?;
        Ok((status, ask.shell(Rail::Admin, office.voice.word("confirm-title")), view))
    })
    .await
}

fn view(office: &mut Office<'_>, fault: Option<String>) -> Result<View, Problem> {
    let waiting = office.read(|accounts, db, actor| accounts.waiting(db, actor))?;
    let n = i64::try_from(waiting.len()).unwrap_or(0);
    let mut rows = Vec::new();
    for one in waiting {
        let user = office.read(|accounts, db, _| accounts.user(db, one.user))?;
        let lang = office.lang();
        let role = office.accounts.authz().role(&one.grant.role);
        rows.push(Row {
            action: format!("/d/admin/confirm/{}", one.id),
            name: user.display_name,
            username: user.username,
            role: held(office, &one.grant, true),
            summary: role.map(|role| role.summary.get(lang).to_owned()).unwrap_or_default(),
            given_by: office.who(&one.given_by),
            given_at: china_minute(one.given_at),
        });
    }
    Ok(View { headline: office.voice.say("confirm-headline", &[("n", n.into())]), rows, fault })
}

/// `POST /d/admin/confirm/{grant}`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    Path(grant): Path<i64>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let done = app.open_office(&ask, move |office| {
        office.try_to(|accounts, db, actor| match given.answer.as_str() {
            "yes" => accounts.confirm(db, actor, grant),
            _ => accounts.refuse(db, actor, grant),
        })
    });
    match done.await? {
        Ok(()) => Ok(Redirect::to(&ask.href("/d/admin/confirm")).into_response()),
        Err(fault) => page(app, ask, Some(fault)).await,
    }
}
