//! Showing what is masked, for a purpose that is written down first; and who looked.

use std::sync::Arc;

use accounts::authz::Purpose;
use accounts::reveals::{Look, LookLine};
use accounts::{AccountsError, Actor};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{PersonId, china_minute};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::state::AppState;

/// Asks what for, before anything is shown.
#[derive(Clone, Debug, Serialize)]
pub struct RevealForm {
    pub action: String,
    /// Word and label.
    pub purposes: Vec<(String, String)>,
    pub looks_href: Option<String>,
    pub bonds_href: Option<String>,
    /// The last attempt lacked a purpose or a sentence.
    pub again: bool,
}

/// The form for a person's page; none for whoever may not.
pub fn form(opened: &Opened<'_>, person: PersonId, again: bool) -> Option<RevealForm> {
    let (signed, door) = (opened.viewer.signed()?, opened.app.door()?);
    opened.demand("person.reveal", person).ok()?;
    let roles = signed.principal.roles();
    let open_to =
        |purpose: &&Purpose| purpose.roles.is_empty() || purpose.roles.iter().any(|r| roles.contains(r.as_str()));
    let purposes = door.accounts.authz().purposes.iter().filter(open_to);
    let href = Desk::person_href(person);
    Some(RevealForm {
        action: format!("{href}/reveal"),
        purposes: purposes.map(|p| (p.id.clone(), opened.desk.voice.of(&p.label).to_owned())).collect(),
        looks_href: opened.demand("person.looked", person).is_ok().then(|| format!("{href}/looks")),
        bonds_href: opened.demand("bond.see", person).is_ok().then(|| format!("{href}/bonds")),
        again,
    })
}

/// Who someone is, in full.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub href: String,
    pub purpose: String,
    pub name: String,
    pub id_number: String,
    pub phone: String,
    pub address: String,
}

/// Who looked, the newest first.
#[derive(Clone, Debug, Serialize)]
pub struct Looks {
    pub headline: String,
    pub href: String,
    pub lines: Vec<LookShown>,
}

/// One look.
#[derive(Clone, Debug, Serialize)]
pub struct LookShown {
    pub at: String,
    pub who: String,
    pub role: String,
    pub purpose: String,
    pub note: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    pub purpose: String,
    #[serde(default)]
    pub note: String,
}

const FIELDS: [&str; 4] = ["name", "id_number", "phone", "address"];

/// `POST /d/people/{person}/reveal`: the page is for this once, and nothing on it is stored.
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let href = Desk::person_href(person);
    let back = format!("{href}?reveal=purpose#reveal");
    let again = Redirect::to(&ask.href(&back)).into_response();
    let done = app
        .open_night(&ask.clone(), move |opened| {
            opened.desk.row(person).ok_or(Problem::NotFound)?;
            let Some(view) = reveal(opened, person, &given)? else { return Ok(None) };
            let shell = ask.shell(Rail::People, opened.desk.voice.word("reveal-title"));
            opened.app.page(&ask, "people/revealed.html", &shell, &view).map(Some)
        })
        .await?;
    Ok(done.unwrap_or(again))
}

/// Writes down what for, then opens the seal. None: the purpose is missing or wants a note.
///
/// # Errors
/// `NotAllowed`; `NotFound` without a door, where there is nobody who could be written down.
pub fn reveal(opened: &Opened<'_>, person: PersonId, given: &Given) -> Result<Option<View>, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
        // Without a door there is nobody who could be written down.
        return Err(Problem::NotFound);
    };
    let look = Look {
        person,
        division: opened.desk.home(person),
        purpose: &given.purpose,
        fields: &FIELDS,
        note: Some(given.note.as_str()),
    };
    let written = opened.try_ask(|session| Ok(door.accounts.reveal(session, &signed.principal, &look)))?;
    match written {
        Ok(()) => {}
        Err(AccountsError::NotAllowed(decision)) => return Err(Problem::NotAllowed(Arc::new(decision))),
        Err(AccountsError::NoPurpose(_) | AccountsError::NoteMissing) => return Ok(None),
        Err(other) => return Err(Problem::internal(other)),
    }
    let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
    let identity = identity.ok_or(Problem::NotFound)?;
    let purpose = door.accounts.authz().purpose(&given.purpose);
    Ok(Some(View {
        href: Desk::person_href(person),
        purpose: purpose.map(|p| opened.desk.voice.of(&p.label).to_owned()).unwrap_or_default(),
        name: identity.name,
        id_number: identity.id_number,
        phone: identity.phone,
        address: identity.address,
    }))
}

/// `GET /d/people/{person}/looks`
pub async fn looks(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.night_page(ask, "people/looks.html", move |ask, opened| {
        opened.demand("person.looked", person)?;
        opened.desk.row(person).ok_or(Problem::NotFound)?;
        let lines = looked(opened, person)?;
        let (name, voice) = (opened.desk.masked_name(person), opened.desk.voice);
        let args = [("name", name.into()), ("n", i64::try_from(lines.len()).unwrap_or(0).into())];
        let headline = voice.say("looks-headline", &args);
        let href = Desk::person_href(person);
        let shell = ask.shell(Rail::People, voice.word("looks-title")).via(voice.word("rail-people"), "/d/people");
        Ok((shell, Looks { headline, href, lines }))
    })
    .await
}

/// Who looked at a person; that the reader may know is the caller's to ask.
///
/// # Errors
/// `NotFound` without a door; those of the database.
pub fn looked(opened: &Opened<'_>, person: PersonId) -> Result<Vec<LookShown>, Problem> {
    let door = opened.app.door().ok_or(Problem::NotFound)?;
    let lines =
        opened.ask(|session| door.accounts.looked_at(session, Actor::Command, (person, opened.desk.home(person))))?;
    lines.iter().map(|line| shown(opened, line)).collect()
}

fn shown(opened: &Opened<'_>, line: &LookLine) -> Result<LookShown, Problem> {
    let door = opened.app.door().ok_or(Problem::NotFound)?;
    let (authz, voice) = (door.accounts.authz(), opened.desk.voice);
    let who = opened.ask(|session| door.accounts.user(session, line.account))?;
    Ok(LookShown {
        at: china_minute(line.at),
        who: who.display_name,
        role: authz.role(&line.role).map(|role| voice.of(&role.label).to_owned()).unwrap_or_default(),
        purpose: authz.purpose(&line.purpose).map_or_else(|| line.purpose.clone(), |p| voice.of(&p.label).to_owned()),
        note: line.note.clone().unwrap_or_default(),
    })
}
