//! Every place within reach, with what is known of it.

use accounts::authz::Target;
use axum::Json;
use axum::extract::State;
use kernel::{DivisionCode, PlaceId};
use policy::column::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::doc::Doc;
use crate::api::shapes::{Code, Division, PlaceNumber};
use crate::api::value::FactValue;
use crate::api::{Asked, Page, Paging, cut};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

/// Which places.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only places standing here.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// Only places of this kind, as the dictionary names it.
    kind: Option<String>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// A place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    #[schemars(with = "PlaceNumber")]
    id: String,
    name: Option<String>,
    kind: Option<String>,
    division: Option<Division>,
    /// Everything known of it on the night.
    facts: Vec<FactValue>,
}

/// `GET /api/v1/places`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Place>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let table = desk.population.table("place");
        let rows: Vec<usize> = table.map_or_else(Vec::new, |table| {
            let wanted = |row: &usize| {
                let (there, id) = (division(table, *row), PlaceId(table.ids()[*row]));
                desk.within.admits(&Target::place(id, there))
                    && query.division.is_none_or(|asked| there.is_some_and(|there| asked.contains(there)))
                    && query.kind.as_ref().is_none_or(|kind| table.get(*row, "kind").as_text() == Some(kind.as_str()))
            };
            (0..table.rows()).filter(wanted).collect()
        });
        let question = format!("places {:?} {:?}", query.division, query.kind);
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &rows, |row| {
            let table = table.ok_or(Problem::NotFound)?;
            Ok(shown(opened, table, *row))
        })
    });
    page.await.map(Json)
}

fn division(table: &Table, row: usize) -> Option<DivisionCode> {
    table.get(row, "division").as_text().and_then(|code| code.parse().ok())
}

fn shown(opened: &Opened<'_>, table: &Table, row: usize) -> Place {
    let desk = opened.desk;
    let text = |key: &str| table.get(row, key).as_text().map(str::to_owned);
    let facts = desk.pack.dictionary.of("place").filter(|fact| fact.derive.is_none());
    let known = facts.map(|fact| (fact, table.get(row, &fact.key))).filter(|(_, value)| !value.is_null());
    Place {
        id: PlaceId(table.ids()[row]).to_string(),
        name: text("name"),
        kind: text("kind"),
        division: division(table, row).map(|code| Division::of(&desk, code)),
        facts: known.map(|(fact, value)| FactValue::of(&desk, "place", &fact.key, &value)).collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Page<Place>>("places-list").query::<Query>()
}
