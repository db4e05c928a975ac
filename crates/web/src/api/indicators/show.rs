//! One indicator: what is counted, its value, and the values of the divisions below.

use axum::Json;
use axum::extract::{Path, State};
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Value;
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, region};
use crate::edge::{Ask, Problem};
use crate::pages::indicators::show::sql;
use crate::state::AppState;

/// Of which part of the region.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
}

/// An indicator.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Indicator {
    value: Value,
    /// One level down, where it is measured there.
    below: Vec<Value>,
    clauses: Vec<String>,
    /// As the pack writes it.
    numerator_sql: String,
    denominator_sql: String,
    summary: Option<String>,
    note: Option<String>,
    /// The sources do not settle it.
    to_confirm: bool,
}

/// `GET /api/v1/indicators/{id}`
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<Indicator>, Problem> {
    let shown = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let indicator = desk.pack.indicator(&id).ok_or(Problem::NotFound)?;
        let region = region(opened, "indicator.see", query.division)?;
        let at = region.division().or_else(|| desk.pack.roots.first().copied()).ok_or(Problem::NotFound)?;
        let value = |at| Some(Value::of(&desk, indicator, at, desk.judged(&indicator.id, at)?));
        let (numerator_sql, denominator_sql) = sql(&desk, indicator);
        Ok(Indicator {
            value: value(at).ok_or(Problem::NotFound)?,
            below: desk.below(region).into_iter().filter_map(value).collect(),
            clauses: indicator.clauses.clone(),
            numerator_sql,
            denominator_sql,
            summary: indicator.summary.as_ref().map(|text| desk.voice.of(text).to_owned()),
            note: indicator.note.as_ref().map(|text| desk.voice.of(text).to_owned()),
            to_confirm: indicator.to_confirm,
        })
    });
    shown.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Indicator>("indicators-show").query::<Query>()
}
