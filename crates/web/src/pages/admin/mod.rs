//! Running accounts: who can come in, with which roles, and who confirms them.

pub mod act;
pub mod audit;
pub mod confirm;
pub mod index;
pub mod invite;
pub mod looks;
pub mod show;

use accounts::authz::{Grant, Role};
use accounts::users::Link;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use kernel::{DivisionCode, DivisionLevel, china_minute};
use serde::Serialize;

use crate::edge::Problem;
use crate::frame::qr;
use crate::office::Office;
use crate::state::AppState;

/// A role held, as a line.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub role: String,
    pub label: String,
    pub place: String,
    /// What the form that takes it sends.
    pub division: String,
    pub site: String,
    /// Not confirmed yet.
    pub waits: bool,
}

fn held(office: &Office<'_>, grant: &Grant, waits: bool) -> Held {
    let place = match (grant.division, grant.place) {
        (Some(division), _) => office.place(division),
        (None, Some(place)) => place.to_string(),
        (None, None) => String::new(),
    };
    Held {
        role: grant.role.clone(),
        label: office.role(&grant.role),
        place,
        division: grant.division.map(|code| code.to_string()).unwrap_or_default(),
        site: grant.place.map(|place| place.to_string()).unwrap_or_default(),
        waits,
    }
}

/// A role that the viewer may give.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub id: String,
    pub label: String,
    pub summary: String,
    /// At which divisions, in words; empty: it needs a place of its own.
    pub levels: String,
    /// Whether a second person will have to confirm it.
    pub confirmed_by: String,
}

fn choices(office: &Office<'_>) -> Vec<Choice> {
    let own = &office.signed.principal.grants;
    let may = |role: &&Role| own.iter().any(|grant| role.given_by.contains(&grant.role));
    let lang = office.lang();
    let roles = office.accounts.authz().roles.iter().filter(may);
    roles
        .map(|role| {
            let levels: Vec<String> = role.levels.iter().map(|level| level_said(office, *level)).collect();
            let own_word = own.iter().any(|grant| role.confirmed_by.contains(&grant.role));
            let confirmers: Vec<String> = role.confirmed_by.iter().map(|id| office.role(id)).collect();
            Choice {
                id: role.id.clone(),
                label: role.label.get(lang).to_owned(),
                summary: role.summary.get(lang).to_owned(),
                levels: office.voice.join(&levels),
                confirmed_by: if own_word { String::new() } else { office.voice.join(&confirmers) },
            }
        })
        .collect()
}

fn level_said(office: &Office<'_>, level: DivisionLevel) -> String {
    office.voice.word(&format!("user-level-{}", level.name()))
}

/// Divisions to choose from, the viewer's own and those inside.
#[derive(Clone, Debug, Serialize)]
pub struct DivisionChoice {
    pub code: String,
    pub path: String,
}

/// Longer lists stop at townships.
const MOST_DIVISIONS: usize = 700;

fn division_choices(office: &Office<'_>) -> Vec<DivisionChoice> {
    let own: Vec<DivisionCode> = office.within.divisions().unwrap_or_default();
    let inside = |level: Option<DivisionLevel>| {
        let all = office.divisions.iter().map(|division| division.code);
        let ours = all.filter(|code| own.iter().any(|root| root.contains(*code)));
        ours.filter(|code| level.is_none_or(|level| code.level() <= level)).collect::<Vec<_>>()
    };
    let all = inside(None);
    let shown = if all.len() > MOST_DIVISIONS { inside(Some(DivisionLevel::Township)) } else { all };
    shown.into_iter().map(|code| DivisionChoice { code: code.to_string(), path: office.place(code) }).collect()
}

/// A link that is shown once.
#[derive(Clone, Debug, Serialize)]
pub struct LinkShown {
    pub address: String,
    pub until: String,
    pub qr: qr::Drawn,
}

fn link_shown(office: &Office<'_>, headers: &HeaderMap, link: &Link) -> Result<LinkShown, Problem> {
    shown(office.app, headers, link)
}

/// The link as its owner will open it.
///
/// # Errors
/// When it is too long for a QR code.
pub fn shown(app: &AppState, headers: &HeaderMap, link: &Link) -> Result<LinkShown, Problem> {
    let address = format!("{}/invite/{}", origin(app, headers), link.token.reveal());
    Ok(LinkShown { qr: qr::drawn(&address)?, address, until: china_minute(link.ends_at) })
}

/// Scheme and host as the reader reaches us: the host is one of ours, or the request would not have come this far.
pub fn origin(app: &AppState, headers: &HeaderMap) -> String {
    let scheme = if app.door().is_some_and(|door| door.secure) { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}
