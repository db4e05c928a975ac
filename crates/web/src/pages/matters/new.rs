//! Beginning an application for someone: which benefit, what the rules say, which papers are there.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{About, Filing};
use kernel::PersonId;
use policy::Outcome;
use serde::{Deserialize, Serialize};

use super::show::{Choice, Paper};
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Condition, Mood, PersonRef, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub person: PersonRef,
    pub number: String,
    pub place: String,
    /// Benefits to choose from, with what the rules say of each.
    pub rules: Vec<Offer>,
    pub chosen: Option<Chosen>,
    pub faults: Vec<FieldFault>,
    pub words: String,
}

/// A benefit that may be applied for.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub answer: Mood,
}

/// The benefit chosen.
#[derive(Clone, Debug, Serialize)]
pub struct Chosen {
    pub rule: String,
    pub label: String,
    pub summary: String,
    pub answer: Mood,
    pub conditions: Vec<Condition>,
    pub papers: Vec<Paper>,
    pub apply_to: Option<String>,
    pub decided_by: Option<String>,
    /// One is under way already.
    pub running: Option<Choice>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    person: String,
    #[serde(default)]
    rule: String,
}

/// `GET /d/applications/new`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    page(app, ask, params, Vec::new(), String::new()).await
}

async fn page(
    app: AppState,
    ask: Ask,
    params: Params,
    faults: Vec<FieldFault>,
    words: String,
) -> Result<Response, Problem> {
    let refused = !faults.is_empty();
    let person: PersonId = params.person.parse().map_err(|_| Problem::NotFound)?;
    let mut response = app
        .night_page(ask, "matters/new.html", move |ask, opened| {
            opened.demand("application.file", person)?;
            let mut view = view(opened, person, &params.rule)?;
            (view.faults, view.words) = (faults, words);
            let shell = ask
                .shell(Rail::Matters, opened.desk.voice.word("matter-new"))
                .via(opened.desk.voice.word("matters-title"), "/d/applications");
            Ok((shell, view))
        })
        .await?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn view(opened: &Opened<'_>, person: PersonId, rule: &str) -> Result<View, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let today = opened.app.clock().today();
    let now = opened.ask(|session| world.now(session, opened.keys(), person, today))?.ok_or(Problem::NotFound)?;
    let decided_here = desk.pack.rules_of("benefit").filter(|r| r.benefit().is_some_and(|b| b.process.is_some()));
    let said = |outcome: Option<Outcome>| match outcome {
        Some(Outcome::Met) => Mood::new("ok", desk.voice.word("matter-answer-met")),
        Some(Outcome::NotMet) => Mood::new("no", desk.voice.word("matter-answer-not_met")),
        _ => Mood::new("q", desk.voice.word("matter-answer-unknown")),
    };
    let rules: Vec<Offer> = decided_here
        .map(|one| Offer {
            label: desk.voice.of(&one.label).to_owned(),
            href: super::new_href(person, &one.id),
            current: one.id == rule,
            answer: said(now.answer(&one.id).map(|answer| answer.outcome)),
        })
        .collect();
    let chosen = desk.pack.rule(rule).and_then(|one| Some((one, one.benefit()?)));
    let chosen = match chosen.filter(|(_, benefit)| benefit.process.is_some()) {
        Some((one, benefit)) => {
            let running = opened.ask(|session| benefits::under_way(session, person, &one.id))?;
            let running = running.filter(|matter| matter.filed_on.is_some());
            let answer = now.answer(&one.id);
            let grounds = answer.map(|answer| benefits::Grounds::of(desk.pack, now.as_of, answer, &now.lines));
            Some(Chosen {
                rule: one.id.clone(),
                label: desk.voice.of(&one.label).to_owned(),
                summary: desk.voice.of(&one.summary).to_owned(),
                answer: said(answer.map(|answer| answer.outcome)),
                conditions: grounds.map(|grounds| super::said::conditions(&desk, &grounds)).unwrap_or_default(),
                papers: benefit
                    .opens
                    .iter()
                    .enumerate()
                    .map(|(at, paper)| Paper { at, label: desk.voice.of(&paper.label).to_owned(), seen: false })
                    .collect(),
                apply_to: benefit.apply_to.as_ref().map(|place| desk.voice.of(place).to_owned()),
                decided_by: benefit.process.as_ref().map(|process| desk.voice.of(&process.decided_by).to_owned()),
                running: running
                    .map(|matter| Choice { value: super::href(&matter.number), label: matter.number.clone() }),
            })
        }
        None => None,
    };
    Ok(View {
        headline: desk.voice.say("matter-new-headline", &[("name", desk.masked_name(person).into())]),
        person: desk.person(person),
        number: person.to_string(),
        place: desk.home_said(person),
        rules,
        chosen,
        faults: Vec::new(),
        words: String::new(),
    })
}

#[derive(Clone, Debug, Deserialize)]
pub struct Given {
    #[serde(default)]
    person: String,
    #[serde(default)]
    rule: String,
    #[serde(flatten)]
    rest: super::deeds::Given,
}

/// `POST /d/applications`
pub async fn save(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let person: PersonId = given.person.parse().map_err(|_| Problem::NotFound)?;
    let params = Params { person: given.person.clone(), rule: given.rule.clone() };
    let words = given.rest.words().to_owned();
    let done = app
        .open_night(&ask, move |opened| {
            opened.demand("application.file", person)?;
            let grounds = super::grounds(opened, person, &given.rule)?;
            let village = village(&opened.desk, person).ok_or(Problem::NotFound)?;
            let papers = given.rest.papers();
            super::act(opened, |office, tx, by| {
                let about = About { person, rule: &given.rule, village };
                office.file(tx, &about, by, &Filing { papers: &papers, words: given.rest.words(), grounds })
            })
        })
        .await?;
    match done {
        Ok(matter) => {
            let target = address(&super::href(&matter.number), &[("done", "file")]);
            Ok(Redirect::to(&ask.href(&target)).into_response())
        }
        Err(faults) => page(app, ask, params, faults, words).await,
    }
}

/// Where someone lives; the plan's own division when that is not known.
#[must_use]
pub fn village(desk: &Desk<'_>, person: PersonId) -> Option<kernel::DivisionCode> {
    desk.home(person).or_else(|| desk.pack.roots.first().copied())
}
