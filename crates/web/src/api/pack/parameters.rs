//! The figures of the pack with date, source and whether they are settled.

use axum::Json;
use axum::extract::State;
use policy::model::Parameter as Written;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Raw;

use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::api::value::json;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// A figure of the pack.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Parameter {
    id: String,
    label: String,
    unit: Option<String>,
    clause: Option<String>,
    /// The sources do not settle it.
    to_confirm: bool,
    note: Option<String>,
    /// Oldest first.
    values: Vec<Figure>,
}

/// What it was from a day on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ParameterFigure")]
struct Figure {
    #[schemars(with = "Day")]
    from: String,
    /// Money in fen.
    value: Raw,
    source: String,
}

/// `GET /api/v1/pack/parameters`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<Parameter>>, Problem> {
    let parameters =
        app.open_night(&ask, |opened| Ok(opened.desk.pack.parameters.iter().map(|p| shown(&opened.desk, p)).collect()));
    parameters.await.map(Json)
}

fn shown(desk: &Desk<'_>, parameter: &Written) -> Parameter {
    Parameter {
        id: parameter.id.clone(),
        label: desk.voice.of(&parameter.label).to_owned(),
        unit: parameter.unit.clone(),
        clause: parameter.clause.clone(),
        to_confirm: parameter.to_confirm,
        note: parameter.note.as_ref().map(|note| desk.voice.of(note).to_owned()),
        values: parameter
            .values
            .iter()
            .map(|value| Figure {
                from: value.from.to_string(),
                value: json(&value.value),
                source: desk.voice.of(&value.source).to_owned(),
            })
            .collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Parameter>>("pack-parameters")
}
