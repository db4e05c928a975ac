//! Needs that visits brought up, until somebody has seen to them.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::audit::{self, Entry};

use super::bounds;
use super::index::Params;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::PersonRef;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub rows: Vec<Row>,
}

/// One need.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub place: String,
    pub need: String,
    /// The benefit that answers it, where the plan has it.
    pub benefit: Option<String>,
    pub found: String,
    pub action: String,
}

/// `GET /d/visits/needs`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "visits/needs.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let (low, high) = bounds(region);
        let needs = opened.ask(|session| care::visits::needs(session, opened.keys(), (&low, &high)))?;
        let rows: Vec<Row> =
            needs.iter().filter(|need| desk.reaches(need.person)).map(|need| row(opened, &desk, need)).collect();
        let n = i64::try_from(rows.len()).unwrap_or(0);
        let headline = desk.voice.say("needs-headline", &[("n", n.into())]);
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("needs-title"));
        shell = shell.via(desk.voice.word("visits-title"), "/d/visits");
        shell.scope = desk.scopes(region, "/d/visits/needs", &[]);
        Ok((shell, View { headline, rows }))
    })
    .await
}

fn row(opened: &Opened<'_>, desk: &Desk<'_>, line: &care::visits::NeedLine) -> Row {
    let need = opened.published.forms.visit.need(&line.need);
    let benefit = need.and_then(|need| desk.pack.rule(need.benefit.as_ref()?)).filter(|rule| rule.benefit().is_some());
    Row {
        person: desk.person(line.person),
        place: desk.home_said(line.person),
        need: need.map_or_else(|| line.need.clone(), |need| desk.voice.of(&need.label).to_owned()),
        benefit: benefit.map(|rule| desk.voice.of(&rule.label).to_owned()),
        found: desk.day(line.found_on),
        action: format!("/d/visits/needs/{}", line.id),
    }
}

#[derive(Debug, Deserialize)]
pub struct Given {
    #[serde(default)]
    state: String,
}

/// `POST /d/visits/needs/{need}`: `state` is `done`, `passed_on` or `not_needed`.
pub async fn settle(
    State(app): State<AppState>,
    ask: Ask,
    Path(need): Path<i64>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let state = ["done", "passed_on", "not_needed"].into_iter().find(|state| *state == given.state);
    let state = state.ok_or(Problem::Unreadable)?;
    let asked = ask.clone();
    app.open_night(&ask, move |opened| {
        let person = opened.ask(|session| care::visits::need_person(session, need))?.ok_or(Problem::NotFound)?;
        opened.demand("work_item.act", person)?;
        let signed = asked.viewer.signed().ok_or(Problem::NotFound)?;
        let now = opened.app.clock().now();
        let by = (signed.user, now);
        if !opened.ask(|session| care::visits::settle_need(session, need, state, by))? {
            return Err(Problem::Conflict);
        }
        let (actor, subject) = (signed.user.to_string(), person.to_string());
        let detail = json!({ "need": need, "state": state });
        let entry = Entry { at: now, actor: &actor, action: "need.settle", subject: &subject, detail: &detail };
        opened.ask(|session| audit::append(session, opened.keys(), &entry)).map(drop)
    })
    .await?;
    Ok(Redirect::to(&ask.href("/d/visits/needs")).into_response())
}
