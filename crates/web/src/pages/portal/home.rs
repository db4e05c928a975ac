//! The front door: the four things most people come for, whom to call, the services at home, what is published.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::consult::{self, Line};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::parts::address;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// How many benefits and visits the check speaks of.
    pub due: i64,
    pub tiles: Vec<Tile>,
    pub plan: String,
    pub published: String,
    pub indicators: i64,
    pub consultations: Vec<Line>,
}

/// A service at home.
#[derive(Clone, Debug, Serialize)]
pub struct Tile {
    pub character: String,
    pub label: String,
    pub note: String,
    pub href: String,
}

/// The group of services that are brought home.
const AT_HOME: &str = "home_services";

/// `GET /`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Home, "portal/home.html"), |_, public| {
        Ok(Made::new(public.desk.voice.word("portal-home"), view(public)?))
    })
    .await
}

fn view(public: &Public<'_>) -> Result<View, Problem> {
    let desk = &public.desk;
    let pack = desk.pack;
    let at_home = pack.services.iter().filter(|service| service.group.as_deref() == Some(AT_HOME));
    let tiles = at_home.map(|service| {
        let label = desk.voice.of(&service.label).to_owned();
        Tile {
            character: pack.portal.tile(&service.id).map_or_else(|| first(&service.label.zh), str::to_owned),
            note: service.note.as_ref().map(|note| desk.voice.of(note).to_owned()).unwrap_or_default(),
            href: address("/places", &[("service", &service.id)]),
            label,
        }
    });
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    Ok(View {
        due: count(pack.rules_of("benefit").chain(pack.rules_of("visit")).count()),
        tiles: tiles.collect(),
        plan: desk.voice.of(&pack.title).to_owned(),
        published: pack
            .document
            .as_ref()
            .and_then(|document| document.published)
            .map(|day| day.to_string())
            .unwrap_or_default(),
        indicators: count(pack.portal.publishing.indicators.len()),
        consultations: consult::open_now(public)?,
    })
}

fn first(label: &str) -> String {
    label.chars().next().map(String::from).unwrap_or_default()
}
