//! Fields that two people changed without knowing of each other: both are shown, a person keeps one.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use care::edits::{Decided, decide};
use kernel::PersonId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::audit::{self, Entry};

use super::index::Params;
use super::panel::text;
use super::{account_name, bounds, moment};
use crate::edge::{Ask, Problem};
use crate::field::beside::Rooms;
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::PersonRef;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub disputes: Vec<Dispute>,
    pub action: String,
}

/// One field of one person.
#[derive(Clone, Debug, Serialize)]
pub struct Dispute {
    pub person: PersonRef,
    pub number: String,
    pub place: String,
    pub label: String,
    pub field: String,
    pub says: Vec<Said>,
}

/// One value, who said it and when.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub value: String,
    pub by: String,
    pub at: String,
    pub keep: String,
}

/// `GET /d/visits/conflicts`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "visits/conflicts.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let (low, high) = bounds(region);
        let found = opened.ask(|session| care::edits::disputes(session, opened.keys(), (&low, &high)))?;
        let disputes: Vec<Dispute> =
            found.iter().filter(|dispute| desk.reaches(dispute.person)).map(|d| shown(opened, d)).collect();
        let n = i64::try_from(disputes.len()).unwrap_or(0);
        let headline = desk.voice.say("conflicts-headline", &[("n", n.into())]);
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("conflicts-title"));
        shell = shell.via(desk.voice.word("visits-title"), "/d/visits");
        shell.scope = desk.scopes(region, "/d/visits/conflicts", &[]);
        Ok((shell, View { headline, disputes, action: "/d/visits/conflicts".into() }))
    })
    .await
}

fn shown(opened: &Opened<'_>, dispute: &care::edits::Dispute) -> Dispute {
    let desk = opened.desk;
    let field = opened.published.forms.visit.field(&dispute.field);
    let said = |edit: &care::edits::Edit| Said {
        value: text(&edit.value),
        by: account_name(opened, edit.by),
        at: moment(edit.at),
        keep: edit.operation.clone(),
    };
    Dispute {
        person: desk.person(dispute.person),
        number: dispute.person.to_string(),
        place: desk.home_said(dispute.person),
        label: field
            .map_or_else(|| desk.label("person", &dispute.field), |field| desk.voice.of(&field.label).to_owned()),
        field: dispute.field.clone(),
        says: dispute.edits.iter().map(said).collect(),
    }
}

#[derive(Debug, Deserialize)]
pub struct Given {
    person: String,
    field: String,
    keep: String,
}

/// `POST /d/visits/conflicts`
pub async fn save(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let person: PersonId = given.person.parse().map_err(|_| Problem::Unreadable)?;
    let target = ask.href("/d/visits/conflicts");
    let asked = ask.clone();
    app.open_night(&ask, move |opened| keep(opened, &asked, person, &given)).await?;
    Ok(Redirect::to(&target).into_response())
}

fn keep(opened: &Opened<'_>, ask: &Ask, person: PersonId, given: &Given) -> Result<(), Problem> {
    opened.demand("visit.assign", person)?;
    let signed = ask.viewer.signed().ok_or(Problem::NotFound)?;
    let published = opened.app.published()?;
    let now = opened.app.clock().now();
    let mut rooms = Rooms {
        accounts: opened.app.door().map(|door| &door.accounts),
        who: Some(&signed.principal),
        published: &published,
        keys: opened.keys(),
        now,
    };
    let choice = (person, given.field.as_str(), given.keep.as_str());
    let by = (signed.user, now);
    let done = opened.ask(|session| decide(session, opened.keys(), &mut rooms, choice, by))?;
    if done == Decided::Gone {
        return Err(Problem::Conflict);
    }
    let (actor, subject) = (signed.user.to_string(), person.to_string());
    let detail = json!({ "field": given.field, "kept": given.keep });
    let entry = Entry { at: now, actor: &actor, action: "visit.decide", subject: &subject, detail: &detail };
    opened.ask(|session| audit::append(session, opened.keys(), &entry)).map(drop)
}
