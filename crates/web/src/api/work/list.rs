//! One worklist, the most urgent first.

use axum::Json;
use axum::extract::State;
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::Deserialize;
use worklist::Filter;

use super::{Item, Kind};
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, Page, Paging, region};
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// Which items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    kind: Kind,
    /// Only this part of the region; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// Only items that follow from this rule.
    rule: Option<String>,
    /// Only items that ask for this fact.
    fact: Option<String>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// `GET /api/v1/work-items`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Item>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let region = region(opened, "work_item.list", query.division)?;
        let question = format!("work {:?} {:?} {:?} {:?}", query.kind, region, query.rule, query.fact);
        let part = Paging { limit: query.limit, cursor: query.cursor }.part(opened, &question)?;
        let filter = Filter {
            kind: query.kind.into(),
            scope: region.scope(),
            rule: query.rule,
            fact: query.fact,
            limit: i64::try_from(part.size).unwrap_or(0),
            offset: i64::try_from(part.from).unwrap_or(i64::MAX),
        };
        let villages = opened.ask(|session| opened.published.villages(session, &filter))?;
        let total = villages.iter().map(|village| village.open).sum::<i64>();
        let items = opened.ask(|session| opened.published.page(session, &filter))?;
        let items = items.iter().map(|item| Item::of(&desk, item)).collect();
        Ok(part.page(opened, &question, usize::try_from(total).unwrap_or(0), items))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Item>>("work-list").query::<Query>()
}
