//! One pair side by side, field by field. Names and numbers masked but for the characters in which the sides differ.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use registry::linking::{self, Beside, FieldBeside, Piece, Said as SaidBefore};
use schemars::JsonSchema;
use serde::Serialize;

use super::{PairLine, number};
use crate::api::doc::Doc;
use crate::api::shapes::{Day, ListNumber};
use crate::api::tagged;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::linkage::line;
use crate::pages::linkage::queue::demand;
use crate::state::AppState;

/// A pair with its grounds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SideBySide {
    #[serde(flatten)]
    pair: PairLine,
    /// Where the row stands, when one side is a row.
    row: Option<Row>,
    fields: Vec<Field>,
    /// Oldest first.
    said: Vec<Said>,
}

/// A row of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListRow")]
struct Row {
    source: String,
    #[schemars(with = "ListNumber")]
    list: String,
    #[schemars(with = "Day")]
    list_date: String,
    /// As the office counts.
    row: u64,
}

/// One field on both sides.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FieldBeside")]
struct Field {
    field: String,
    /// How it compares; empty: it is not compared.
    level: String,
    /// How far it speaks for (above 0) or against one person.
    bits: f64,
    person: String,
    other: String,
}

/// Something that was decided before.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SaidBefore")]
struct Said {
    verdict: String,
    by: String,
    #[schemars(with = "Day")]
    on: String,
    reason: String,
}

/// `GET /api/v1/linkage/pairs/{pair}`
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pair = number(&pair)?;
    app.open_night(&ask, move |opened| tagged(&headers, &read(opened, pair)?)).await
}

/// The pair as it stands.
///
/// # Errors
/// `NotFound`; those of the database and of the keys.
pub fn read(opened: &Opened<'_>, pair: i64) -> Result<SideBySide, Problem> {
    let world = &opened.published.world;
    let given = (&*world.catalogue, &world.divisions);
    let seen = opened.ask(|session| linking::beside(session, opened.keys(), given, pair))?.ok_or(Problem::NotFound)?;
    demand(opened, "link.review", &seen.pair)?;
    Ok(shown(opened, &seen))
}

fn shown(opened: &Opened<'_>, seen: &Beside) -> SideBySide {
    let said = |said: &SaidBefore| {
        let line = line(&opened.desk, said);
        Said { verdict: said.verdict.name().to_owned(), by: line.by, on: said.on.to_string(), reason: line.reason }
    };
    SideBySide {
        pair: PairLine::of(opened, &seen.pair),
        row: seen.row.as_ref().map(|row| Row {
            source: row.source.clone(),
            list: row.list.to_string(),
            list_date: row.list_date.to_string(),
            row: row.row,
        }),
        fields: seen.fields.iter().map(field).collect(),
        said: seen.said.iter().map(said).collect(),
    }
}

fn field(field: &FieldBeside) -> Field {
    let text = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect();
    Field {
        field: field.field.to_owned(),
        level: field.level.clone(),
        bits: field.bits,
        person: text(&field.person),
        other: text(&field.other),
    }
}

pub fn doc() -> Doc {
    Doc::of::<SideBySide>("linkage-show").tagged()
}
