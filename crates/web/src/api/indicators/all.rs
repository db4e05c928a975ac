//! Every indicator measured in a division.

use axum::Json;
use axum::extract::State;
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Value;
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, region};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// Of which part of the region.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
}

/// `GET /api/v1/indicators`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Vec<Value>>, Problem> {
    let values = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let at = region(opened, "indicator.see", query.division)?.division();
        let measured = |indicator: &policy::model::Indicator| {
            let at = at.or_else(|| desk.pack.roots.first().copied())?;
            Some(Value::of(&desk, indicator, at, desk.judged(&indicator.id, at)?))
        };
        Ok(desk.pack.indicators.iter().filter_map(measured).collect())
    });
    values.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Value>>("indicators-list").query::<Query>()
}
