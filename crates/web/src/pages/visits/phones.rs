//! The phones of visitors: when they were last heard of, whether their clocks are right, and what to do when one is lost.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use care::OperationId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::audit::{self, Entry};

use super::index::Params;
use super::{moment, visitors};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub rows: Vec<Row>,
    pub forget_after: i64,
}

/// One phone.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub owner: String,
    pub role: String,
    pub number: String,
    pub label: String,
    pub seen: String,
    /// Minutes its clock is ahead; none: it is right.
    pub clock: Option<i64>,
    pub lost: bool,
    pub action: String,
}

/// `GET /d/visits/phones`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "visits/phones.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let root = region.division().unwrap_or_else(|| desk.pack.roots[0]);
        let mut rows = Vec::new();
        for visitor in visitors::all(opened, root)? {
            for device in opened.ask(|session| care::devices::of_account(session, visitor.user.id))? {
                rows.push(row(&visitor, &device));
            }
        }
        let n = i64::try_from(rows.len()).unwrap_or(0);
        let door = opened.app.door().ok_or(Problem::NotFound)?;
        let forget_after = i64::from(door.accounts.authz().rules.field_device.forget_after_days);
        let headline = desk.voice.say("phones-headline", &[("n", n.into())]);
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("phones-title"));
        shell = shell.via(desk.voice.word("visits-title"), "/d/visits");
        shell.scope = desk.scopes(region, "/d/visits/phones", &[]);
        Ok((shell, View { headline, rows, forget_after }))
    })
    .await
}

fn row(visitor: &visitors::Visitor, device: &care::devices::Device) -> Row {
    let minutes = device.clock_off_ms / 60_000;
    Row {
        owner: visitor.user.display_name.clone(),
        role: visitor.role.clone(),
        number: device.id.chars().take(8).collect(),
        label: browser(&device.label),
        seen: moment(device.seen_at),
        clock: (minutes.abs() >= 2).then_some(minutes),
        lost: device.lost,
        action: format!("/d/visits/phones/{}", device.id),
    }
}

/// The browser and the system in what a browser calls itself.
fn browser(label: &str) -> String {
    let has = |word: &str| label.contains(word);
    let system = ["Android", "iPhone", "Windows", "Mac OS", "Linux"].into_iter().find(|word| has(word)).unwrap_or("");
    let browser =
        ["Edg", "MicroMessenger", "Firefox", "Chrome", "Safari"].into_iter().find(|word| has(word)).unwrap_or("");
    format!("{browser} {system}").trim().to_owned()
}

#[derive(Debug, Deserialize)]
pub struct Given {
    #[serde(default)]
    state: String,
}

/// `POST /d/visits/phones/{device}`: `state` is `lost` or `in_use`.
pub async fn report(
    State(app): State<AppState>,
    ask: Ask,
    Path(device): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let device: OperationId = device.parse().map_err(|_| Problem::NotFound)?;
    let asked = ask.clone();
    app.open_night(&ask, move |opened| set(opened, &asked, &device, given.state == "lost")).await?;
    Ok(Redirect::to(&ask.href("/d/visits/phones")).into_response())
}

fn set(opened: &Opened<'_>, ask: &Ask, device: &OperationId, lost: bool) -> Result<(), Problem> {
    let (Some(signed), Some(door)) = (ask.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let owner = opened.ask(|session| care::devices::owner(session, device))?.ok_or(Problem::NotFound)?;
    let user = opened.ask(|session| door.accounts.user(session, owner))?;
    opened.demand_division("visit.assign", user.division)?;
    opened.ask(|session| care::devices::set_lost(session, device, lost))?;
    let (actor, subject) = (signed.user.to_string(), owner.to_string());
    let detail = json!({ "device": device.to_string(), "lost": lost });
    let entry = Entry {
        at: opened.app.clock().now(),
        actor: &actor,
        action: "device.lost",
        subject: &subject,
        detail: &detail,
    };
    opened.ask(|session| audit::append(session, opened.keys(), &entry)).map(drop)
}
