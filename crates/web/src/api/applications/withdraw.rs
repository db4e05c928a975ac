//! Takes an application back.

use axum::Json;
use axum::extract::{Path, State};

use super::{Application, Words, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::matters::find;
use crate::state::AppState;

/// `POST /api/v1/applications/{number}/withdrawal`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Given(given): Given<Words>,
) -> Result<Json<Application>, Problem> {
    let done = app.open_night(&ask, move |opened| {
        let matter = find(opened, &number, "application.file")?;
        act(opened, |office, tx, by| office.withdraw(tx, matter.id, by, &given.words))
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-withdraw").takes::<Words>().once().refuses(&["conflict"])
}
