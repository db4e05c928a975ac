//! Where to after signing in: the one part of the service that the account has work in, or a choice.

use accounts::authz::Kind;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::routes::right_of;
use crate::state::AppState;

/// A part of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub href: &'static str,
    pub glyph: &'static str,
    pub label: String,
    pub about: String,
}

/// Address, character, family of words; those of the account's kind first.
const PLACES: [(&str, &str, &str); 4] =
    [("/me", "家", "me"), ("/f/today", "访", "field"), ("/d/today", "今", "desk"), ("/d/admin/users", "账", "admin")];

/// Parts that this service has and the account may enter.
pub fn places(office: &Office<'_>) -> Vec<Place> {
    let authz = office.accounts.authz();
    let signed = office.signed;
    let open = |path: &str| {
        // Scopes are looked at by the page itself; a menu asks for the permission alone.
        right_of(&Method::GET, path).is_some_and(|(permission, _)| authz.holds(&signed.principal, permission))
    };
    let roles = signed.principal.roles();
    let outside = roles.iter().filter_map(|id| authz.role(id)).any(|role| role.session == "field");
    let own = |path: &str| match path {
        "/me" => signed.kind == Kind::Family,
        "/f/today" => outside,
        _ => true,
    };
    let entries = PLACES.iter().filter(|(path, ..)| own(path) && open(path));
    entries
        .map(|(href, glyph, word)| Place {
            href,
            glyph,
            label: office.voice.word(&format!("go-to-{word}")),
            about: office.voice.word(&format!("go-about-{word}")),
        })
        .collect()
}

#[derive(Serialize)]
struct View {
    name: String,
    places: Vec<Place>,
}

/// `GET /go`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    let found = app.open_office(&ask, |office| Ok(places(office))).await?;
    match found.as_slice() {
        [] => return Ok(Redirect::to(&ask.href("/account")).into_response()),
        [only] => return Ok(Redirect::to(&ask.href(only.href)).into_response()),
        _ => {}
    }
    app.office_page(ask, "account/go.html", move |ask, office| {
        let view = View { name: office.signed.display_name.clone(), places: found };
        Ok((StatusCode::OK, ask.shell(Rail::Nowhere, office.voice.word("go-title")), view))
    })
    .await
}
