//! Refuses an application with its grounds; by a second person.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use benefits::Written;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act, show};
use crate::api::doc::Doc;
use crate::api::{Given, unchanged};
use crate::edge::{Ask, Problem};
use crate::pages::matters::{find, grounds};
use crate::state::AppState;

/// Why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApplicationRefusal")]
pub struct Refusal {
    #[schemars(length(min = 1, max = 1000))]
    words: String,
    /// The clause it rests on.
    clause: Option<String>,
    /// The part of the rule that is not met.
    part: Option<String>,
}

/// `POST /api/v1/applications/{number}/refusal`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    headers: HeaderMap,
    Given(given): Given<Refusal>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "application.decide")?;
        unchanged(&headers, &show::read(opened, &number)?)?;
        let grounds = grounds(opened, matter.person, &matter.rule)?;
        let written = Written { grounds, clause: given.clause, part: given.part, ..Written::words(&given.words) };
        act(opened, |office, tx, by| office.refuse(tx, matter.id, by, written))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-refuse").takes::<Refusal>().once().matches().refuses(&["conflict"])
}
