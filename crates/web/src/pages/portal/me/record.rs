//! Who came to see an elder, and the assessment in force, as far as the reader may see them.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::PersonId;
use policy::value::Value;
use serde::Serialize;

use super::{admitted, tabs};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::people::known::Known;
use crate::parts::{Chip, Stamp};
use crate::public::{Made, Page};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub tabs: Vec<Chip>,
    pub visits: Vec<Visit>,
    pub assessment: Option<Assessment>,
    /// Whether the reader may see assessments at all.
    pub may_assess: bool,
}

/// A visit, a call, help of the village.
#[derive(Clone, Debug, Serialize)]
pub struct Visit {
    pub day: String,
    pub kind: String,
}

/// The newest valid ability assessment.
#[derive(Clone, Debug, Serialize)]
pub struct Assessment {
    pub n: i64,
    pub label: String,
    pub on: String,
    pub until: String,
    pub stamp: Option<Stamp>,
}

/// Visits told.
const VISITS: usize = 60;

/// `GET /me/{person}/record`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.own_page(ask, Page::new(Section::Me, "portal/me-record.html"), move |_, opened| {
        let row = admitted(opened, "visit.list", person)?;
        let view = view(opened, person, row)?;
        let title = opened.desk.voice.say("me-record-title", &[("name", view.name.clone().into())]);
        Ok(Made::new(title, view))
    })
    .await
}

fn view(opened: &Opened<'_>, person: PersonId, row: usize) -> Result<View, Problem> {
    let desk = &opened.desk;
    let known = Known::read(opened, person)?;
    let value = |key: &str| desk.people().map_or(Value::Null, |table| table.get(row, key));
    let mut visits: Vec<_> = known.visits.iter().filter(|visit| visit.on <= desk.as_of).collect();
    visits.sort_by_key(|visit| std::cmp::Reverse(visit.on));
    let may_assess = opened.demand("assessment.see", person).is_ok();
    let level = value("ability_level");
    let assessment = level.as_units().filter(|_| may_assess).map(|n| Assessment {
        n,
        label: desk.value("person", "ability_level", &level).unwrap_or_default(),
        on: value("ability_assessed_on").to_string(),
        until: value("ability_valid_until").to_string(),
        stamp: known.stamp("ability_level"),
    });
    Ok(View {
        name: desk.masked_name(person),
        tabs: tabs(opened, person, "/record"),
        visits: visits
            .into_iter()
            .take(VISITS)
            .map(|visit| Visit { day: visit.on.to_string(), kind: desk.visit_kind(&visit.kind) })
            .collect(),
        assessment,
        may_assess,
    })
}
