//! A new value for one cell of a waiting row: read again at once, and taken or kept with its faults.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number;
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::lists::correct::{Cell, Done, correct};
use crate::state::AppState;

/// The new value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    /// As the fault names it.
    #[schemars(length(min = 1, max = 100))]
    column: String,
    #[schemars(length(max = 1000))]
    value: String,
}

/// The row is taken.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Taken {
    /// As the office counts.
    row: u64,
}

/// `POST /api/v1/lists/{list}/rows/{row}`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path((list, row)): Path<(String, i64)>,
    Given(new): Given<NewValue>,
) -> Result<Json<Taken>, Problem> {
    let list = number(&list)?;
    let done = app.open_night(&ask, move |opened| {
        match correct(opened, list, row, Cell { column: new.column, value: new.value })? {
            Done::Taken(row) => Ok(Taken { row }),
            Done::Still(cause) => Err(Problem::Invalid(vec![FieldFault { field: "value".into(), cause }])),
        }
    });
    done.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Taken>("lists-correct").takes::<NewValue>().once().refuses(&["conflict"])
}
