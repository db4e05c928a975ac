//! The audit trail: who did what to what, and whether it was tampered with.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kernel::china_minute;
use serde::{Deserialize, Serialize};
use store::audit::{self, Line, Wanted};

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::parts::address;
use crate::state::AppState;

const SIZE: i64 = 100;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub params: Params,
    pub actions: Vec<Action>,
    pub rows: Vec<Row>,
    /// Address of older entries.
    pub older: Option<String>,
    pub verify_href: String,
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Action {
    pub id: String,
    pub label: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub sequence: i64,
    pub at: String,
    pub actor: String,
    pub actor_href: String,
    pub action: String,
    pub subject: String,
    pub subject_href: String,
    pub detail: String,
}

/// What a check of the chain found.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub entries: i64,
    pub faults: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Params {
    actor: String,
    action: String,
    subject: String,
    before: String,
    verify: String,
}

/// `GET /d/audit`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/audit.html", move |ask, office| {
        let view = view(office, params)?;
        Ok((StatusCode::OK, ask.shell(Rail::Admin, office.voice.word("audit-title")), view))
    })
    .await
}

fn view(office: &mut Office<'_>, params: Params) -> Result<View, Problem> {
    let wanted = Wanted {
        actor: params.actor.trim().to_owned(),
        action: params.action.clone(),
        subject: params.subject.trim().to_owned(),
        before: params.before.parse().ok(),
        limit: SIZE,
    };
    let lines = audit::page(&mut office.session, &wanted).map_err(Problem::internal)?;
    let actions = audit::actions(&mut office.session).map_err(Problem::internal)?;
    let here = |actor: &str, subject: &str, before: &str| {
        let query = [("actor", actor), ("action", &params.action), ("subject", subject), ("before", before)];
        address("/d/audit", &query)
    };
    let full = i64::try_from(lines.len()).is_ok_and(|n| n == SIZE);
    let older =
        lines.last().filter(|_| full).map(|line| here(&params.actor, &params.subject, &line.sequence.to_string()));
    let verdict = if params.verify == "yes" { Some(verdict(office)?) } else { None };
    let rows = lines.into_iter().map(|line| row(office, line, &here)).collect();
    let verify_href = address("/d/audit", &[("verify", "yes")]);
    let actions = actions.into_iter().map(|id| Action { label: said(office, &id), id }).collect();
    Ok(View { params, actions, rows, older, verify_href, verdict })
}

fn row(office: &mut Office<'_>, line: Line, here: &impl Fn(&str, &str, &str) -> String) -> Row {
    let at = line.at.parse::<DateTime<Utc>>().map(china_minute).unwrap_or(line.at);
    Row {
        sequence: line.sequence,
        at,
        actor: office.who(&line.actor),
        actor_href: here(&line.actor, "", ""),
        action: said(office, &line.action),
        subject_href: here("", &line.subject, ""),
        subject: line.subject,
        detail: if line.detail == "{}" { String::new() } else { line.detail },
    }
}

/// An action in words; one without words is shown as it is written.
fn said(office: &Office<'_>, action: &str) -> String {
    let plain = action.replace(['.', '_'], "-");
    office.voice.try_word(&format!("audit-did-{plain}")).unwrap_or_else(|| action.to_owned())
}

fn verdict(office: &mut Office<'_>) -> Result<Verdict, Problem> {
    let report = audit::verify(&mut office.session, office.app.keys()).map_err(Problem::internal)?;
    Ok(Verdict {
        entries: i64::try_from(report.entries).unwrap_or(i64::MAX),
        faults: report.faults.iter().map(ToString::to_string).collect(),
    })
}
