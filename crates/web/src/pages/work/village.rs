//! A village's visits of the month, overdue first: the sheet a visitor takes along.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::{DivisionCode, DivisionLevel};
use serde::Serialize;
use worklist::{Filter, Kind, WorkItem};

use super::list::{Params, last_seen};
use super::{Weight, items};
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Class, Export, Pager, PersonRef, Sla, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export: Export,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub township: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// One visit to make.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub classes: Vec<Class>,
    pub what: String,
    /// The kinds of visit that satisfy it.
    pub how: String,
    pub last: Option<String>,
    pub stamp: Option<Stamp>,
    pub sla: Option<Sla>,
}

const ROWS: i64 = 60;

/// `GET /d/villages/{code}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(code): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let code: DivisionCode = code.parse().map_err(|_| Problem::NotFound)?;
    app.night_page(ask, "work/village.html", move |ask, opened| {
        let desk = opened.desk;
        if code.level() != DivisionLevel::Community || !desk.is_ours(code) {
            return Err(Problem::NotFound);
        }
        opened.demand_division("visit.list", code)?;
        let view = view(opened, code, &params)?;
        let mut shell = ask.shell(Rail::Work, desk.place(code));
        for level in [DivisionLevel::County, DivisionLevel::Township] {
            if let Some(up) = code.at(level) {
                shell = shell.via(desk.place(up), address("/d/work/visit", &[("scope", &up.to_string())]));
            }
        }
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, code: DivisionCode, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let scope = worklist::Scope(Some(code));
    let counts = opened.ask(|session| opened.published.counts(session, scope))?;
    let rule = counts.iter().find(|c| c.kind == Kind::Visit && c.rule == params.rule).map(|c| c.rule.clone());
    let (all, overdue) = items::open(&counts, Kind::Visit);
    let total = rule.as_ref().map_or(all, |r| counts.iter().filter(|c| c.rule == *r).map(|c| c.open).sum());
    let path = items::village_href(code);
    let link = |rule: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(&path, &[("rule", rule), ("page", &page)])
    };
    let pager = Pager::of(params.page(), ROWS, total, |page| link(&params.rule, page));
    let filter = Filter {
        kind: Kind::Visit,
        scope,
        rule: rule.clone(),
        fact: None,
        limit: ROWS,
        offset: (pager.from - 1).max(0),
    };
    let rows = opened.ask(|session| worklist::page(session, &filter))?;
    let township = code.at(DivisionLevel::Township);
    let around = Filter { scope: worklist::Scope(township), rule: None, offset: 0, ..filter };
    let villages = opened.ask(|session| opened.published.villages(session, &around))?;
    let region = Region { root: None, chosen: township };
    let mut places = items::places(&desk, region, &villages, |scope| format!("/d/villages/{scope}"));
    let own = desk.place(code);
    places.iter_mut().for_each(|place| place.current = place.label == own);
    let args = [("village", own.into()), ("n", all.into()), ("overdue", overdue.into())];
    Ok(View {
        headline: desk.voice.say("village-title", &args),
        sub: desk.voice.say("village-sub", &[("month", desk.as_of.format("%Y-%m").to_string().into())]),
        export: Export::new("all", "/d/work/visit/export.xlsx", &[("scope", &code.to_string())]),
        chips: chips(&desk, &counts, rule.as_deref(), all, |rule| link(rule, 1)),
        rows: rows.iter().map(|item| row(&desk, item)).collect(),
        pager,
        township: township.map(|t| desk.place(t)).unwrap_or_default(),
        places_max: places.iter().map(|p| p.n).max().unwrap_or(1),
        places,
    })
}

fn chips(
    desk: &Desk<'_>,
    counts: &[worklist::Count],
    chosen: Option<&str>,
    all: i64,
    link: impl Fn(&str) -> String,
) -> Vec<Chip> {
    let whole = Chip { label: desk.voice.word("work-all"), n: Some(all), href: link(""), current: chosen.is_none() };
    let each = counts.iter().filter(|c| c.kind == Kind::Visit).map(|count| Chip {
        label: desk.rule_label(&count.rule),
        n: Some(count.open),
        href: link(&count.rule),
        current: chosen == Some(&count.rule),
    });
    std::iter::once(whole).chain(each).collect()
}

fn row(desk: &Desk<'_>, item: &WorkItem) -> Row {
    let visit = desk.pack.rule(&item.wanted.rule).and_then(|rule| rule.visit());
    let kinds: Vec<String> =
        visit.map(|v| v.kinds.iter().map(|kind| desk.visit_kind(kind)).collect()).unwrap_or_default();
    let last = last_seen(desk, item);
    let fact = visit.and_then(|v| v.last_fact.as_deref());
    Row {
        person: desk.person(item.wanted.person),
        classes: desk
            .row(item.wanted.person)
            .map(|row| desk.classes(row))
            .unwrap_or_default()
            .into_iter()
            .filter(|c| c.risk)
            .collect(),
        what: items::what(desk, item),
        how: desk.voice.say("visit-by", &[("kinds", desk.voice.join(&kinds).into())]),
        stamp: last.as_ref().and(fact).and_then(|fact| desk.supplier_stamp("person", fact)),
        last,
        sla: items::sla(desk, item),
    }
}
