//! Asking for a benefit for oneself or for the elder one acts for, and taking it back.

use accounts::authz::Relation;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{About, BenefitsError, By, Filing, How, Office};
use kernel::PersonId;
use serde::{Deserialize, Serialize};

use super::admitted;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::portal::answered::{tile, what};
use crate::public::{Made, Page};
use crate::state::AppState;

/// The form of an application.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub tile: String,
    pub label: String,
    pub what: String,
    pub bring: Vec<String>,
    pub decided_by: String,
    pub appeal: String,
    pub action: String,
    pub back: String,
    pub words: String,
    pub faults: Vec<FieldFault>,
    /// One is under way already: where it stands.
    pub running: Option<(String, String)>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Given {
    #[serde(default)]
    words: String,
}

/// With what matters are handled.
#[must_use]
pub fn office<'o>(opened: &'o Opened<'_>) -> Office<'o> {
    let world = &opened.published.world;
    Office { keys: opened.app.keys(), catalogue: &world.catalogue, pack: &world.pack }
}

/// As what the reader acts for this person.
#[must_use]
pub fn how(opened: &Opened<'_>, person: PersonId) -> How {
    let own = opened.viewer.signed().is_some_and(|signed| {
        signed.principal.ties.iter().any(|tie| tie.relation == Relation::Own && tie.person == person)
    });
    let family =
        opened.viewer.signed().is_some_and(|signed| signed.principal.ties.iter().any(|tie| tie.person == person));
    match (own, family) {
        (true, _) => How::Elder,
        (false, true) => How::Family,
        (false, false) => How::Staff,
    }
}

/// `GET /me/{person}/apply/{rule}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, rule)): Path<(String, String)>,
) -> Result<Response, Problem> {
    page(app, ask, &person, rule, (String::new(), Vec::new())).await
}

async fn page(
    app: AppState,
    ask: Ask,
    person: &str,
    rule: String,
    (words, faults): (String, Vec<FieldFault>),
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .own_page(ask, Page::new(Section::Me, "portal/me-apply.html"), move |_, opened| {
            admitted(opened, "application.file", person)?;
            let faulty = !faults.is_empty();
            let view = View { words, faults, ..view(opened, person, &rule)? };
            let args = [("name", view.name.clone().into()), ("benefit", view.label.clone().into())];
            Ok(Made::new(opened.desk.voice.say("apply-title", &args), view).faulty(faulty))
        })
        .await?;
    Ok((status, page).into_response())
}

fn view(opened: &Opened<'_>, person: PersonId, id: &str) -> Result<View, Problem> {
    let desk = &opened.desk;
    let rule = desk.pack.rule(id).ok_or(Problem::NotFound)?;
    let benefit = rule.benefit().ok_or(Problem::NotFound)?;
    let process = benefit.process.as_ref().ok_or(Problem::NotFound)?;
    let running = opened.ask(|session| benefits::under_way(session, person, id))?;
    Ok(View {
        name: desk.masked_name(person),
        tile: tile(desk, rule),
        label: desk.voice.of(&rule.label).to_owned(),
        what: what(desk, rule, None),
        bring: benefit.opens.iter().map(|paper| desk.voice.of(&paper.label).to_owned()).collect(),
        decided_by: desk.voice.of(&process.decided_by).to_owned(),
        appeal: process.appeal.as_ref().map(|text| desk.voice.of(text).to_owned()).unwrap_or_default(),
        action: format!("/me/{person}/apply/{id}"),
        back: format!("/me/{person}"),
        words: String::new(),
        faults: Vec::new(),
        running: running
            .filter(|matter| matter.filed_on.is_some())
            .map(|matter| (format!("/me/{person}/matters/{}", matter.number), matter.number.clone())),
    })
}

/// `POST /me/{person}/apply/{rule}`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, rule)): Path<(String, String)>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let id: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let (words, wanted) = (given.words.clone(), rule.clone());
    let done = app
        .open_night(&ask, move |opened| {
            admitted(opened, "application.file", id)?;
            let village = opened.desk.home(id).or_else(|| opened.desk.pack.roots.first().copied());
            let about = About { person: id, rule: &wanted, village: village.ok_or(Problem::NotFound)? };
            let actor = opened.viewer.actor();
            let by = by(opened, id, &actor);
            let filing = Filing { words: &words, ..Filing::default() };
            let office = office(opened);
            opened.try_ask(|session| {
                let filed = session.transaction(|tx| office.file(tx, &about, &by, &filing));
                match filed {
                    Ok(matter) => Ok(Ok(matter.number)),
                    Err(BenefitsError::Running(number)) => Ok(Ok(number)),
                    Err(fault) => told(opened, fault).map(Err),
                }
            })
        })
        .await?;
    match done {
        Ok(number) => Ok(Redirect::to(&ask.href(&format!("/me/{id}/matters/{number}?new=1"))).into_response()),
        Err(cause) => {
            let fault = FieldFault { field: "words".into(), cause };
            page(app, ask, &person, rule, (given.words, vec![fault])).await
        }
    }
}

/// The reader, today, as what they act.
#[must_use]
pub fn by<'b>(opened: &Opened<'_>, person: PersonId, actor: &'b str) -> By<'b> {
    let clock = opened.app.clock();
    By { actor, how: how(opened, person), on: clock.today(), at: clock.now() }
}

/// A fault in the reader's words.
///
/// # Errors
/// What is no fault of theirs.
pub fn told(opened: &Opened<'_>, fault: BenefitsError) -> Result<String, Problem> {
    match (fault.said(), fault) {
        (_, BenefitsError::NoBenefit(_) | BenefitsError::NoMatter) => Err(Problem::NotFound),
        (Some(said), BenefitsError::Faults(_) | BenefitsError::NotDecidedHere(_) | BenefitsError::Misfit { .. }) => {
            Ok(opened.desk.voice.of(&said).to_owned())
        }
        (_, BenefitsError::Stale) => Err(Problem::Conflict),
        (_, other) => Err(Problem::internal(other)),
    }
}
