//! A worklist as XLSX, names masked.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::DivisionLevel;
use worklist::{Filter, Kind, WorkItem};

use super::items;
use super::list::Params;
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
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
        let hand = super::list::hand_of(kind, &params.hand);
        let today = opened.app.clock().today();
        let work = opened.ask(|session| worklist::page_in_hand(session, &filter, (hand, today)))?;
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
            note: marked(opened, kind.name(), work.len(), &params.why)?,
            heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
            rows: work.iter().map(|item| row(&desk, item)).collect(),
        };
        sheet.response(&format!("{kind}-{}.xlsx", desk.as_of))
    })
    .await
}

/// The line that says what a list is, who took it out, when and why; the audit trail keeps the same.
///
/// # Errors
/// `Invalid` when nobody said why.
pub fn marked(opened: &Opened<'_>, what: &str, rows: usize, why: &str) -> Result<String, Problem> {
    let (desk, clock) = (opened.desk, opened.app.clock());
    let why = why.trim();
    if why.is_empty() || why.chars().count() > 100 {
        let cause = desk.voice.word("export-why-missing");
        return Err(Problem::Invalid(vec![FieldFault { field: "why".to_owned(), cause }]));
    }
    let actor = opened.viewer.actor();
    let detail = serde_json::json!({ "what": what, "rows": rows, "why": why });
    let entry =
        store::audit::Entry { at: clock.now(), actor: &actor, action: "person.export", subject: what, detail: &detail };
    opened.ask(|session| store::audit::append(session, opened.keys(), &entry))?;
    let who = crate::pages::matters::said::actor(opened, &actor);
    let args = [
        ("day", desk.as_of.to_string().into()),
        ("pack", desk.plan_name().into()),
        ("who", who.into()),
        ("at", kernel::china_minute(clock.now()).into()),
        ("why", why.to_owned().into()),
    ];
    Ok(desk.voice.say("sheet-note", &args) + &desk.voice.say("sheet-note-who", &args))
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
