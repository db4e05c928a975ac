//! One person's applications.

use axum::Json;
use axum::extract::{Path, State};

use super::Application;
use crate::api::doc::Doc;
use crate::api::people::reached;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// `GET /api/v1/people/{person}/applications`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Application>>, Problem> {
    let all = app.open_night(&ask, move |opened| {
        let person = reached(opened, "application.see", &asked)?;
        let matters = opened.ask(|session| benefits::of_person(session, person))?;
        Ok(matters.iter().map(|matter| Application::of(opened, matter)).collect())
    });
    all.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Application>>("applications-person")
}
