//! Everything that is said of a person, and where it comes from.

use axum::Json;
use axum::extract::{Path, State};
use registry::snapshot::{self, FactLine, Subject};
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, ListNumber, Named};
use crate::api::value::FactValue;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

/// One fact as one row of one list says it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FactSaid")]
pub struct Said {
    #[serde(flatten)]
    fact: FactValue,
    /// The kind of list, with its name.
    source: Named,
    /// Id of the department that supplies it.
    department: Option<String>,
    #[schemars(with = "ListNumber")]
    list: String,
    #[schemars(with = "Day")]
    list_date: String,
    /// Row of the list; null: by absence from it.
    row: Option<u64>,
    #[schemars(with = "Day")]
    valid_from: String,
    /// First day on which it holds no more.
    #[schemars(with = "Option<Day>")]
    valid_until: Option<String>,
    /// In force on the night's day.
    in_force: bool,
    /// What answers use.
    current: bool,
    /// Another source in force says something else.
    disputed: bool,
}

/// `GET /api/v1/people/{person}/facts`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Vec<Said>>, Problem> {
    let facts = app.open_night(&ask, move |opened| {
        let person = reached(opened, "fact.see", &asked)?;
        let world = &opened.published.world;
        let lines = opened.ask(|session| {
            let about = (&*world.catalogue, &*world.pack);
            snapshot::facts_of(session, opened.keys(), about, Subject::Person(person), &world.moment())
        })?;
        Ok(lines.iter().map(|line| said(opened, line)).collect())
    });
    facts.await.map(Json)
}

fn said(opened: &Opened<'_>, line: &FactLine) -> Said {
    let desk = opened.desk;
    let source = opened.published.world.catalogue.get(&line.source);
    let label = source.map_or_else(|| line.source.clone(), |s| desk.voice.of(&s.label).to_owned());
    Said {
        fact: FactValue::of(&desk, "person", &line.key, &line.value),
        source: Named { id: line.source.clone(), label },
        department: source.map(|s| s.department.clone()),
        list: line.list.to_string(),
        list_date: line.list_date.to_string(),
        row: Some(line.row).filter(|row| *row > 0),
        valid_from: line.valid_from.to_string(),
        valid_until: line.valid_until.map(|day| day.to_string()),
        in_force: line.in_force,
        current: line.current,
        disputed: line.disputed,
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Said>>("people-facts")
}
