//! The pack in force.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::doc::Doc;
use crate::api::shapes::{Code, Day};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// A policy pack.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pack {
    id: String,
    version: String,
    title: String,
    #[schemars(with = "Vec<Code>")]
    divisions: Vec<String>,
    #[schemars(with = "Day")]
    in_force_from: String,
    #[schemars(with = "Option<Day>")]
    in_force_until: Option<String>,
    rules: u64,
    parameters: u64,
    /// Figures that the sources do not settle.
    to_confirm: u64,
    indicators: u64,
    clauses: u64,
}

/// `GET /api/v1/pack`
pub async fn one(State(app): State<AppState>, ask: Ask) -> Result<Json<Pack>, Problem> {
    let shown = app.open_night(&ask, |opened| {
        let pack = opened.desk.pack;
        Ok(Pack {
            id: pack.id.clone(),
            version: pack.version.clone(),
            title: opened.desk.voice.of(&pack.title).to_owned(),
            divisions: pack.roots.iter().map(ToString::to_string).collect(),
            in_force_from: pack.in_force_from.to_string(),
            in_force_until: pack.in_force_until.map(|day| day.to_string()),
            rules: pack.rules.len() as u64,
            parameters: pack.parameters.len() as u64,
            to_confirm: pack.parameters.iter().filter(|p| p.to_confirm).count() as u64,
            indicators: pack.indicators.len() as u64,
            clauses: pack.clauses.len() as u64,
        })
    });
    shown.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Pack>("pack-show")
}
