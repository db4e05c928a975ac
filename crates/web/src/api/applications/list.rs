//! Applications of a part of the region: open ones first, by their last day.

use axum::Json;
use axum::extract::State;
use benefits::{Count, Filter};
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Application;
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::api::{Asked, Page, Paging, region};
use crate::edge::{Ask, FieldFault, Problem};
use crate::state::AppState;

/// Which applications.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part of the region; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// Only those that stand so: `filed`, `recommended`, `granted`, …
    state: Option<String>,
    /// Only those of this benefit.
    rule: Option<String>,
    /// Only those that are not closed.
    #[serde(default)]
    open: bool,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// `GET /api/v1/applications`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Application>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let region = region(opened, "application.see", query.division)?;
        let wrong = |_| Problem::Misasked(vec![FieldFault { field: "state".into(), cause: String::new() }]);
        let state = query.state.as_deref().map(str::parse::<benefits::State>).transpose().map_err(wrong)?;
        let rule = query.rule.unwrap_or_default();
        let question = format!("applications {region:?} {state:?} {rule} {}", query.open);
        let part = Paging { limit: query.limit, cursor: query.cursor }.part(opened, &question)?;
        let filter = Filter {
            scope: region.scope(),
            state,
            rule: rule.clone(),
            open: query.open,
            limit: i64::try_from(part.size).unwrap_or(0),
            offset: i64::try_from(part.from).unwrap_or(i64::MAX),
            ..Filter::default()
        };
        let today = opened.app.clock().today();
        let counts = opened.ask(|session| benefits::counts(session, region.scope(), today))?;
        let counted = |count: &&Count| {
            state.is_none_or(|state| state == count.state)
                && (rule.is_empty() || rule == count.rule)
                && !(query.open && count.state.is_closed())
        };
        let total: i64 = counts.iter().filter(counted).map(|count| count.n).sum();
        let matters = opened.ask(|session| benefits::page(session, &filter))?;
        let items = matters.iter().map(|matter| Application::of(opened, matter)).collect();
        Ok(part.page(opened, &question, usize::try_from(total).unwrap_or(0), items))
    });
    page.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Page<Application>>("applications-list").query::<Query>()
}
