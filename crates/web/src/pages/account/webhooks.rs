//! One's webhooks for people: where events go, what arrived, what was given up, ending one.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use exchange::ExchangeError;
use exchange::subscriptions::{self, DeliveryLine, Subscription, SubscriptionId};
use kernel::china_minute;
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::Mood;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub hooks: Vec<Hook>,
}

/// One webhook with what was sent last.
#[derive(Clone, Debug, Serialize)]
pub struct Hook {
    pub address: String,
    pub events: String,
    pub place: String,
    /// Given up, of those shown.
    pub failed: i64,
    pub lines: Vec<Line>,
    pub action: String,
}

/// One delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: i64,
    pub event: String,
    pub state: Mood,
    pub attempts: i64,
    /// What the receiver answered, or why nothing came.
    pub last: String,
    pub at: String,
}

/// Deliveries listed of each.
const LINES: usize = 12;

/// `GET /account/webhooks`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.night_page(ask, "account/webhooks.html", |ask, opened| {
        let view = view(opened)?;
        let voice = opened.desk.voice;
        Ok((ask.shell(Rail::Nowhere, voice.word("hooks-title")).via(voice.word("account-title"), "/account"), view))
    })
    .await
}

/// `POST /account/webhooks/{webhook}/end`
pub async fn end(State(app): State<AppState>, ask: Ask, Path(id): Path<i64>) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let signed = opened.viewer.signed().ok_or(Problem::NotFound)?;
        let now = opened.app.clock().now();
        match opened.try_ask(|session| Ok(subscriptions::end(session, signed.user, SubscriptionId(id), now)))? {
            Ok(()) => Ok(()),
            Err(ExchangeError::NoSubscription) => Err(Problem::NotFound),
            Err(other) => Err(Problem::internal(other)),
        }
    })
    .await?;
    Ok(Redirect::to(&ask.href("/account/webhooks")).into_response())
}

fn view(opened: &Opened<'_>) -> Result<View, Problem> {
    let signed = opened.viewer.signed().ok_or(Problem::NotFound)?;
    let all = opened.ask(|session| subscriptions::of_account(session, signed.user))?;
    let hooks = all.iter().map(|one| hook(opened, one)).collect::<Result<_, _>>()?;
    Ok(View { hooks })
}

fn hook(opened: &Opened<'_>, one: &Subscription) -> Result<Hook, Problem> {
    let desk = opened.desk;
    let lines = opened.ask(|session| subscriptions::deliveries(session, one.id))?;
    let events: Vec<&str> = one.events.iter().map(String::as_str).collect();
    Ok(Hook {
        address: one.address.clone(),
        events: desk.voice.join(&events),
        place: one.division.map(|code| desk.where_is(code)).unwrap_or_default(),
        failed: i64::try_from(lines.iter().filter(|line| line.state == "failed").count()).unwrap_or(0),
        lines: lines.iter().take(LINES).map(|line| shown(opened, line)).collect(),
        action: format!("/account/webhooks/{}/end", one.id.0),
    })
}

fn shown(opened: &Opened<'_>, line: &DeliveryLine) -> Line {
    let voice = opened.desk.voice;
    let (kind, key) = match line.state.as_str() {
        "delivered" => ("ok", "hooks-delivered"),
        "failed" => ("danger", "hooks-failed"),
        _ => ("warn", "hooks-waiting"),
    };
    Line {
        id: line.id,
        event: line.event.clone(),
        state: Mood::new(kind, voice.word(key)),
        attempts: line.attempts,
        last: line.status.map(|status| status.to_string()).or_else(|| line.fault.clone()).unwrap_or_default(),
        at: china_minute(line.tried_at.unwrap_or(line.made_at)),
    }
}
