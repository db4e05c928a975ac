//! What was granted and holds on some day of a span.

use axum::Json;
use axum::extract::State;
use benefits::{Award as Given, AwardFilter};
use kernel::{Date, DivisionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::doc::Doc;
use crate::api::shapes::{Code, Day, Division, Named, PersonRef};
use crate::api::{Asked, Page, Paging, region};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

/// Which awards.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this part of the region; else all that one may see.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
    /// Only those of this benefit.
    rule: Option<String>,
    /// First day of the span; today unless told.
    #[schemars(with = "Option<Day>")]
    first: Option<Date>,
    /// Last day of the span; its first day unless told.
    #[schemars(with = "Option<Day>")]
    last: Option<Date>,
    /// How many at once: 1 to 200, 50 unless told.
    limit: Option<u16>,
    cursor: Option<String>,
}

/// An award.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Award {
    /// Of the application it was granted on.
    application: String,
    benefit: Named,
    /// `cash`, `service`, `in_kind`.
    kind: String,
    person: PersonRef,
    division: Division,
    #[schemars(with = "Day")]
    from_on: String,
    /// First day on which it is given no more.
    #[schemars(with = "Option<Day>")]
    until_on: Option<String>,
    /// Null: the pack states no amount.
    amount_fen: Option<i64>,
    /// `month`, `quarter`, `year`, `once`.
    per: Option<String>,
    #[schemars(with = "Option<Day>")]
    delivered_on: Option<String>,
}

/// `GET /api/v1/awards`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Page<Award>>, Problem> {
    let page = app.open_night(&ask, move |opened| {
        let region = region(opened, "application.see", query.division)?;
        let first = query.first.unwrap_or_else(|| opened.app.clock().today());
        let last = query.last.unwrap_or(first).max(first);
        let rule = query.rule.unwrap_or_default();
        let question = format!("awards {region:?} {rule} {first} {last}");
        let part = Paging { limit: query.limit, cursor: query.cursor }.part(opened, &question)?;
        let filter = AwardFilter {
            scope: region.scope(),
            rule,
            benefit_kind: String::new(),
            first,
            last,
            limit: i64::try_from(part.size).unwrap_or(0),
            offset: i64::try_from(part.from).unwrap_or(i64::MAX),
        };
        let (awards, total) = opened.ask(|session| benefits::awards(session, &filter))?;
        let items = awards.into_iter().map(|award| shown(opened, award)).collect();
        Ok(part.page(opened, &question, usize::try_from(total).unwrap_or(0), items))
    });
    page.await.map(Json)
}

fn shown(opened: &Opened<'_>, award: Given) -> Award {
    let desk = opened.desk;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    Award {
        application: award.number,
        benefit: Named { label: desk.rule_label(&award.rule), id: award.rule },
        kind: award.benefit_kind,
        person: PersonRef::of(&desk, award.person),
        division: Division::of(&desk, award.village),
        from_on: award.from_on.to_string(),
        until_on: day(award.until_on),
        amount_fen: award.amount_fen,
        per: Some(award.per).filter(|per| !per.is_empty()),
        delivered_on: day(award.delivered_on),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Page<Award>>("applications-awards").query::<Query>()
}
