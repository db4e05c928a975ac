//! What is done to an account: locked, unlocked, closed, reset, signed out, given a role, taken one.

use accounts::{Accounts, AccountsError, Actor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::UserId;
use serde::Deserialize;
use store::Session;

use super::show::{page, read_user};
use super::{invite, link_shown};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::state::AppState;

/// `POST /d/admin/users/{user}/lock`
pub async fn lock(State(app): State<AppState>, ask: Ask, Path(user): Path<String>) -> Result<Response, Problem> {
    done(app, ask, &user, |accounts, db, actor, user| accounts.lock(db, actor, user)).await
}

/// `POST /d/admin/users/{user}/unlock`
pub async fn unlock(State(app): State<AppState>, ask: Ask, Path(user): Path<String>) -> Result<Response, Problem> {
    done(app, ask, &user, |accounts, db, actor, user| accounts.unlock(db, actor, user)).await
}

/// `POST /d/admin/users/{user}/close`
pub async fn close(State(app): State<AppState>, ask: Ask, Path(user): Path<String>) -> Result<Response, Problem> {
    done(app, ask, &user, |accounts, db, actor, user| accounts.close(db, actor, user)).await
}

/// `POST /d/admin/users/{user}/sessions/end`
pub async fn sign_out(State(app): State<AppState>, ask: Ask, Path(user): Path<String>) -> Result<Response, Problem> {
    done(app, ask, &user, |accounts, db, actor, user| accounts.end_sessions(db, actor, user).map(drop)).await
}

/// Does it and goes back to the account; what the viewer can mend is said there.
async fn done(
    app: AppState,
    ask: Ask,
    user: &str,
    work: impl FnOnce(&Accounts, &mut Session, Actor<'_>, UserId) -> Result<(), AccountsError> + Send + 'static,
) -> Result<Response, Problem> {
    let user = read_user(user)?;
    let done =
        app.open_office(&ask, move |office| office.try_to(|accounts, db, actor| work(accounts, db, actor, user)));
    match done.await? {
        Ok(()) => Ok(Redirect::to(&ask.href(&format!("/d/admin/users/{user}"))).into_response()),
        Err(fault) => page(app, ask, user, Some(fault)).await,
    }
}

#[derive(Deserialize)]
pub struct Reset {
    #[serde(default)]
    second_factor: String,
}

/// `POST /d/admin/users/{user}/reset`: a link for a new password, shown once.
pub async fn reset(
    State(app): State<AppState>,
    ask: Ask,
    Path(user): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Reset>,
) -> Result<Response, Problem> {
    let (user, asked) = (read_user(&user)?, ask.clone());
    let made = app.open_office(&ask, move |office| {
        let second_factor = given.second_factor == "yes";
        let link = match office.try_to(|accounts, db, actor| accounts.reset(db, actor, user, second_factor))? {
            Ok(link) => link,
            Err(fault) => return Ok(Err(fault)),
        };
        let known = office.read(|accounts, db, _| accounts.user(db, user))?;
        let view = invite::Made {
            name: known.display_name.clone(),
            username: known.username.clone(),
            href: format!("/d/admin/users/{user}"),
            link: link_shown(office, &headers, &link)?,
            waits: !known.waiting.is_empty(),
        };
        let (authz, signed) = (office.accounts.authz(), office.signed);
        let shell = asked.shell(Rail::Admin, office.voice.word("reset-made-title"));
        let shell = shell
            .via(office.voice.word("users-title"), "/d/admin/users")
            .seen_by(&signed.display_name, |permission| authz.holds(&signed.principal, permission));
        Ok(Ok(office.app.page(&asked, "admin/link.html", &shell, &view)?))
    });
    match made.await? {
        Ok(page) => Ok(page),
        Err(fault) => page(app, ask, user, Some(fault)).await,
    }
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Role {
    role: String,
    division: String,
    place: String,
}

/// `POST /d/admin/users/{user}/roles`
pub async fn grant(
    State(app): State<AppState>,
    ask: Ask,
    Path(user): Path<String>,
    Form(given): Form<Role>,
) -> Result<Response, Problem> {
    role(app, ask, &user, given, |accounts, db, actor, user, grant| accounts.grant(db, actor, user, grant)).await
}

/// `POST /d/admin/users/{user}/roles/revoke`
pub async fn revoke(
    State(app): State<AppState>,
    ask: Ask,
    Path(user): Path<String>,
    Form(given): Form<Role>,
) -> Result<Response, Problem> {
    role(app, ask, &user, given, |accounts, db, actor, user, grant| accounts.revoke(db, actor, user, grant)).await
}

async fn role(
    app: AppState,
    ask: Ask,
    user: &str,
    given: Role,
    work: impl FnOnce(&Accounts, &mut Session, Actor<'_>, UserId, &accounts::authz::Grant) -> Result<(), AccountsError>
    + Send
    + 'static,
) -> Result<Response, Problem> {
    let user = read_user(user)?;
    let done =
        app.open_office(&ask, move |office| match invite::grant(office, &given.role, &given.division, &given.place) {
            Ok(grant) => office.try_to(|accounts, db, actor| work(accounts, db, actor, user, &grant)),
            Err(fault) => Ok(Err(fault)),
        });
    match done.await? {
        Ok(()) => Ok(Redirect::to(&ask.href(&format!("/d/admin/users/{user}"))).into_response()),
        Err(fault) => page(app, ask, user, Some(fault)).await,
    }
}
