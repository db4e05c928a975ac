//! Find people by name, pinyin, initials, ID number, its last four characters, or the platform's number.

use axum::Json;
use axum::extract::State;
use kernel::DivisionCode;
use registry::people::Places;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::doc::Doc;
use crate::api::shapes::{Code, Division, PersonNumber};
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::pages::people::search::{exact, found, is_dead};
use crate::state::AppState;

/// Whom to look for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// A name or how it opens, in Chinese or pinyin, initials, an ID number or its last four characters, or a number of
    /// the platform.
    q: String,
    /// Only people living here.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// Someone found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PersonFound")]
pub struct Line {
    #[schemars(with = "PersonNumber")]
    id: String,
    /// Masked.
    name: String,
    /// Full years on the night.
    age: Option<i64>,
    /// The last four characters of the ID number; null: unknown.
    id_tail: Option<String>,
    /// A death is recorded.
    dead: bool,
    division: Option<Division>,
    /// Ids of the classes the person is in.
    classes: Vec<String>,
}

/// `GET /api/v1/people`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Line>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let q: String = query.q.trim().chars().take(40).collect();
        let names = &opened.published.world.names;
        let people = match exact(opened, &q)? {
            Some(person) => Places::new(names.place_of(person).into_iter().collect()),
            None => found(opened, &q, query.division.as_slice()),
        };
        let question = format!("people {q} {:?}", query.division);
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &people, |at| {
            let hit = names.found(*at);
            let row = desk.row(hit.person);
            let shown = desk.person(hit.person);
            Ok(Line {
                id: hit.person.to_string(),
                name: shown.name,
                age: shown.age,
                id_tail: Some(hit.last_four.to_owned()).filter(|tail| !tail.is_empty()),
                dead: row.is_some_and(|row| is_dead(&desk, row)),
                division: hit.division.map(|code| Division::of(&desk, code)),
                classes: row.map(|row| desk.classes(row).into_iter().map(|c| c.id).collect()).unwrap_or_default(),
            })
        })
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Line>>("people-search").query::<Query>()
}
