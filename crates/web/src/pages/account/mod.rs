//! One's own account: where one is signed in, the password and the second factor, what one may do and for whom.

pub mod bind;
pub mod factor;
pub mod go;
pub mod identity;
pub mod why;

pub mod tokens;
pub mod webhooks;

use accounts::AccountsError;
use accounts::signing::SessionId;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::china_minute;
use serde::{Deserialize, Serialize};

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub username: String,
    pub roles: Vec<Role>,
    /// Roles that wait for a second person, said whole.
    pub waiting: Vec<String>,
    /// Roles of others that wait for the viewer.
    pub to_confirm: usize,
    pub sessions: Vec<Session>,
    pub least: usize,
    pub factor: Option<Factor>,
    /// None: no identity provider is agreed with.
    pub identities: Option<Vec<Identity>>,
    /// None: the account is no family's.
    pub bonds: Option<Vec<Bond>>,
    pub relations: Vec<(String, String)>,
    /// Other parts of the service that the account reaches.
    pub places: Vec<go::Place>,
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

/// The second factor, once there is one.
#[derive(Clone, Debug, Serialize)]
pub struct Factor {
    pub codes_left: usize,
}

/// An identity one signs in by.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    pub label: String,
    pub action: String,
}

/// An elder one acts for.
#[derive(Clone, Debug, Serialize)]
pub struct Bond {
    pub person: String,
    pub relation: String,
    pub scopes: String,
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

/// The page, with something to mend.
///
/// # Errors
/// Those of the room and the template.
pub async fn page(app: AppState, ask: Ask, fault: Option<String>) -> Result<Response, Problem> {
    let relations = crate::pages::sign_in::register::relations(&app, &ask);
    app.office_page(ask, "account/show.html", move |ask, office| {
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let view = view(office, relations, fault)?;
        Ok((status, ask.shell(Rail::Nowhere, office.voice.word("account-title")), view))
    })
    .await
}

fn view(office: &mut Office<'_>, relations: Vec<(String, String)>, fault: Option<String>) -> Result<View, Problem> {
    let signed = office.signed;
    let lang = office.lang();
    let lines = office.read(|accounts, db, _| accounts.sessions(db, signed.user))?;
    let user = office.read(|accounts, db, _| accounts.user(db, signed.user))?;
    let left = office.read(|accounts, db, _| accounts.recovery_codes_left(db, signed.user))?;
    let to_confirm = match office.accounts.authz().holds(&signed.principal, "user.confirm") {
        true => office.read(|accounts, db, actor| accounts.waiting(db, actor))?.len(),
        false => 0,
    };
    let sessions = lines.into_iter().map(|line| Session {
        device: line.device,
        began: china_minute(line.began_at),
        seen: china_minute(line.seen_at),
        current: line.id == signed.session,
        action: format!("/account/sessions/{}/end", line.id.0),
    });
    let identities = identity::lines(office)?;
    let bonds = bind::lines(office)?;
    let authz = office.accounts.authz();
    let place = |grant: &accounts::authz::Grant| {
        grant.division.map(|code| office.place(code)).or(grant.place.map(|place| place.to_string())).unwrap_or_default()
    };
    let roles = signed.principal.grants.iter().filter_map(|grant| {
        let role = authz.role(&grant.role)?;
        let may = role.may.keys().filter_map(|id| authz.permission(id));
        Some(Role {
            label: role.label.get(lang).to_owned(),
            summary: role.summary.get(lang).to_owned(),
            place: place(grant),
            may: may.map(|p| (p.label.get(lang).to_owned(), p.why.get(lang).to_owned())).collect(),
        })
    });
    let waiting = user.waiting.iter().map(|grant| {
        let args = [("role", office.role(&grant.role).into()), ("place", place(grant).into())];
        office.voice.say("account-waiting", &args)
    });
    Ok(View {
        name: signed.display_name.clone(),
        username: signed.username.clone(),
        roles: roles.collect(),
        waiting: waiting.collect(),
        to_confirm,
        sessions: sessions.collect(),
        least: authz.rules.shortest_password(signed.kind),
        factor: user.second_factor.then_some(Factor { codes_left: left }),
        identities,
        bonds,
        relations,
        places: go::places(office),
        fault,
    })
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
            let said = crate::pages::sign_in::told(&app, &ask, fault)?;
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
