//! At the door: name and password, a code, setting up the code, a link that sets a password, going out again.
//!
//! These pages are open to everyone and say the same to everyone: whether an account exists is not told.

pub mod code;
pub mod link;
pub mod name;
pub mod out;
pub mod provider;
pub mod register;
pub mod set_up;

use std::net::SocketAddr;

use accounts::signing::NewSession;
use accounts::{AccountsError, Token};
use axum::extract::{ConnectInfo, Extension};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::door::Door;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::state::AppState;

/// Where a request comes from, when the listener tells.
pub type From = Option<Extension<ConnectInfo<SocketAddr>>>;

/// The door, which must be there for these pages.
fn door(app: &AppState) -> Result<Door, Problem> {
    app.door().cloned().ok_or(Problem::NotFound)
}

pub fn source(from: &From) -> String {
    from.as_ref().map_or_else(|| "unknown".to_owned(), |Extension(ConnectInfo(address))| address.ip().to_string())
}

/// A few words about the device, for the owner's list of sessions.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let of =
        |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = of(&[
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = of(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    let known: Vec<&str> = browser.into_iter().chain(system).collect();
    known.join(" · ")
}

/// Why a step was refused, in the reader's words; faults of the program are none of theirs.
pub fn told(app: &AppState, ask: &Ask, fault: AccountsError) -> Result<String, Problem> {
    let voice = app.renderer().voice(ask.lang);
    Ok(match fault {
        AccountsError::Refused => voice.word("sign-in-refused"),
        AccountsError::Wait(left) => {
            voice.say("sign-in-wait", &[("n", (left.num_seconds().max(1) + 59).div_euclid(60).into())])
        }
        AccountsError::Locked => voice.word("sign-in-locked"),
        AccountsError::WrongCode => voice.word("sign-in-wrong-code"),
        AccountsError::NotSignedIn => voice.word("sign-in-too-late"),
        AccountsError::LinkSpent => voice.word("sign-in-link-spent"),
        AccountsError::IdentityTaken => voice.word("sign-in-taken"),
        AccountsError::Password(faults) => {
            let said: Vec<String> = faults.iter().map(|fault| fault.say(ask.lang)).collect();
            voice.join(&said)
        }
        other => return Err(Problem::internal(other)),
    })
}

/// A page of the door.
pub fn page<V: Serialize>(
    app: &AppState,
    ask: &Ask,
    (status, template): (StatusCode, &'static str),
    title: &str,
    view: &V,
) -> Result<Response, Problem> {
    let shell = ask.shell(Rail::Nowhere, app.renderer().voice(ask.lang).word(title));
    Ok((status, app.page(ask, template, &shell, view)?).into_response())
}

/// Goes on with a session's cookie in hand.
fn go(door: &Door, session: &NewSession, to: &str) -> Response {
    ([(SET_COOKIE, door.cookie(&session.token))], Redirect::to(to)).into_response()
}

/// The token of a step under way.
pub fn token(door: &Door, headers: &HeaderMap) -> Result<Token, Problem> {
    door.token(headers).ok_or(Problem::NotSignedIn)
}

/// Where to go afterwards: a path of ours, or where the account has work.
fn back(path: &str) -> &str {
    if crate::pages::display::is_our_path(path) && !path.starts_with("/sign-in") { path } else { "/go" }
}
