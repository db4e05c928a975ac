//! Inviting someone: a form, and a link that is shown once.

use accounts::authz::{Grant, Kind};
use accounts::users::NewUser;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{DivisionCode, PlaceId};
use serde::{Deserialize, Serialize};

use super::{Choice, DivisionChoice, LinkShown, choices, division_choices, link_shown};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::state::AppState;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub given: Given,
    pub roles: Vec<Choice>,
    pub divisions: Vec<DivisionChoice>,
    pub fault: Option<String>,
}

/// What was sent, shown again after a fault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    pub name: String,
    pub username: String,
    pub phone: String,
    pub role: String,
    pub division: String,
    pub place: String,
}

/// A new account's link.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    pub name: String,
    pub username: String,
    pub href: String,
    pub link: LinkShown,
    /// Who has to confirm the role.
    pub waits: bool,
}

/// `GET /d/admin/users/new`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    offer(app, ask, Given::default(), None).await
}

async fn offer(app: AppState, ask: Ask, given: Given, fault: Option<String>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/invite.html", move |ask, office| {
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let view = View { given, roles: choices(office), divisions: division_choices(office), fault };
        let shell = ask.shell(Rail::Admin, office.voice.word("invite-title"));
        Ok((status, shell.via(office.voice.word("users-title"), "/d/admin/users"), view))
    })
    .await
}

/// `POST /d/admin/users`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let (asked, typed) = (ask.clone(), given.clone());
    let made = app.open_office(&ask, move |office| make(office, &asked, &headers, &typed)).await?;
    match made {
        Ok(page) => Ok(page),
        Err(fault) => offer(app, ask, given, Some(fault)).await,
    }
}

fn make(
    office: &mut Office<'_>,
    ask: &Ask,
    headers: &HeaderMap,
    given: &Given,
) -> Result<Result<Response, String>, Problem> {
    let new = match read(office, given) {
        Ok(new) => new,
        Err(fault) => return Ok(Err(fault)),
    };
    let link = match office.try_to(|accounts, db, actor| accounts.invite(db, actor, &new))? {
        Ok(link) => link,
        Err(fault) => return Ok(Err(fault)),
    };
    let user = office.read(|accounts, db, _| accounts.user(db, link.user))?;
    let view = Made {
        name: user.display_name.clone(),
        username: user.username.clone(),
        href: format!("/d/admin/users/{}", user.id),
        link: link_shown(office, headers, &link)?,
        waits: !user.waiting.is_empty(),
    };
    let (authz, signed) = (office.accounts.authz(), office.signed);
    let shell = ask.shell(Rail::Admin, office.voice.word("invite-made-title"));
    let shell = shell
        .via(office.voice.word("users-title"), "/d/admin/users")
        .seen_by(&signed.display_name, |permission| authz.holds(&signed.principal, permission));
    Ok(Ok(office.app.page(ask, "admin/link.html", &shell, &view)?.into_response()))
}

/// What the form says; else what is to be mended.
fn read(office: &Office<'_>, given: &Given) -> Result<NewUser, String> {
    let role = office.accounts.authz().role(&given.role).ok_or_else(|| office.voice.word("invite-no-role"))?;
    let division = division(office, &given.division)?;
    let grant = grant(office, &given.role, &given.division, &given.place)?;
    Ok(NewUser {
        username: given.username.clone(),
        kind: if role.kind == Kind::Family { Kind::Family } else { role.kind },
        display_name: given.name.clone(),
        phone: Some(given.phone.clone()).filter(|phone| !phone.trim().is_empty()),
        division,
        grants: vec![grant],
    })
}

/// A division from a field, which may hold its name after the code.
pub fn division(office: &Office<'_>, text: &str) -> Result<DivisionCode, String> {
    let code = text.split_whitespace().next().unwrap_or_default();
    let parsed = code.parse::<DivisionCode>().ok().filter(|code| office.divisions.get(*code).is_some());
    parsed.ok_or_else(|| office.voice.word("invite-no-division"))
}

/// The role with what it is tied to.
pub fn grant(office: &Office<'_>, role: &str, code: &str, place: &str) -> Result<Grant, String> {
    let known = office.accounts.authz().role(role).ok_or_else(|| office.voice.word("invite-no-role"))?;
    if known.levels.is_empty() {
        let place: PlaceId = place.trim().parse().map_err(|_| office.voice.word("invite-no-place"))?;
        return Ok(Grant { role: role.to_owned(), division: None, place: Some(place) });
    }
    Ok(Grant { role: role.to_owned(), division: Some(division(office, code)?), place: None })
}
