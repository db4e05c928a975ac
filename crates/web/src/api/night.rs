//! The night that every answer is about.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::doc::Doc;
use super::shapes::{Day, Moment};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// The published night.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Night {
    /// The day the answers hold for.
    #[schemars(with = "Day")]
    as_of: String,
    #[schemars(with = "Moment")]
    published_at: String,
    /// The plan in force.
    pack: String,
    version: String,
    /// People known.
    people: u64,
    /// Lists came in after it: what they say is shown after the next night.
    lists_since: bool,
    /// The plan's files changed since it was run.
    pack_changed: bool,
}

/// `GET /api/v1/night`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Json<Night>, Problem> {
    let night = app.open_night(&ask, |opened| {
        let world = &opened.published.world;
        Ok(Night {
            as_of: world.as_of().to_string(),
            published_at: world.night.published_at.to_string(),
            pack: world.pack.id.clone(),
            version: world.pack.version.clone(),
            people: opened.desk.people().map_or(0, |table| table.rows() as u64),
            lists_since: world.lists_since,
            pack_changed: world.pack_changed,
        })
    });
    night.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Night>("night-show")
}
