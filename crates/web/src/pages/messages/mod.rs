//! What people asked for: to be called, to have a fact looked at, to have a page mended. Each is answered once.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use community::{CommunityError, Message, MessageKind};
use kernel::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, Problem, Within};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::portal::consult::{problem, told};
use crate::parts::{Chip, address};
use crate::state::AppState;
use kernel::china_minute;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub open: bool,
}

/// A message.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub kind: String,
    pub about: String,
    pub person: Option<String>,
    pub person_name: String,
    pub place: String,
    pub name: String,
    pub contact: String,
    pub text: String,
    pub when: String,
    pub outcome: Option<String>,
    pub action: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    outcome: String,
}

/// Messages on one page.
const MOST: i64 = 200;

/// `GET /d/messages`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let open = params.state != "done";
    app.night_page(ask, "messages/index.html", move |ask, opened| {
        let view = view(opened, open)?;
        Ok((ask.shell(Rail::Nowhere, opened.desk.voice.word("messages-title")), view))
    })
    .await
}

/// The divisions a list is cut to; one `None`: no cut.
fn cuts(desk: &Desk<'_>, within: &Within) -> Vec<Option<DivisionCode>> {
    if desk.pack.roots.iter().all(|root| within.holds(*root)) {
        return vec![None];
    }
    within.divisions().unwrap_or_default().into_iter().map(Some).collect()
}

fn view(opened: &Opened<'_>, open: bool) -> Result<View, Problem> {
    let desk = &opened.desk;
    let mut rows = Vec::new();
    for cut in cuts(desk, desk.within) {
        rows.extend(
            opened.try_ask(|session| community::messages(session, opened.keys(), open, cut, MOST).map_err(problem))?,
        );
    }
    rows.sort_by_key(|message| std::cmp::Reverse(message.id));
    rows.dedup_by_key(|message| message.id);
    let chip = |state: &str, key: &str, current: bool| Chip {
        label: desk.voice.word(key),
        n: None,
        href: address("/d/messages", &[("state", state)]),
        current,
    };
    Ok(View {
        chips: vec![chip("", "messages-open", open), chip("done", "messages-done", !open)],
        rows: rows.iter().map(|message| row(desk, message)).collect(),
        open,
    })
}

fn row(desk: &Desk<'_>, message: &Message) -> Row {
    let about = match message.kind {
        MessageKind::Correction => desk.label("person", &message.about),
        _ => desk.pack.rule(&message.about).map(|rule| desk.voice.of(&rule.label).to_owned()).unwrap_or_default(),
    };
    let outcome = message.done.as_ref().map(|(at, by, outcome)| {
        let args = [("on", china_minute(*at).into()), ("by", by.as_str().into()), ("outcome", outcome.as_str().into())];
        desk.voice.say("messages-outcome", &args)
    });
    Row {
        id: message.id,
        kind: desk.voice.word(&format!("messages-kind-{}", message.kind.name())),
        about,
        person: message.person.map(Desk::person_href),
        person_name: message.person.map(|person| desk.masked_name(person)).unwrap_or_default(),
        place: message.division.map(|code| desk.where_is(code)).unwrap_or_default(),
        name: message.name.clone(),
        contact: message.contact.clone(),
        text: message.text.clone(),
        when: china_minute(message.received_at),
        outcome,
        action: format!("/d/messages/{}", message.id),
    }
}

/// `POST /d/messages/{message}`
pub async fn done(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<i64>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let asked = ask.clone();
    app.open_night(&ask, move |opened| {
        let message = opened.try_ask(|session| community::message(session, opened.keys(), id).map_err(problem))?;
        let inside = |cut: &Option<DivisionCode>| {
            cut.is_none_or(|own| message.division.is_some_and(|division| own.contains(division)))
        };
        if !cuts(&opened.desk, opened.desk.within).iter().any(inside) {
            return Err(Problem::NotFound);
        }
        let by = opened.viewer.actor();
        opened.try_ask(|session| {
            let now = (opened.app.clock().now(), by.as_str());
            community::done(session, opened.keys(), id, &given.outcome, now).map_err(|fault| match fault {
                CommunityError::Texts(faults) => Problem::Invalid(told(opened.app, asked.lang, &faults)),
                other => problem(other),
            })
        })
    })
    .await?;
    Ok(Redirect::to(&ask.href("/d/messages")).into_response())
}
