//! One account: what it holds, where it is signed in, and what can be done with it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{UserId, china_minute};
use serde::Serialize;

use super::index::{mood, roles};
use super::{Choice, DivisionChoice, Held, choices, division_choices};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::parts::Mood;
use crate::state::AppState;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub href: String,
    pub name: String,
    pub username: String,
    pub id: String,
    pub kind: String,
    pub place: String,
    pub phone: String,
    pub state: Mood,
    /// The word of the state.
    pub stand: &'static str,
    pub second_factor: bool,
    pub made: String,
    pub roles: Vec<Held>,
    pub sessions: Vec<Seen>,
    pub may: May,
    pub choices: Vec<Choice>,
    pub divisions: Vec<DivisionChoice>,
    pub fault: Option<String>,
}

/// What the viewer may do with it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct May {
    pub lock: bool,
    pub grant: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    pub device: String,
    pub began: String,
    pub seen: String,
}

/// `GET /d/admin/users/{user}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(user): Path<String>) -> Result<Response, Problem> {
    page(app, ask, read_user(&user)?, None).await
}

/// # Errors
/// `NotFound`.
pub fn read_user(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// The account's page, with a fault to be mended.
///
/// # Errors
/// Those of the room and the template.
pub async fn page(app: AppState, ask: Ask, user: UserId, fault: Option<String>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/user.html", move |ask, office| {
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let view = view(office, user, fault)?;
        let shell = ask.shell(Rail::Admin, view.name.clone());
        Ok((status, shell.via(office.voice.word("users-title"), "/d/admin/users"), view))
    })
    .await
}

fn view(office: &mut Office<'_>, id: UserId, fault: Option<String>) -> Result<View, Problem> {
    let user = office.read(|accounts, db, actor| accounts.user_seen(db, actor, id))?;
    let lines = office.read(|accounts, db, _| accounts.sessions(db, id))?;
    let sessions = lines.into_iter().map(|line| Seen {
        device: line.device,
        began: china_minute(line.began_at),
        seen: china_minute(line.seen_at),
    });
    let holds = |permission: &str| {
        let target = accounts::authz::Target::division(user.division);
        office.accounts.authz().decide(&office.signed.principal, permission, &target).allowed
    };
    Ok(View {
        href: format!("/d/admin/users/{id}"),
        name: user.display_name.clone(),
        username: user.username.clone(),
        id: id.to_string(),
        kind: office.voice.word(&format!("user-kind-{}", user.kind.name())),
        place: office.place(user.division),
        phone: user.phone.as_deref().map(crate::frame::mask::phone).unwrap_or_default(),
        state: mood(office, &user),
        stand: user.state.name(),
        second_factor: user.second_factor,
        made: china_minute(user.made_at),
        roles: roles(office, &user),
        sessions: sessions.collect(),
        may: May { lock: holds("user.lock"), grant: holds("user.grant") },
        choices: choices(office).into_iter().filter(|c| fits(office, &c.id, &user)).collect(),
        divisions: division_choices(office),
        fault,
    })
}

fn fits(office: &Office<'_>, role: &str, user: &accounts::users::User) -> bool {
    office.accounts.authz().role(role).is_some_and(|role| role.kind == user.kind)
}
