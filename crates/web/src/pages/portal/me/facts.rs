//! The facts on record with their sources, and the form that says one is wrong or supplies one that is missing.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use community::{CommunityError, MessageKind, NewMessage};
use kernel::PersonId;
use policy::model::Sensitivity;
use serde::{Deserialize, Serialize};

use super::{admitted, tabs};
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::people::facts::{FactGroup, facts};
use crate::pages::people::known::Known;
use crate::pages::portal::consult::{problem, told};
use crate::parts::{Chip, address};
use crate::public::{Made, Page};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub tabs: Vec<Chip>,
    pub groups: Vec<FactGroup>,
    pub form: Option<Say>,
    pub sent: bool,
}

/// The form.
#[derive(Clone, Debug, Serialize)]
pub struct Say {
    pub action: String,
    /// Key and label.
    pub facts: Vec<(String, String)>,
    pub given: Given,
    pub faults: Vec<FieldFault>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Given {
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub contact: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    about: String,
    #[serde(default)]
    sent: String,
}

/// `GET /me/{person}/facts`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let given = Given { about: params.about, ..Given::default() };
    page(app, ask, &person, given, (Vec::new(), params.sent == "1")).await
}

async fn page(
    app: AppState,
    ask: Ask,
    person: &str,
    given: Given,
    (faults, sent): (Vec<FieldFault>, bool),
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .own_page(ask, Page::new(Section::Me, "portal/me-facts.html"), move |_, opened| {
            let row = match admitted(opened, "fact.see", person) {
                // Who may tell facts need not see them.
                Err(Problem::NotAllowed(_)) if !faults.is_empty() => return Err(Problem::Invalid(faults)),
                admitted => admitted?,
            };
            let faulty = !faults.is_empty();
            let mut view = view(opened, person, row)?;
            view.sent = sent;
            if let Some(form) = &mut view.form {
                (form.given, form.faults) = (given, faults);
            }
            let title = opened.desk.voice.say("me-facts-title", &[("name", view.name.clone().into())]);
            Ok(Made::new(title, view).faulty(faulty))
        })
        .await?;
    Ok((status, page).into_response())
}

fn view(opened: &Opened<'_>, person: PersonId, row: usize) -> Result<View, Problem> {
    let desk = &opened.desk;
    let known = Known::read(opened, person)?;
    let value = |key: &str| desk.people().map_or(policy::value::Value::Null, |table| table.get(row, key));
    let askable = desk.pack.dictionary.of("person").filter(|fact| {
        fact.derive.is_none()
            && !matches!(fact.sensitivity, Sensitivity::Identity | Sensitivity::Answers)
            && fact.key != "person_id"
    });
    let facts_asked = askable.map(|fact| (fact.key.clone(), desk.voice.of(&fact.label).to_owned())).collect();
    let may = opened.demand("fact.answer", person).is_ok();
    Ok(View {
        name: desk.masked_name(person),
        tabs: tabs(opened, person, "/facts"),
        groups: facts(&known, &value, None),
        form: may.then(|| Say {
            action: format!("/me/{person}/facts"),
            facts: facts_asked,
            given: Given::default(),
            faults: Vec::new(),
        }),
        sent: false,
    })
}

/// `POST /me/{person}/facts`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let id: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let (filled, lang) = (given.clone(), ask.lang);
    let faults = app
        .open_night(&ask, move |opened| {
            admitted(opened, "fact.answer", id)?;
            let known = opened.desk.pack.dictionary.get("person", &filled.about);
            let new = NewMessage {
                kind: MessageKind::Correction,
                about: known.map_or("", |fact| fact.key.as_str()),
                person: Some(id),
                account: opened.viewer.signed().map(|signed| signed.user),
                division: opened.desk.home(id),
                text: &filled.text,
                name: "",
                contact: &filled.contact,
            };
            let now = opened.app.clock().now();
            opened.try_ask(|session| match community::send(session, opened.keys(), &new, now) {
                Ok(_) => Ok(Vec::new()),
                Err(CommunityError::Texts(faults)) => Ok(told(opened.app, lang, &faults)),
                Err(other) => Err(problem(other)),
            })
        })
        .await?;
    if faults.is_empty() {
        let back = address(&format!("/me/{id}/facts"), &[("sent", "1")]) + "#say";
        return Ok(Redirect::to(&ask.href(&back)).into_response());
    }
    page(app, ask, &person, given, (faults, false)).await
}
