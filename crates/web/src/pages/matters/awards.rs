//! What is being given, and the list by which it is paid.

use axum::extract::{Query, State};
use axum::response::Response;
use benefits::{Award, AwardFilter};
use chrono::{Datelike, Months};
use kernel::{Date, DivisionLevel, parse_date};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, figures};
use crate::opened::Opened;
use crate::parts::{Chip, Export, Pager, PersonRef, address};
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export: Export,
    pub payments: Export,
    pub months: Vec<Chip>,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// One award.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub place: String,
    pub what: String,
    pub number: String,
    pub href: String,
    pub from: String,
    pub until: Option<String>,
    pub amount: String,
    pub delivered: Option<String>,
}

const ROWS: i64 = 50;
const ALL: i64 = 500_000;
/// Months to choose from, the current one and those before.
const MONTHS: u32 = 6;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub rule: String,
    /// `2026-11`; empty: the current one.
    #[serde(default)]
    pub month: String,
    #[serde(default)]
    pub page: String,
    /// For what a list is taken out.
    #[serde(default)]
    pub why: String,
}

/// `GET /d/awards`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "matters/awards.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, region, &params)?;
        let mut shell = ask.shell(Rail::Matters, desk.voice.word("awards-title"));
        shell = shell.via(desk.voice.word("matters-title"), "/d/applications");
        shell.scope = desk.scopes(region, "/d/awards", &[("rule", &params.rule), ("month", &params.month)]);
        Ok((shell, view))
    })
    .await
}

/// The first and the last day of the month asked for.
fn month(params: &Params, today: Date) -> (Date, Date) {
    let first = parse_date(&format!("{}-01", params.month)).ok().or_else(|| today.with_day(1)).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    (first, next.pred_opt().unwrap_or(first))
}

fn filter(region: Region, params: &Params, kind: &str, (first, last): (Date, Date)) -> AwardFilter {
    AwardFilter {
        scope: region.scope(),
        rule: params.rule.clone(),
        benefit_kind: kind.to_owned(),
        first,
        last,
        limit: ROWS,
        offset: 0,
    }
}

fn view(opened: &Opened<'_>, region: Region, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let today = opened.app.clock().today();
    let span = month(params, today);
    let page: i64 = params.page.parse().unwrap_or(1).max(1);
    let whole = filter(region, params, "", span);
    let asked = AwardFilter { offset: (page - 1) * ROWS, ..whole };
    let (awards, total) = opened.ask(|session| benefits::awards(session, &asked))?;
    let said = |day: Date| day.format("%Y-%m").to_string();
    let link = |path: &str, rule: &str, month: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(path, &[("scope", &region.query()), ("rule", rule), ("month", month), ("page", &page)])
    };
    let chosen = said(span.0);
    let scope = region.query();
    let kept = [("scope", scope.as_str()), ("rule", params.rule.as_str()), ("month", chosen.as_str())];
    let out = |id, action: &str| Export::new(id, action, &kept);
    let this = today.with_day(1).unwrap_or(today);
    let months = (0..MONTHS).filter_map(|back| this.checked_sub_months(Months::new(back))).map(|first| Chip {
        label: said(first),
        n: None,
        href: link("/d/awards", &params.rule, &said(first), 1),
        current: said(first) == chosen,
    });
    let rules = desk.pack.rules_of("benefit").filter(|rule| rule.benefit().is_some_and(|b| b.process.is_some()));
    let mut chips = vec![Chip {
        label: desk.voice.word("work-all"),
        n: None,
        href: link("/d/awards", "", &chosen, 1),
        current: params.rule.is_empty(),
    }];
    chips.extend(rules.map(|rule| Chip {
        label: desk.voice.of(&rule.label).to_owned(),
        n: None,
        href: link("/d/awards", &rule.id, &chosen, 1),
        current: params.rule == rule.id,
    }));
    Ok(View {
        headline: desk.voice.say("awards-headline", &[("n", total.into()), ("month", chosen.clone().into())]),
        sub: desk.voice.word("awards-sub"),
        export: out("all", "/d/awards/export.xlsx"),
        payments: out("pay", "/d/awards/payments.xlsx"),
        months: months.collect(),
        chips,
        rows: awards
            .iter()
            .map(|award| Row {
                person: desk.person(award.person),
                place: desk.where_is(award.village),
                what: desk.rule_label(&award.rule),
                number: award.number.clone(),
                href: super::href(&award.number),
                from: award.from_on.to_string(),
                until: award.until_on.map(|day| day.to_string()),
                amount: amount(&desk, award),
                delivered: award.delivered_on.map(|day| day.to_string()),
            })
            .collect(),
        pager: Pager::of(page, ROWS, total, |page| link("/d/awards", &params.rule, &chosen, page)),
    })
}

/// What is paid, or that the plan states no amount.
#[must_use]
pub fn amount(desk: &Desk<'_>, award: &Award) -> String {
    let rhythm = match award.per.as_str() {
        "" => String::new(),
        per => desk.voice.word(&format!("award-per-{per}")),
    };
    match (award.benefit_kind.as_str(), award.amount_fen) {
        ("cash", Some(fen)) => desk.voice.say("yuan", &[("amount", figures::yuan(fen).into())]) + &rhythm,
        ("cash", None) => desk.voice.word("award-amount-unknown"),
        (kind, _) => desk.voice.word(&format!("award-kind-{kind}")) + &rhythm,
    }
}

/// `GET /d/awards/export.xlsx`
pub async fn export(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let heads = [
            "sheet-person",
            "sheet-name",
            "sheet-county",
            "sheet-township",
            "sheet-village",
            "sheet-matter",
            "sheet-number",
            "sheet-from",
            "sheet-until",
            "sheet-amount",
            "sheet-delivered",
        ];
        let awards = all(opened, &params, "")?;
        let rows = awards.iter().map(|award| {
            let mut row = person(&desk, award);
            row.extend([
                Cell::from(desk.rule_label(&award.rule)),
                Cell::from(award.number.clone()),
                Cell::from(award.from_on.to_string()),
                day(award.until_on),
                Cell::from(amount(&desk, award)),
                day(award.delivered_on),
            ]);
            row
        });
        let title = desk.voice.word("awards-title");
        sheet(opened, &params, &title, &heads, rows.collect())?
            .response(&format!("awards-{}.xlsx", name(opened, &params)))
    })
    .await
}

/// `GET /d/awards/payments.xlsx`: what is paid in money in a month. Without an amount in the pack the cell is empty and
/// says so beside.
pub async fn payments(
    State(app): State<AppState>,
    ask: Ask,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let heads = [
            "sheet-person",
            "sheet-name",
            "sheet-county",
            "sheet-township",
            "sheet-village",
            "sheet-matter",
            "sheet-number",
            "sheet-from",
            "sheet-until",
            "sheet-yuan",
            "sheet-remark",
        ];
        let awards = all(opened, &params, "cash")?;
        let rows = awards.iter().map(|award| {
            let mut row = person(&desk, award);
            #[expect(clippy::cast_precision_loss, reason = "an amount of money in a sheet")]
            let yuan = award.amount_fen.map(|fen| fen as f64 / 100.0);
            let remark = if yuan.is_some() { String::new() } else { desk.voice.word("award-amount-unknown") };
            row.extend([
                Cell::from(desk.rule_label(&award.rule)),
                Cell::from(award.number.clone()),
                Cell::from(award.from_on.to_string()),
                day(award.until_on),
                Cell::from(yuan),
                Cell::from(remark),
            ]);
            row
        });
        let title = desk.voice.word("payments-title");
        let file = format!("payments-{}.xlsx", name(opened, &params));
        sheet(opened, &params, &title, &heads, rows.collect())?.response(&file)
    })
    .await
}

fn all(opened: &Opened<'_>, params: &Params, kind: &str) -> Result<Vec<Award>, Problem> {
    let span = month(params, opened.app.clock().today());
    let filter = AwardFilter { limit: ALL, ..filter(opened.desk.region(&params.scope), params, kind, span) };
    Ok(opened.ask(|session| benefits::awards(session, &filter))?.0)
}

fn name(opened: &Opened<'_>, params: &Params) -> String {
    month(params, opened.app.clock().today()).0.format("%Y-%m").to_string()
}

fn person(desk: &Desk<'_>, award: &Award) -> Vec<Cell> {
    let place = |level| Cell::from(award.village.at(level).map(|code| desk.place(code)).unwrap_or_default());
    vec![
        Cell::from(award.person.to_string()),
        Cell::from(desk.masked_name(award.person)),
        place(DivisionLevel::County),
        place(DivisionLevel::Township),
        place(DivisionLevel::Community),
    ]
}

fn day(date: Option<Date>) -> Cell {
    Cell::from(date.map(|day| day.to_string()).unwrap_or_default())
}

fn sheet(
    opened: &Opened<'_>,
    params: &Params,
    title: &str,
    heads: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Result<Sheet, Problem> {
    let desk = opened.desk;
    let region = desk.region(&params.scope);
    let month = name(opened, params);
    let note = crate::pages::work::export::marked(opened, title, rows.len(), &params.why)?;
    Ok(Sheet {
        title: format!("{title} · {} · {month}", desk.region_name(region)),
        note,
        heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
        rows,
    })
}
