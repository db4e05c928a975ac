//! Pages of the field: the shell that the app lives in, and a plain list for browsers without script.

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use kernel::PersonId;
use serde::Serialize;

use super::files;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::work::items;
use crate::state::AppState;

/// The app draws photos and plays notes it has just made, talks to the service, and keeps a worker; nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; \
     media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// It may ask for the microphone, for a spoken note.
const ABILITIES: &str = "camera=(), geolocation=(), microphone=(self)";

/// What the page shows without script.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub release: &'static str,
    pub headline: String,
    pub rows: Vec<Row>,
    /// The list may be seen; else the shell alone.
    pub listed: bool,
}

/// One person to be seen.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub what: Vec<String>,
}

/// `GET /f/shell`: the frame, the same for everyone; the worker keeps it.
pub async fn shell(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    let title = app.renderer().voice(ask.lang).word("field-title");
    let view = View { release: files::release(), headline: title.clone(), rows: Vec::new(), listed: false };
    let page = app.page(&ask, "field/app.html", &ask.shell(Rail::Nowhere, title), &view)?;
    Ok(dressed(page))
}

/// `GET /f/today`
pub async fn today(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    let page = app
        .night_page(ask, "field/app.html", |ask, opened| {
            let rows = rows(opened)?;
            let n = i64::try_from(rows.len()).unwrap_or(0);
            let headline = opened.desk.voice.say("field-today-n", &[("n", n.into())]);
            let view = View { release: files::release(), headline, rows, listed: true };
            Ok((ask.shell(Rail::Nowhere, opened.desk.voice.word("field-title")), view))
        })
        .await?;
    Ok(dressed(page))
}

/// `GET /f/visits/{person}` and `/f/assess/{person}`: the shell, for whoever may about this person; the app does the rest.
pub async fn of_person(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let permission = if ask.path().starts_with("/f/assess/") { "assessment.record" } else { "visit.record" };
    let page = app
        .night_page(ask, "field/app.html", move |ask, opened| {
            opened.demand(permission, person)?;
            let headline = opened.desk.masked_name(person);
            let view = View { release: files::release(), headline, rows: Vec::new(), listed: false };
            Ok((ask.shell(Rail::Nowhere, opened.desk.voice.word("field-title")), view))
        })
        .await?;
    Ok(dressed(page))
}

fn rows(opened: &Opened<'_>) -> Result<Vec<Row>, Problem> {
    let desk = opened.desk;
    let Some(signed) = opened.viewer.signed() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for person in signed.principal.assigned.iter().filter(|p| desk.reaches(**p) && desk.row(**p).is_some()) {
        let items = opened.ask(|session| worklist::of_person(session, *person))?;
        let due = items.iter().filter(|item| {
            item.state == worklist::State::Open
                && matches!(item.wanted.kind, worklist::Kind::Visit | worklist::Kind::Reassess)
        });
        let said = |item: &worklist::WorkItem| match item.wanted.due_on {
            Some(due) => format!("{}　{}", items::what(&desk, item), items::time_left(&desk, due)),
            None => items::what(&desk, item),
        };
        rows.push(Row {
            href: format!("/f/visits/{person}"),
            name: desk.masked_name(*person),
            age: desk.age(*person),
            place: desk.home_said(*person),
            what: due.map(said).collect(),
        });
    }
    rows.sort_by_key(|row| row.what.is_empty());
    Ok(rows)
}

fn dressed(page: Response) -> Response {
    let head = [
        (HeaderName::from_static("content-security-policy"), POLICY),
        (HeaderName::from_static("permissions-policy"), ABILITIES),
    ];
    (head, page).into_response()
}
