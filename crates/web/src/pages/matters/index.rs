//! Matters under way and closed: what waits for whom, by its last day.

use axum::extract::{Query, State};
use axum::response::Response;
use benefits::{Filter, Matter};
use serde::{Deserialize, Serialize};

use super::said;
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Mood, Pager, PersonRef, Sla, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub tabs: Vec<Chip>,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    /// Only those the viewer may decide, and back.
    pub mine: Option<Chip>,
    pub q: String,
    /// A number was typed that is none.
    pub not_found: bool,
}

/// One matter.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub number: String,
    pub href: String,
    pub person: PersonRef,
    pub place: String,
    pub what: String,
    pub state: Mood,
    pub step: Option<String>,
    pub since: String,
    pub sla: Option<Sla>,
    pub how: String,
}

const ROWS: i64 = 40;

/// Steps in the order in which they are pressing, then everything open and closed.
const TABS: [&str; 10] = ["decide", "stop", "recommend", "papers", "file", "again", "notify", "deliver", "open", "all"];

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub rule: String,
    #[serde(default)]
    pub mine: String,
    #[serde(default)]
    pub page: String,
    /// A number to go to.
    #[serde(default)]
    pub q: String,
}

/// `GET /d/applications`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let typed = params.q.trim().to_owned();
    if !typed.is_empty() {
        let known = app
            .open_night(&ask, move |opened| {
                let found = opened.ask(|session| benefits::by_number(session, &typed))?;
                Ok(found.map(|matter| super::href(&matter.number)))
            })
            .await?;
        if let Some(href) = known {
            return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&ask.href(&href))));
        }
    }
    app.night_page(ask, "matters/index.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, region, &params)?;
        let mut shell = ask.shell(Rail::Matters, desk.voice.word("matters-title"));
        shell.scope = desk.scopes(region, "/d/applications", &[("step", &params.step), ("rule", &params.rule)]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, region: Region, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let today = opened.app.clock().today();
    let counts = opened.ask(|session| benefits::counts(session, region.scope(), today))?;
    let of_rule = |rule: &str| params.rule.is_empty() || params.rule == rule;
    let n = |tab: &str| -> i64 {
        let of_tab = |count: &&benefits::Count| match tab {
            "open" => !count.state.is_closed(),
            "all" => true,
            step => count.step == step,
        };
        counts.iter().filter(|c| of_rule(&c.rule)).filter(of_tab).map(|c| c.n).sum()
    };
    let first = TABS.into_iter().find(|tab| n(tab) > 0).unwrap_or("open");
    let tab = TABS.into_iter().find(|tab| *tab == params.step).unwrap_or(first);
    let link = |tab: &str, rule: &str, mine: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let scope = region.query();
        address("/d/applications", &[("scope", &scope), ("step", tab), ("rule", rule), ("mine", mine), ("page", &page)])
    };
    let mine = tab == "decide" && params.mine == "1";
    let actor = opened.viewer.actor();
    let page: i64 = params.page.parse().unwrap_or(1);
    let pager = Pager::of(page, ROWS, n(tab), |page| link(tab, &params.rule, &params.mine, page));
    let filter = Filter {
        scope: region.scope(),
        rule: params.rule.clone(),
        step: if matches!(tab, "open" | "all") { String::new() } else { tab.to_owned() },
        open: tab == "open",
        decidable_by: if mine { actor } else { String::new() },
        limit: ROWS,
        offset: (pager.from - 1).max(0),
        ..Filter::default()
    };
    let matters = opened.ask(|session| benefits::page(session, &filter))?;
    let (open, late) = (n("open"), counts.iter().filter(|c| of_rule(&c.rule)).map(|c| c.late).sum::<i64>());
    let args = [("open", open.into()), ("decide", n("decide").into()), ("late", late.into())];
    let mut rules: Vec<&str> = counts.iter().map(|c| c.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let chip =
        |rule: &str, label: String| Chip { label, n: None, href: link(tab, rule, "", 1), current: params.rule == rule };
    let mut chips = vec![chip("", desk.voice.word("work-all"))];
    chips.extend(rules.into_iter().map(|rule| chip(rule, desk.rule_label(rule))));
    Ok(View {
        headline: desk.voice.say("matters-headline", &args),
        sub: desk.voice.word("matters-sub"),
        tabs: TABS
            .into_iter()
            .map(|one| Chip {
                label: desk.voice.word(&format!("matters-tab-{one}")),
                n: Some(n(one)),
                href: link(one, &params.rule, "", 1),
                current: one == tab,
            })
            .collect(),
        chips,
        rows: matters.iter().map(|matter| row(opened, matter)).collect(),
        pager,
        mine: (tab == "decide" && opened.viewer.signed().is_some()).then(|| Chip {
            label: desk.voice.word("matters-mine"),
            n: None,
            href: link(tab, &params.rule, if mine { "" } else { "1" }, 1),
            current: mine,
        }),
        not_found: !params.q.trim().is_empty(),
        q: params.q.clone(),
    })
}

fn row(opened: &Opened<'_>, matter: &Matter) -> Row {
    let desk: &Desk<'_> = &opened.desk;
    Row {
        number: matter.number.clone(),
        href: super::href(&matter.number),
        person: desk.person(matter.person),
        place: desk.where_is(matter.village),
        what: desk.rule_label(&matter.rule),
        state: said::state(desk, matter),
        step: said::step(desk, matter),
        since: desk.day(matter.step_since),
        sla: said::sla(desk, matter, opened.app.clock().today()),
        how: matter.filed_as.map(|how| said::how(desk, how)).unwrap_or_default(),
    }
}
