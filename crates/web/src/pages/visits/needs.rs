//! Needs that visits brought up, until somebody has seen to them.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use care::visits::{NeedLine, Settled};
use policy::model::Rule;
use serde::{Deserialize, Serialize};

use super::bounds;
use super::index::Params;
use crate::desk::Region;
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
        let rows: Vec<Row> = open(opened, region)?.iter().map(|need| row(opened, need)).collect();
        let n = i64::try_from(rows.len()).unwrap_or(0);
        let headline = desk.voice.say("needs-headline", &[("n", n.into())]);
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("needs-title"));
        shell = shell.via(desk.voice.word("visits-title"), "/d/visits");
        shell.scope = desk.scopes(region, "/d/visits/needs", &[]);
        Ok((shell, View { headline, rows }))
    })
    .await
}

fn row(opened: &Opened<'_>, line: &NeedLine) -> Row {
    let (desk, (need, benefit)) = (opened.desk, said(opened, line));
    Row {
        person: desk.person(line.person),
        place: desk.home_said(line.person),
        need,
        benefit: benefit.map(|rule| desk.voice.of(&rule.label).to_owned()),
        found: desk.day(line.found_on),
        action: format!("/d/visits/needs/{}", line.id),
    }
}

#[derive(Debug, Deserialize)]
pub struct Given {
    state: Settled,
}

/// `POST /d/visits/needs/{need}`
pub async fn settle(
    State(app): State<AppState>,
    ask: Ask,
    Path(need): Path<i64>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| see_to(opened, need, given.state)).await?;
    Ok(Redirect::to(&ask.href("/d/visits/needs")).into_response())
}

/// Notes how a need was seen to.
///
/// # Errors
/// `NotFound`, `NotAllowed`; `Conflict` when it was closed before.
pub fn see_to(opened: &Opened<'_>, need: i64, settled: Settled) -> Result<(), Problem> {
    let person = opened.ask(|session| care::visits::need_person(session, need))?.ok_or(Problem::NotFound)?;
    opened.demand("work_item.act", person)?;
    let signed = opened.viewer.signed().ok_or(Problem::NotFound)?;
    let by = (signed.user, opened.app.clock().now());
    let done = opened.ask(|session| care::visits::settle_need(session, opened.keys(), (need, person), settled, by))?;
    if done { Ok(()) } else { Err(Problem::Conflict) }
}

/// Open needs of a part of the region that the page's permission reaches, the oldest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn open(opened: &Opened<'_>, region: Region) -> Result<Vec<NeedLine>, Problem> {
    let (low, high) = bounds(region);
    let mut needs = opened.ask(|session| care::visits::needs(session, opened.keys(), (&low, &high)))?;
    needs.retain(|need| opened.desk.reaches(need.person));
    Ok(needs)
}

/// The need in words, and the benefit that answers it where the plan has it.
#[must_use]
pub fn said<'p>(opened: &Opened<'p>, line: &NeedLine) -> (String, Option<&'p Rule>) {
    let need = opened.published.forms.visit.need(&line.need);
    let benefit = need.and_then(|need| opened.desk.pack.rule(need.benefit.as_ref()?));
    let label = need.map_or_else(|| line.need.clone(), |need| opened.desk.voice.of(&need.label).to_owned());
    (label, benefit.filter(|rule| rule.benefit().is_some()))
}
