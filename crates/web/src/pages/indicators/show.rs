//! One indicator: how it is counted, where the gap is, who or what is missing.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use cycle::Drill;
use kernel::DivisionCode;
use performance::State as Judged;
use policy::model::{Denominator, Indicator, Measure};
use serde::{Deserialize, Serialize};

use super::index::{SMALL, deadline, period, trend};
use super::rows::{Listed, ROWS, Row, Side, shown};
use super::said;
use super::tree::{Node, tree};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Rail, figures};
use crate::parts::{Chip, ClauseLink, Mood, Pager, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub id: String,
    pub label: String,
    pub period: String,
    pub clauses: Vec<ClauseLink>,
    pub export_href: String,
    pub overdue: bool,
    pub state: Mood,
    pub deadline: String,
    pub bullet: Bullet,
    pub base_label: Option<String>,
    pub facts: Vec<(String, String)>,
    pub trend: Vec<f64>,
    pub summary: String,
    pub note: Option<String>,
    pub to_confirm: bool,
    pub numerator: String,
    pub numerator_sql: String,
    pub denominator: String,
    pub denominator_sql: String,
    pub unit: String,
    pub axis: String,
    pub tree: Vec<Node>,
    pub small: i64,
    pub rows_title: String,
    pub rows_head: String,
    pub rows_fact: String,
    pub sides: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    side: String,
    #[serde(default)]
    page: String,
}

/// `GET /d/indicators/{id}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.night_page(ask, "indicators/show.html", move |ask, opened| {
        let desk = opened.desk;
        let indicator = desk.pack.indicator(&id).ok_or(Problem::NotFound)?;
        let drill = opened.try_ask(|session| opened.published.drill(session, opened.keys(), &id))?;
        let query = Asked {
            at: desk.region(&params.at).division(),
            side: Side::named(&params.side),
            page: params.page.parse().unwrap_or(1),
        };
        let view = view(&desk, indicator, &drill, query).ok_or(Problem::NotFound)?;
        let shell = ask
            .shell(Rail::Indicators, desk.voice.of(&indicator.label))
            .via(desk.voice.word("rail-indicators"), "/d/indicators");
        Ok((shell, view))
    })
    .await
}

/// What a reader asks of an indicator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    pub at: Option<DivisionCode>,
    pub side: Side,
    pub page: i64,
}

/// The page of one indicator; none when it was not measured.
#[must_use]
pub fn view(desk: &Desk<'_>, indicator: &Indicator, drill: &Drill, query: Asked) -> Option<View> {
    let table = &drill.table;
    let whole = said::whole(desk)?;
    let at = query.at.filter(|code| table.line(*code).is_some()).unwrap_or(whole);
    let line = said::line(desk, &indicator.id, whole)?;
    let measured = desk.judged(&indicator.id, whole)?;
    let path = format!("/d/indicators/{}", indicator.id);
    let listed = Listed::new(desk, drill, at);
    let n = listed.count(query.side);
    let unit_value = format!("{}{}", line.value, line.unit);
    let short = said::short(desk, indicator, measured);
    let gap = short.map(|n| said::counted(desk, indicator, n)).unwrap_or_default();
    let args =
        [("label", line.label.as_str().into()), ("value", unit_value.clone().into()), ("gap", gap.clone().into())];
    let headline = match measured.state {
        Judged::Met => desk.voice.say("ind-headline-met", &args),
        Judged::NoData => desk.voice.say("ind-headline-none", &args),
        Judged::NoBase | Judged::NoTarget => desk.voice.say("ind-headline-plain", &args),
        _ if gap.is_empty() => desk.voice.say("ind-headline-plain", &args),
        Judged::Overdue => desk.voice.say("ind-headline-overdue", &args),
        _ => desk.voice.say("ind-headline-miss", &args),
    };
    let link = |side: Side, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let side = if side == Side::Missing { "" } else { side.name() };
        let at = if at == whole { String::new() } else { at.to_string() };
        address(&path, &[("at", &at), ("side", side), ("page", &page)]) + "#rows"
    };
    let pager = Pager::of(query.page, ROWS, n, |page| link(query.side, page));
    let rows = listed.page(query.side, pager.from).map(|row| shown(desk, indicator, &listed, row)).collect();
    let rows_title = match query.side {
        Side::Missing => "ind-rows-title",
        Side::Counted => "ind-rows-title-counted",
        Side::Unknown => "ind-rows-title-unknown",
    };
    let (numerator, denominator) = sql(desk, indicator);
    let said_number = |x: Option<f64>| x.map_or_else(|| "—".to_owned(), figures::grouped);
    Some(View {
        headline,
        id: indicator.id.clone(),
        period: period(desk, indicator, Some(measured)),
        clauses: desk.clause_links(&indicator.clauses),
        export_href: address(&format!("{path}/export.xlsx"), &[("at", &at.to_string())]),
        overdue: measured.state == Judged::Overdue,
        state: line.state,
        deadline: deadline(desk, indicator),
        base_label: line.bullet.previous.map(|_| desk.voice.word("ind-base")),
        bullet: line.bullet,
        facts: facts(desk, &unit_value, &gap, measured),
        trend: trend(measured),
        summary: indicator.summary.as_ref().map(|s| desk.voice.of(s).to_owned()).unwrap_or_default(),
        note: indicator.note.as_ref().map(|n| desk.voice.of(n).to_owned()),
        to_confirm: indicator.to_confirm,
        numerator: said_number(measured.numerator),
        numerator_sql: numerator,
        denominator: said_number(measured.denominator),
        denominator_sql: denominator,
        unit: line.unit.clone(),
        axis: axis(desk, indicator, whole),
        tree: tree(desk, indicator, table, whole, at),
        small: SMALL,
        rows_title: desk.voice.say(rows_title, &[("place", desk.place(at).into()), ("n", n.into())]),
        rows_head: match indicator.entity.as_str() {
            "person" => desk.voice.word("col-who"),
            "place" => desk.voice.word("ind-rows-place"),
            _ => desk.voice.word("ind-rows-division"),
        },
        rows_fact: desk.voice.word("ind-rows-fact"),
        sides: Side::ALL
            .into_iter()
            .map(|side| Chip {
                label: desk.voice.word(&format!("ind-side-{}", side.name())),
                n: Some(listed.count(side)),
                href: link(side, 1),
                current: side == query.side,
            })
            .collect(),
        rows,
        pager,
        label: line.label,
    })
}

fn facts(desk: &Desk<'_>, value: &str, gap: &str, measured: &performance::Measured) -> Vec<(String, String)> {
    let mut facts = vec![(desk.voice.word("ind-fact-value"), value.to_owned())];
    if !gap.is_empty() {
        facts.push((desk.voice.word("ind-fact-gap"), gap.to_owned()));
    }
    if measured.unknown > 0 {
        facts.push((desk.voice.word("ind-fact-unknown"), measured.unknown.to_string()));
    }
    if let Some(base) = measured.base {
        facts.push((desk.voice.word("ind-fact-base"), figures::measure(base)));
    }
    if let Some(since) = measured.since {
        facts.push((desk.voice.word("ind-fact-since"), since.to_string()));
    }
    facts
}

/// What is counted and what it is divided by, as the pack writes it.
#[must_use]
pub fn sql(desk: &Desk<'_>, indicator: &Indicator) -> (String, String) {
    let filter = indicator.filter.as_ref().map_or("", |f| f.text.trim());
    let numerator = match &indicator.numerator {
        Measure::Count(sql) => sql.text.trim().to_owned(),
        Measure::Sum(sql) => format!("SUM({})", sql.text.trim()),
    };
    let denominator = match &indicator.denominator {
        Denominator::Rows if filter.is_empty() => "COUNT(*)".to_owned(),
        Denominator::Rows => filter.to_owned(),
        Denominator::Sum(sql) => format!("SUM({})\n{filter}", sql.text.trim()),
        Denominator::None => format!("-- {}\n{filter}", desk.voice.word("ind-denominator-none")),
    };
    (numerator, denominator)
}

fn axis(desk: &Desk<'_>, indicator: &Indicator, whole: DivisionCode) -> String {
    let bullet = said::bullet(desk, indicator, desk.judged(&indicator.id, whole));
    let args = [("min", figures::measure(bullet.min).into()), ("max", figures::measure(bullet.max).into())];
    desk.voice.say("ind-axis", &args)
}
