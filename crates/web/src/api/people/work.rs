//! What was ever found to do for one person.

use axum::Json;
use axum::extract::{Path, State};

use super::reached;
use crate::api::doc::Doc;
use crate::api::work::Item;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `GET /api/v1/people/{person}/work-items`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Item>>, Problem> {
    let items = app.open_night(&ask, move |opened| {
        let person = reached(opened, "work_item.list", &asked)?;
        let items = opened.ask(|session| worklist::of_person(session, person))?;
        Ok(items.iter().map(|item| Item::of(&opened.desk, item)).collect())
    });
    items.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Item>>("people-work")
}
