//! The rules about people as one SELECT, in a chosen dialect.

use axum::extract::{Query, State};
use axum::response::Response;
use policy::sql::{Dialect, print};
use serde::{Deserialize, Serialize};

use super::tabs;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::parts::{Chip, address};
use crate::state::AppState;

const DIALECTS: [(&str, &str, Dialect); 3] = [
    ("postgres", "PostgreSQL", Dialect::Postgres),
    ("sqlite", "SQLite", Dialect::Sqlite),
    ("datafusion", "DataFusion", Dialect::Datafusion),
];

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    dialect: String,
}

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub tabs: Vec<Chip>,
    pub dialect: String,
    pub chips: Vec<Chip>,
    pub lines: i64,
    pub text: String,
}

/// `GET /d/policy/sql?dialect=…`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "policy/sql.html", move |ask, opened| {
        let shell = ask.shell(Rail::Policy, opened.desk.voice.word("policy-tab-sql"));
        Ok((shell, view(&opened.desk, &params.dialect)))
    })
    .await
}

/// The pack in the dialect named, else in PostgreSQL's.
#[must_use]
pub fn view(desk: &Desk<'_>, dialect: &str) -> View {
    let chosen = DIALECTS.into_iter().find(|(id, ..)| *id == dialect).unwrap_or(DIALECTS[0]);
    let text = print(desk.program, chosen.2, desk.as_of);
    View {
        tabs: tabs(desk.voice, "sql"),
        dialect: chosen.1.to_owned(),
        chips: DIALECTS
            .into_iter()
            .map(|(id, name, _)| Chip {
                label: name.to_owned(),
                n: None,
                href: address("/d/policy/sql", &[("dialect", id)]),
                current: id == chosen.0,
            })
            .collect(),
        lines: i64::try_from(text.lines().count()).unwrap_or(0),
        text,
    }
}
