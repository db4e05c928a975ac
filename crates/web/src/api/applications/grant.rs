//! Grants an application from a day on; by a second person.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use benefits::Granting;
use kernel::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act, show};
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::api::{Given, unchanged};
use crate::edge::{Ask, Problem};
use crate::pages::matters::{find, grounds};
use crate::state::AppState;

/// From when on. The amount is the rules', never typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    #[schemars(with = "Day")]
    from: Date,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
}

/// `POST /api/v1/applications/{number}/grant`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    headers: HeaderMap,
    Given(given): Given<Grant>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "application.decide")?;
        unchanged(&headers, &show::read(opened, &number)?)?;
        let grounds = grounds(opened, matter.person, &matter.rule)?.ok_or(Problem::Conflict)?;
        act(opened, |office, tx, by| {
            office.grant(tx, matter.id, by, Granting { from: given.from, words: &given.words, grounds })
        })
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-grant").takes::<Grant>().once().matches().refuses(&["conflict"])
}
