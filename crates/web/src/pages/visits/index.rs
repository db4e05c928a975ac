//! Visits due and made this month, village by village, and what they brought up.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::DivisionCode;
use serde::{Deserialize, Serialize};
use worklist::{Filter, Kind};

use super::{bounds, month_start};
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::work::items;
use crate::parts::address;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub rows: Vec<Row>,
    pub needs: i64,
    pub needs_href: String,
    pub disputes: i64,
    pub assign_href: Option<String>,
    pub phones_href: Option<String>,
}

/// One village.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub href: String,
    pub due: i64,
    pub overdue: i64,
    pub made: i64,
    pub met: i64,
    pub attention: i64,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub scope: String,
}

/// `GET /d/visits`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "visits/index.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, region)?;
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("visits-title"));
        shell.scope = desk.scopes(region, "/d/visits", &[]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, region: Region) -> Result<View, Problem> {
    let desk = opened.desk;
    let filter = Filter { kind: Kind::Visit, scope: region.scope(), rule: None, fact: None, limit: 1, offset: 0 };
    let due = opened.ask(|session| opened.published.villages(session, &filter))?;
    let (low, high) = bounds(region);
    let today = opened.app.clock().today();
    let made =
        opened.ask(|session| care::visits::made_by_village(session, (&low, &high), (month_start(today), today)))?;
    let mut rows: BTreeMap<DivisionCode, Row> = BTreeMap::new();
    for village in due.iter() {
        let row = rows.entry(village.village).or_insert_with(|| blank(&desk, village.village));
        (row.due, row.overdue) = (village.open, village.overdue);
    }
    for (village, all, met, attention) in made {
        let row = rows.entry(village).or_insert_with(|| blank(&desk, village));
        (row.made, row.met, row.attention) = (all, met, attention);
    }
    let needs = opened.ask(|session| care::visits::needs(session, opened.keys(), (&low, &high)))?;
    let disputes = opened.ask(|session| care::edits::disputes(session, opened.keys(), (&low, &high)))?;
    let may = |permission: &str| match (opened.viewer.signed(), opened.app.door()) {
        (Some(signed), Some(door)) => door.accounts.authz().holds(&signed.principal, permission),
        _ => false,
    };
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| (-row.overdue, -row.due, -row.made));
    let (met, left): (i64, i64) = (rows.iter().map(|r| r.met).sum(), rows.iter().map(|r| r.due).sum());
    let args = [("met", met.into()), ("left", left.into())];
    let month = [("month", today.format("%Y-%m").to_string().into())];
    let scope = region.query();
    Ok(View {
        headline: desk.voice.say("visits-headline", &args),
        sub: desk.voice.say("visits-sub", &month),
        rows,
        needs: i64::try_from(needs.len()).unwrap_or(0),
        needs_href: address("/d/visits/needs", &[("scope", &scope)]),
        disputes: i64::try_from(disputes.len()).unwrap_or(0),
        assign_href: may("visit.assign").then(|| address("/d/visits/assign", &[("scope", &scope)])),
        phones_href: may("visit.assign").then(|| address("/d/visits/phones", &[("scope", &scope)])),
    })
}

fn blank(desk: &Desk<'_>, code: DivisionCode) -> Row {
    let href = if desk.is_ours(code) { items::village_href(code) } else { "/d/visits".to_owned() };
    Row { name: desk.where_is(code), href, due: 0, overdue: 0, made: 0, met: 0, attention: 0 }
}
