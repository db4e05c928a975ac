//! Proposes to stop what was granted; a second person confirms it or keeps it on.

use axum::Json;
use axum::extract::{Path, State};
use benefits::{StopCause, Written};
use kernel::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::edge::{Ask, Problem};
use crate::pages::matters::{find, grounds};
use crate::state::AppState;

/// From when, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApplicationStop")]
pub struct Stop {
    /// The first day without it.
    #[schemars(with = "Day")]
    from: Date,
    cause: Cause,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StopCause")]
enum Cause {
    Died,
    MovedAway,
    NoLongerMet,
    /// Said in words.
    Other,
}

/// `POST /api/v1/applications/{number}/stop`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Given(given): Given<Stop>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "work_item.act")?;
        let grounds = grounds(opened, matter.person, &matter.rule)?;
        let cause = match given.cause {
            Cause::Died => StopCause::Died,
            Cause::MovedAway => StopCause::MovedAway,
            Cause::NoLongerMet => StopCause::NoLongerMet,
            Cause::Other => StopCause::Other,
        };
        let written = Written { grounds, ..Written::words(&given.words) };
        act(opened, |office, tx, by| office.propose_stop(tx, matter.id, by, given.from, (Some(cause), written)))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-stop").takes::<Stop>().once().refuses(&["conflict"])
}
