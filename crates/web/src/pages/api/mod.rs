//! The interface for other systems, for people: every address with what it does, every refusal with its cause.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::edge::{Ask, Problem, refusals};
use crate::frame::{Rail, Voice};
use crate::routes::endpoints;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub groups: Vec<Group>,
    pub problems: Vec<Refusal>,
}

/// Addresses of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub id: String,
    pub lines: Vec<Line>,
}

/// One address.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: &'static str,
    pub method: String,
    pub path: &'static str,
    pub says: String,
    pub permission: Option<&'static str>,
}

/// One kind of refusal.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    pub code: &'static str,
    pub status: u16,
}

/// `GET /api`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    let voice = app.renderer().voice(ask.lang);
    let shell = ask.shell(Rail::Nowhere, voice.word("api-title"));
    app.page(&ask, "api/index.html", &shell, &view(voice))
}

/// Everything, by kind in the order of the routes.
#[must_use]
pub fn view(voice: Voice<'_>) -> View {
    let mut groups: Vec<Group> = Vec::new();
    for endpoint in endpoints() {
        let id = (endpoint.doc)().id;
        let line = Line {
            id,
            method: endpoint.method.to_string(),
            path: endpoint.path,
            says: voice.word(&format!("api-{id}")),
            permission: endpoint.permission,
        };
        let kind = id.split('-').next().unwrap_or_default();
        match groups.iter_mut().find(|group| group.id == kind) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { id: kind.to_owned(), lines: vec![line] }),
        }
    }
    let problems = refusals().iter().map(|(code, status)| Refusal { code, status: *status });
    View { groups, problems: problems.collect() }
}
