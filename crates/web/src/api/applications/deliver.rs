//! Notes that what was granted has been given.

use axum::Json;
use axum::extract::{Path, State};
use kernel::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::edge::{Ask, Problem};
use crate::pages::matters::find;
use crate::state::AppState;

/// When it was given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApplicationDelivery")]
pub struct Delivery {
    #[schemars(with = "Day")]
    on: Date,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
}

/// `POST /api/v1/applications/{number}/delivery`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Given(given): Given<Delivery>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "work_item.act")?;
        act(opened, |office, tx, by| office.deliver(tx, matter.id, by, given.on, &given.words))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-deliver").takes::<Delivery>().once().refuses(&["conflict"])
}
