//! The rows behind an indicator: who or what counts, is missing, or is not decided.

use axum::Json;
use axum::extract::{Path, State};
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, Page, Paging, cut, region};
use crate::edge::{Ask, Problem};
use crate::pages::indicators::rows::{Listed, Side, shown};
use crate::state::AppState;

/// Which rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part of the region; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// What is missing, unless told.
    #[serde(default)]
    side: Which,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Side")]
enum Which {
    #[default]
    Missing,
    Counted,
    Unknown,
}

/// A person, place or division.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorRow")]
pub struct Row {
    /// Number of the person, place or division in the night.
    id: String,
    /// A person's is masked.
    name: String,
    /// Where, in words.
    place: String,
    /// The facts the numerator reads, in words.
    facts: Vec<(String, String)>,
}

/// `GET /api/v1/indicators/{id}/rows`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Row>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let indicator = desk.pack.indicator(&id).ok_or(Problem::NotFound)?;
        let at = region(opened, "indicator.see", query.division)?.division();
        let at = at.or_else(|| desk.pack.roots.first().copied()).ok_or(Problem::NotFound)?;
        let drill = opened.try_ask(|session| opened.published.drill(session, opened.keys(), &id))?;
        let listed = Listed::new(&desk, &drill, at);
        let side = match query.side {
            Which::Missing => Side::Missing,
            Which::Counted => Side::Counted,
            Which::Unknown => Side::Unknown,
        };
        let rows: Vec<usize> = listed.rows(side).collect();
        let question = format!("rows {id} {at} {}", side.name());
        let paging = Paging { limit: query.limit, cursor: query.cursor };
        cut(opened, &paging, &question, &rows, |row| {
            let line = shown(&desk, indicator, &listed, *row);
            let facts = line.facts.into_iter().map(|fact| (fact.label, fact.value)).collect();
            Ok(Row { id: listed.id(indicator, *row), name: line.name, place: line.place, facts })
        })
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Row>>("indicators-rows").query::<Query>()
}
