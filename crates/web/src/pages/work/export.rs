//! A worklist as XLSX, names masked.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::DivisionLevel;
use worklist::{Filter, Kind, WorkItem};

use super::items;
use super::list::Params;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// A sheet holds about a million rows; a prefecture has fewer items.
const ROWS: i64 = 500_000;

/// `GET /d/work/{kind}/export.xlsx`
pub async fn download(
    State(app): State<AppState>,
    ask: Ask,
    Path(kind): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let kind: Kind = kind.parse().map_err(|_| Problem::NotFound)?;
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let filter = Filter {
            kind,
            scope: region.scope(),
            rule: Some(params.rule.clone()).filter(|rule| !rule.is_empty()),
            fact: Some(params.fact.clone()).filter(|fact| !fact.is_empty()),
            limit: ROWS,
            offset: 0,
        };
        let work = opened.ask(|session| worklist::page(session, &filter))?;
        let heads = [
            "sheet-person",
            "sheet-name",
            "sheet-age",
            "sheet-county",
            "sheet-township",
            "sheet-village",
            "sheet-matter",
            "sheet-why",
            "sheet-found",
            "sheet-due",
            "sheet-from",
        ];
        let title = format!("{} · {}", desk.voice.word(&format!("work-{kind}")), desk.region_name(region));
        let sheet = Sheet {
            title,
            note: desk
                .voice
                .say("sheet-note", &[("day", desk.as_of.to_string().into()), ("pack", desk.plan_name().into())]),
            heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
            rows: work.iter().map(|item| row(&desk, item)).collect(),
        };
        sheet.response(&format!("{kind}-{}.xlsx", desk.as_of))
    })
    .await
}

fn row(desk: &Desk<'_>, item: &WorkItem) -> Vec<Cell> {
    let wanted = &item.wanted;
    let place = |level| Cell::from(wanted.village.at(level).map(|code| desk.place(code)).unwrap_or_default());
    let day = |date: Option<kernel::Date>| Cell::from(date.map(|d| d.to_string()).unwrap_or_default());
    vec![
        Cell::from(wanted.person.to_string()),
        Cell::from(desk.masked_name(wanted.person)),
        Cell::from(desk.age(wanted.person)),
        place(DivisionLevel::County),
        place(DivisionLevel::Township),
        place(DivisionLevel::Community),
        Cell::from(items::what(desk, item)),
        Cell::from(items::why(desk, item)),
        day(Some(item.found_on)),
        day(wanted.due_on),
        day(wanted.from_on),
    ]
}
