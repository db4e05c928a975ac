//! The figures of the pack with date, source and whether they are settled.

use axum::extract::State;
use axum::response::Response;
use policy::model::Parameter;
use serde::Serialize;

use super::tabs;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::parts::{Chip, ClauseLink};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub tabs: Vec<Chip>,
    pub groups: Vec<Group>,
}

/// Those to be confirmed, then those settled.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub label: String,
    pub to_confirm: bool,
    pub note: Option<String>,
    pub value: String,
    pub from: String,
    pub earlier: Vec<String>,
    pub source: String,
    pub clause: Option<ClauseLink>,
}

/// `GET /d/policy/parameters`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.night_page(ask, "policy/parameters.html", |ask, opened| {
        let shell = ask.shell(Rail::Policy, opened.desk.voice.word("policy-tab-parameters"));
        Ok((shell, view(&opened.desk)))
    })
    .await
}

/// Every parameter, those to be confirmed first.
#[must_use]
pub fn view(desk: &Desk<'_>) -> View {
    let (open, settled): (Vec<&Parameter>, Vec<&Parameter>) = desk.pack.parameters.iter().partition(|p| p.to_confirm);
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let args = [("n", count(desk.pack.parameters.len()).into()), ("open", count(open.len()).into())];
    let group = |key: &str, parameters: Vec<&Parameter>| Group {
        title: desk.voice.word(key),
        rows: parameters.into_iter().map(|p| row(desk, p)).collect(),
    };
    View {
        headline: desk.voice.say("param-title", &args),
        tabs: tabs(desk.voice, "parameters"),
        groups: [group("param-group-open", open), group("param-group-settled", settled)]
            .into_iter()
            .filter(|group| !group.rows.is_empty())
            .collect(),
    }
}

fn row(desk: &Desk<'_>, parameter: &Parameter) -> Row {
    let current = desk.parameter_value(parameter);
    let earlier = parameter.values.iter().filter(|v| current.is_some_and(|c| v.from < c.from)).rev();
    Row {
        id: parameter.id.clone(),
        label: desk.voice.of(&parameter.label).to_owned(),
        to_confirm: parameter.to_confirm,
        note: parameter.note.as_ref().map(|n| desk.voice.of(n).to_owned()),
        value: desk.parameter_said(parameter),
        from: current.map(|v| v.from.to_string()).unwrap_or_default(),
        earlier: earlier
            .map(|v| {
                let value = desk.plain_value(&v.value, parameter.unit.as_deref());
                desk.voice.say("param-earlier", &[("value", value.into()), ("from", v.from.to_string().into())])
            })
            .collect(),
        source: current.map(|v| desk.voice.of(&v.source).to_owned()).unwrap_or_default(),
        clause: parameter.clause.as_ref().and_then(|id| desk.clause_links(std::slice::from_ref(id)).pop()),
    }
}
