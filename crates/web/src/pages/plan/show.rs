//! Clauses, what carries them, and how they stand.

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{Date, DutyReportId};
use performance::Duty as Tracked;
use policy::model::Clause;
use serde::{Deserialize, Serialize};

use super::cells::{self, Cell};
use super::clause::{ClauseGroup, clause_group, number};
use super::document::Document;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::indicators::said;
use crate::pages::policy::tabs;
use crate::pages::today::show::PlanSum;
use crate::parts::{Chip, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub title: String,
    pub document: String,
    /// The text names no place: why the divisions shown stand in for it.
    pub stand_in: Option<String>,
    pub url: Option<String>,
    /// What is attached as the official document; none: how to attach one is said.
    pub attached: Option<String>,
    pub attach: String,
    /// Said after a report was recorded or withdrawn.
    pub saved: Option<String>,
    pub tabs: Vec<Chip>,
    pub sum: PlanSum,
    pub groups_n: i64,
    pub chips: Vec<Chip>,
    pub owing: Vec<Owing>,
    pub sections: Vec<Section>,
}

/// A unit and its overdue duties.
#[derive(Clone, Debug, Serialize)]
pub struct Owing {
    pub label: String,
    pub cells: Vec<Cell>,
    pub n: i64,
}

/// A chapter of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub title: String,
    pub overdue: i64,
    pub groups: Vec<ClauseGroup>,
}

/// What a clause is shown with.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub tracked: &'a [Tracked],
    pub document: Option<&'a Document>,
    pub only: Option<Cell>,
    pub open: Open<'a>,
    /// The last day a duty may have been done on.
    pub today: Date,
}

/// Which clauses show their duties: a page of all of them would be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open<'a> {
    None,
    /// The clause of this id or number.
    One(&'a str),
    All,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    only: String,
    /// The clause to open.
    #[serde(default)]
    at: String,
    /// The report just recorded.
    #[serde(default)]
    saved: String,
}

/// `GET /d/plan`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "plan/show.html", move |ask, opened| {
        let (tracked, document) = (tracked(opened)?, Document::of(opened)?);
        let open = if params.at.is_empty() { Open::None } else { Open::One(&params.at) };
        let around = Around {
            tracked: &tracked,
            document: document.as_ref(),
            only: Cell::from_letter(&params.only),
            open,
            today: opened.app.clock().today(),
        };
        let mut view = view(&opened.desk, &around);
        let voice = opened.desk.voice;
        let saved = params.saved.parse::<DutyReportId>().ok();
        view.saved = saved.map(|id| voice.say("plan-duty-saved", &[("id", id.to_string().into())]));
        Ok((ask.shell(Rail::Policy, voice.word("policy-tab-plan")), view))
    })
    .await
}

/// The duties of departments with what was reported of them.
///
/// # Errors
/// Those of the database.
pub fn tracked(opened: &Opened<'_>) -> Result<Vec<Tracked>, Problem> {
    let Some(whole) = said::whole(&opened.desk) else { return Ok(Vec::new()) };
    opened.ask(|session| performance::duties(session, opened.desk.pack, whole, opened.desk.as_of))
}

/// Every clause, or those with a duty of the state asked for.
#[must_use]
pub fn view(desk: &Desk<'_>, around: &Around<'_>) -> View {
    let (tracked, only) = (around.tracked, around.only);
    let duties: Vec<(&Clause, Cell)> = desk.pack.clauses.iter().map(|c| (c, cells::of(desk, tracked, c))).collect();
    let sum = cells::sum(duties.iter().map(|(_, cell)| *cell));
    let mut sections: Vec<Section> = Vec::new();
    let mut groups_n = 0;
    for group in duties.chunk_by(|(a, _), (b, _)| number(&a.id) == number(&b.id) && a.section == b.section) {
        groups_n += 1;
        if only.is_some_and(|only| group.iter().all(|(_, cell)| *cell != only)) {
            continue;
        }
        let title = group[0].0.section.as_ref().map(|s| desk.voice.of(s).to_owned()).unwrap_or_default();
        if sections.last().is_none_or(|section| section.title != title) {
            sections.push(Section { title, overdue: 0, groups: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.overdue += group.iter().filter(|(_, cell)| *cell == Cell::O).count() as i64;
            let open = match around.open {
                Open::None => false,
                Open::One(at) => number(at) == number(&group[0].0.id),
                Open::All => true,
            };
            section.groups.push(clause_group(desk, around, group, open));
        }
    }
    let total = i64::try_from(duties.len()).unwrap_or(0);
    let args = [("n", total.into()), ("m", sum.reached.into()), ("o", sum.overdue.into())];
    let headline =
        if sum.overdue > 0 { desk.voice.say("plan-title", &args) } else { desk.voice.say("plan-title-good", &args) };
    View {
        headline,
        title: desk.plan_name(),
        document: document(desk),
        stand_in: desk.pack.stand_in.as_ref().map(|why| desk.voice.of(why).to_owned()),
        attached: around.document.map(|attached| attached.said(desk)),
        attach: format!("yilian pack document attach {} FILE", desk.pack.id),
        saved: None,
        url: desk.pack.document.as_ref().and_then(|d| d.url.clone()).filter(|url| url.starts_with("https://")),
        tabs: tabs(desk.voice, "plan"),
        sum,
        groups_n,
        chips: chips(desk, total, sum, only),
        owing: owing(desk, &duties),
        sections,
    }
}

fn document(desk: &Desk<'_>) -> String {
    let Some(document) = &desk.pack.document else { return String::new() };
    let voice = desk.voice;
    let publisher = voice.of(&document.publisher);
    let mut said = match document.published {
        Some(day) => {
            let args = [("publisher", publisher.into()), ("date", day.to_string().into())];
            voice.say("plan-document", &args)
        }
        None => voice.say("plan-document-undated", &[("publisher", publisher.into())]),
    };
    if !document.index.is_empty() {
        said += &voice.say("plan-document-index", &[("index", document.index.as_str().into())]);
    }
    said += &match document.number.as_str() {
        "" => voice.word("plan-document-numberless"),
        number => voice.say("plan-document-number", &[("number", number.into())]),
    };
    if document.draft {
        said += &voice.word("plan-document-draft");
    }
    if let Some(asked) = &document.consultation {
        let days = [("from", asked.from.to_string().into()), ("until", asked.until.to_string().into())];
        said += &voice.say("plan-document-asked", &days);
    }
    said
}

fn chips(desk: &Desk<'_>, total: i64, sum: PlanSum, only: Option<Cell>) -> Vec<Chip> {
    let all =
        Chip { label: desk.voice.word("work-all"), n: Some(total), href: "/d/plan".into(), current: only.is_none() };
    let each = [(Cell::O, sum.overdue), (Cell::T, sum.on_the_way), (Cell::N, sum.awaiting), (Cell::M, sum.reached)];
    let each = each.into_iter().map(|(cell, n)| Chip {
        label: desk.voice.word(&format!("plan-{}", cell.letter())),
        n: Some(n),
        href: address("/d/plan", &[("only", cell.letter())]),
        current: only == Some(cell),
    });
    std::iter::once(all).chain(each).collect()
}

/// Units with overdue duties in which they come first, most first.
fn owing(desk: &Desk<'_>, duties: &[(&Clause, Cell)]) -> Vec<Owing> {
    let mut owing: Vec<Owing> = Vec::new();
    for (clause, _) in duties.iter().filter(|(_, cell)| *cell == Cell::O) {
        let Some(lead) = clause.responsible.first() else { continue };
        let label = desk.voice.of(lead);
        match owing.iter_mut().find(|unit| unit.label == label) {
            Some(unit) => {
                unit.n += 1;
                unit.cells.push(Cell::O);
            }
            None => owing.push(Owing { label: label.to_owned(), cells: vec![Cell::O], n: 1 }),
        }
    }
    owing.sort_by_key(|unit| -unit.n);
    owing
}
