//! Pages of words: help, accessibility, privacy, and the beginning of the check.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::answered::{tile, what};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::public::{Made, Page};
use crate::state::AppState;

/// A page whose words are all in its template.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Empty {}

/// What may be due, before anything was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Begin {
    pub most: i64,
    pub items: Vec<Item>,
}

/// A benefit or visit.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: String,
    pub tile: String,
    pub label: String,
    pub what: String,
}

/// `GET /benefits`
pub async fn benefits(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Benefits, "portal/benefits.html"), |_, public| {
        let desk = &public.desk;
        let items = desk.pack.rules_of("benefit").chain(desk.pack.rules_of("visit")).map(|rule| Item {
            id: rule.id.clone(),
            tile: tile(desk, rule),
            label: desk.voice.of(&rule.label).to_owned(),
            what: what(desk, rule, None),
        });
        let view = Begin { most: i64::try_from(desk.pack.portal.questions.len()).unwrap_or(0), items: items.collect() };
        Ok(Made::new(desk.voice.word("benefits-title"), view))
    })
    .await
}

/// `GET /help`
pub async fn help(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, "portal/help.html", "help-title").await
}

/// `GET /accessibility`
pub async fn accessibility(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, "portal/accessibility.html", "accessibility-title").await
}

/// `GET /privacy`
pub async fn privacy(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, "portal/privacy.html", "privacy-title").await
}

async fn page(app: AppState, ask: Ask, template: &'static str, title: &'static str) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Nowhere, template), move |_, public| {
        Ok(Made::new(public.desk.voice.word(title), Empty {}))
    })
    .await
}
