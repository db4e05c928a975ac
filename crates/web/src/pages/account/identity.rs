//! Identities at a provider that one signs in by.

use accounts::AccountsError;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::china_minute;

use super::Identity;
use crate::edge::{Ask, Problem};
use crate::office::Office;
use crate::state::AppState;

/// None where no provider is agreed with.
pub fn lines(office: &mut Office<'_>) -> Result<Option<Vec<Identity>>, Problem> {
    if office.app.provider().is_none() {
        return Ok(None);
    }
    let user = office.signed.user;
    let lines = office.read(|accounts, db, _| accounts.identities(db, user))?;
    let shown = lines.into_iter().map(|line| {
        let args = [("issuer", line.issuer.into()), ("day", china_minute(line.linked_at).into())];
        Identity {
            label: office.voice.say("account-identity-linked", &args),
            action: format!("/account/identity/{}/end", line.id),
        }
    });
    Ok(Some(shown.collect()))
}

/// `POST /account/identity/{identity}/end`
pub async fn end(State(app): State<AppState>, ask: Ask, Path(identity): Path<i64>) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let done =
        app.work(move |app| Ok(door.accounts.unlink_identity(&mut app.session()?, signed.user, identity))).await?;
    match done {
        Ok(()) => Ok(Redirect::to(&ask.href("/account")).into_response()),
        Err(AccountsError::NoAccount) => Err(Problem::NotFound),
        Err(other) => Err(Problem::internal(other)),
    }
}
