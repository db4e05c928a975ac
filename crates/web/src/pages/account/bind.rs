//! Binding one's own family account to an elder, by the code the elder reads out.

use accounts::authz::{Kind, Relation};
use accounts::family::Redeem;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Bond, page};
use crate::edge::{Ask, Problem};
use crate::office::Office;
use crate::pages::sign_in::register::mendable;
use crate::pages::sign_in::{From, source};
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    code: String,
    #[serde(default)]
    relation: String,
}

/// Elders the account acts for; none for accounts of another kind.
pub fn lines(office: &mut Office<'_>) -> Result<Option<Vec<Bond>>, Problem> {
    if office.signed.kind != Kind::Family {
        return Ok(None);
    }
    let lang = office.lang();
    let ties = &office.signed.principal.ties;
    let scopes = &office.accounts.authz().consent_scopes;
    let shown = ties.iter().map(|tie| {
        let agreed = scopes.iter().filter(|scope| tie.scopes.contains(&scope.id));
        let agreed: Vec<&str> = agreed.map(|scope| scope.label.get(lang)).collect();
        Bond {
            person: tie.person.to_string(),
            relation: office.voice.word(&format!("tie-{}", tie.relation.name())),
            scopes: office.voice.join(&agreed),
        }
    });
    Ok(Some(shown.collect()))
}

/// `POST /account/bonds`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    from: From,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let (Some(door), Some(signed)) = (app.door().cloned(), ask.viewer.signed().cloned()) else {
        return Err(Problem::NotFound);
    };
    let relation = Relation::read(&given.relation).filter(|one| *one != Relation::Own);
    let Some(relation) = relation else {
        let fault = app.renderer().voice(ask.lang).word("bonds-no-relation");
        return page(app, ask, Some(fault)).await;
    };
    let by = source(&from);
    let done = app.work(move |app| {
        let redeem = Redeem { code: &given.code, relation, source: &by };
        Ok(door.accounts.redeem_elder_code(&mut app.session()?, &signed.principal, &redeem))
    });
    match done.await? {
        Ok(_) => Ok(Redirect::to(&ask.href("/account")).into_response()),
        Err(fault) => {
            let said = mendable(&app, &ask, fault)?;
            page(app, ask, Some(said)).await
        }
    }
}
