//! A family that comes for the first time, with the code an elder read out: an account and a bond at once.

use accounts::AccountsError;
use accounts::authz::{Kind, Relation};
use accounts::family::Redeem;
use accounts::users::NewUser;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{From, door, page, source};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

#[derive(Serialize)]
struct View {
    given: Given,
    relations: Vec<(String, String)>,
    least: usize,
    fault: Option<String>,
}

/// What was sent; the password is never shown again.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    code: String,
    relation: String,
    name: String,
    phone: String,
    username: String,
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_serializing)]
    again: String,
}

/// `GET /register`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    offer(&app, &ask, StatusCode::OK, Given::default(), None)
}

fn offer(
    app: &AppState,
    ask: &Ask,
    status: StatusCode,
    given: Given,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let door = door(app)?;
    let view = View {
        given,
        relations: relations(app, ask),
        least: door.accounts.authz().rules.shortest_password(Kind::Family),
        fault,
    };
    page(app, ask, (status, "sign_in/register.html"), "register-title", &view)
}

/// A code is for others than the elder, whose own account the township opens.
pub fn relations(app: &AppState, ask: &Ask) -> Vec<(String, String)> {
    let voice = app.renderer().voice(ask.lang);
    let others = Relation::ALL.iter().filter(|one| **one != Relation::Own);
    others.map(|one| (one.name().to_owned(), voice.word(&format!("tie-{}", one.name())))).collect()
}

/// `POST /register`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    from: From,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let voice = app.renderer().voice(ask.lang);
    let wrong = |key: &str| voice.word(key);
    let fault = if given.password != given.again {
        Some(wrong("sign-in-not-alike"))
    } else if given.phone.trim().is_empty() && given.username.trim().is_empty() {
        Some(wrong("register-no-contact"))
    } else if Relation::read(&given.relation).is_none_or(|one| one == Relation::Own) {
        Some(wrong("bonds-no-relation"))
    } else {
        None
    };
    if fault.is_some() {
        return offer(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, given, fault);
    }
    let by = source(&from);
    let (accounts, typed) = (door.accounts.clone(), given.clone());
    let done = app.work(move |app| {
        // Where the account belongs is the pack's region: the elder's own home is nobody's business before the code fits.
        let published = app.published()?;
        let division = *published.world.pack.roots.first().ok_or(Problem::NothingPublished)?;
        let new = NewUser {
            username: typed.username.clone(),
            kind: Kind::Family,
            display_name: typed.name.clone(),
            phone: Some(typed.phone.clone()).filter(|phone| !phone.trim().is_empty()),
            division,
            grants: Vec::new(),
        };
        let relation = Relation::read(&typed.relation).unwrap_or(Relation::Other);
        let redeem = Redeem { code: &typed.code, relation, source: &by };
        Ok(accounts.register_with_elder_code(&mut app.session()?, &new, &redeem, &typed.password))
    });
    match done.await? {
        Ok(_) => Ok(Redirect::to(&ask.href("/sign-in")).into_response()),
        Err(fault) => {
            let status = match fault {
                AccountsError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let said = mendable(&app, &ask, fault)?;
            offer(&app, &ask, status, given, Some(said))
        }
    }
}

/// In words, where whoever sits there can mend it.
///
/// # Errors
/// Faults of the program.
pub fn mendable(app: &AppState, ask: &Ask, fault: AccountsError) -> Result<String, Problem> {
    match fault {
        AccountsError::Username
        | AccountsError::UsernameTaken
        | AccountsError::Phone
        | AccountsError::PhoneTaken
        | AccountsError::NoName
        | AccountsError::BoundAlready(_)
        | AccountsError::RoleKind(_) => Ok(fault.say(ask.lang)),
        other => super::told(app, ask, other),
    }
}
