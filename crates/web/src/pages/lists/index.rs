//! Every departmental list with its newest file, those that need attention first.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::DivisionCode;
use policy::Pack;
use registry::ingest::{self, ListReport, ListState};
use registry::part;
use registry::sources::{Entity, Source};
use serde::{Deserialize, Serialize};

use super::{Counts, counts};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Mood, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    /// Said when the numbers are those of a part of the region.
    pub cut: Option<String>,
    pub as_of: String,
    pub opened: i64,
    pub changed: i64,
    pub closed: i64,
    pub unlinked: i64,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub inbox_example: String,
}

/// One list; without counts it was never received.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub stamp: Stamp,
    pub label: String,
    pub department: String,
    pub scope: Option<String>,
    pub href: Option<String>,
    pub received: String,
    pub as_of: String,
    pub age: Option<String>,
    pub late: bool,
    pub counts: Option<Counts>,
    pub state: Mood,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    only: String,
}

/// `GET /d/lists`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "lists/index.html", move |ask, opened| {
        let view = view(opened, &params.only)?;
        Ok((ask.shell(Rail::Lists, opened.desk.voice.word("rail-lists")), view))
    })
    .await
}

fn view(opened: &Opened<'_>, only: &str) -> Result<View, Problem> {
    let desk = opened.desk;
    let newest = newest(opened)?;
    let sum = |of: fn(&ListReport) -> u64| {
        let taken = newest.iter().filter_map(|line| line.report.as_ref()).filter(|r| r.state == ListState::Accepted);
        i64::try_from(taken.map(of).sum::<u64>()).unwrap_or(i64::MAX)
    };
    let (opened_n, changed, closed, unlinked) =
        (sum(|r| r.opened), sum(|r| r.changed), sum(|r| r.closed), sum(|r| r.unlinked));
    let mut rows: Vec<Row> = newest.iter().map(|line| row(&desk, line)).collect();
    rows.sort_by_key(|row| urgency(row.state.kind));
    let todo = |row: &Row| row.state.kind != "ok";
    let (n, work) = (rows.len() as i64, rows.iter().filter(|row| todo(row)).count() as i64);
    let chip = |key: &str, value: &str, n: i64| Chip {
        label: desk.voice.word(key),
        n: Some(n),
        href: address("/d/lists", &[("only", value)]),
        current: only == value,
    };
    let chips = vec![chip("lists-all", "", n), chip("lists-todo", "todo", work), chip("lists-done", "done", n - work)];
    rows.retain(|row| match only {
        "todo" => todo(row),
        "done" => !todo(row),
        _ => true,
    });
    Ok(View {
        headline: match work {
            0 => desk.voice.say("lists-title", &[("n", n.into())]),
            work => desk.voice.say("lists-title-work", &[("n", n.into()), ("work", work.into())]),
        },
        cut: desk.cut_said(),
        as_of: desk.as_of.to_string(),
        opened: opened_n,
        changed,
        closed,
        unlinked,
        chips,
        rows,
        inbox_example: inbox_example(&desk),
    })
}

/// Two file names: a list for the whole region, and one for a part of it.
fn inbox_example(desk: &Desk<'_>) -> String {
    let part = desk.pack.roots.first().and_then(|root| desk.pack.divisions.children(*root).next());
    let part = part.map(|division| format!("_{}", division.code)).unwrap_or_default();
    format!("low_income_{day}.xlsx\nvillage_survey_{day}{part}.csv", day = desk.as_of)
}

/// One list and its newest file.
pub struct Newest<'c> {
    pub source: &'c Source,
    pub report: Option<ListReport>,
}

/// Every list the plan needs or that came in, with its newest file, or its newest files when it comes by division.
///
/// # Errors
/// Those of the database.
pub fn newest<'o>(opened: &'o Opened<'_>) -> Result<Vec<Newest<'o>>, Problem> {
    let mut all = opened.ask(ingest::all)?;
    if let Some(within) = opened.desk.cut() {
        all = opened.ask(|session| part::cut(session, all, &within))?;
    }
    let mut by_list: BTreeMap<(String, Option<DivisionCode>), ListReport> = BTreeMap::new();
    for report in all.into_iter().filter(|r| r.state != ListState::Superseded) {
        by_list.insert((report.source.clone(), report.scope), report);
    }
    let mut newest = Vec::new();
    let world = &opened.published.world;
    let read = world.program.facts_read(&world.pack);
    for source in world.catalogue.departmental() {
        let of_source: Vec<&ListReport> =
            by_list.iter().filter(|((id, _), _)| *id == source.id).map(|(_, report)| report).collect();
        let stands = |report: &&&ListReport| !is_covered(&opened.desk, report, &of_source);
        let reports: Vec<ListReport> = of_source.iter().filter(stands).map(|report| (*report).clone()).collect();
        if reports.is_empty() && of_source.is_empty() && !is_needed(&world.pack, source, &read) {
            continue;
        }
        if reports.is_empty() {
            newest.push(Newest { source, report: None });
        }
        newest.extend(reports.into_iter().map(|report| Newest { source, report: Some(report) }));
    }
    Ok(newest)
}

/// Whether the plan asks for a list: a rule reads what it gives, or a clause names it. Without people, kin and visits
/// no plan goes.
fn is_needed(pack: &Pack, source: &Source, read: &BTreeSet<(String, String)>) -> bool {
    let entity = source.entity.name();
    let named = |clause: &policy::model::Clause| {
        clause.implemented_by.iter().any(|element| element.kind == "source" && element.id == source.id)
    };
    match &source.entity {
        Entity::Kin | Entity::Visit => true,
        Entity::Person if source.creates => true,
        _ => {
            let gives = source.facts().any(|fact| read.contains(&(entity.to_owned(), fact.key.clone())));
            gives || pack.clauses.iter().any(named)
        }
    }
}

/// Whether newer lists of the same source speak for every part of what this one spoke for.
fn is_covered(desk: &Desk<'_>, report: &ListReport, of_source: &[&ListReport]) -> bool {
    let newer: Vec<Option<DivisionCode>> =
        of_source.iter().filter(|other| other.list_date > report.list_date).map(|other| other.scope).collect();
    let spoken_for = |code: DivisionCode| newer.iter().any(|scope| scope.is_none_or(|scope| scope.contains(code)));
    let whole: Vec<DivisionCode> = report.scope.map_or_else(|| desk.pack.roots.clone(), |scope| vec![scope]);
    !newer.is_empty()
        && whole.into_iter().all(|code| {
            let mut parts = desk.pack.divisions.children(code).peekable();
            spoken_for(code) || (parts.peek().is_some() && parts.all(|part| spoken_for(part.code)))
        })
}

/// Order of the states: what stops the work first.
#[must_use]
pub fn urgency(kind: &str) -> u8 {
    match kind {
        "danger" => 0,
        "warn" => 1,
        "q" => 2,
        _ => 3,
    }
}

/// Sources whose newest lists are all older than they should be.
///
/// # Errors
/// Those of the database.
pub fn out_of_date(opened: &Opened<'_>) -> Result<Vec<String>, Problem> {
    let desk = opened.desk;
    let mut freshest: BTreeMap<String, bool> = BTreeMap::new();
    for line in newest(opened)? {
        if let Some(report) = &line.report {
            let limit = line.source.stale_after_days;
            let fresh = limit == 0 || age(&desk, report) <= limit;
            *freshest.entry(line.source.id.clone()).or_default() |= fresh;
        }
    }
    Ok(freshest.into_iter().filter(|(_, fresh)| !fresh).map(|(id, _)| id).collect())
}

fn row(desk: &Desk<'_>, line: &Newest<'_>) -> Row {
    let source = line.source;
    let department = desk.pack.dictionary.department(&source.department);
    let stamp = desk.stamp(&source.department, None, line.report.as_ref().map(|r| r.list_date), false);
    let blank = Row {
        stamp: stamp.unwrap_or_else(Stamp::blank),
        label: desk.voice.of(&source.label).to_owned(),
        department: department.map(|d| desk.voice.of(&d.name).to_owned()).unwrap_or_default(),
        scope: None,
        href: None,
        received: String::new(),
        as_of: String::new(),
        age: None,
        late: false,
        counts: None,
        state: state(desk, line),
    };
    let Some(report) = &line.report else { return blank };
    let (age, limit) = (age(desk, report), source.stale_after_days);
    let args = [("n", age.into()), ("limit", limit.into())];
    Row {
        scope: report.scope.map(|code| desk.place(code)),
        href: report.list.map(|list| format!("/d/lists/{list}")),
        received: report.received_on.to_string(),
        as_of: report.list_date.to_string(),
        age: Some(if limit > 0 {
            desk.voice.say("lists-age-limit", &args)
        } else {
            desk.voice.say("lists-age", &args)
        }),
        late: limit > 0 && age > limit,
        counts: Some(counts(report)),
        ..blank
    }
}

fn age(desk: &Desk<'_>, report: &ListReport) -> i64 {
    (desk.as_of - report.list_date).num_days().max(0)
}

/// How a list stands.
#[must_use]
pub fn state(desk: &Desk<'_>, line: &Newest<'_>) -> Mood {
    let Some(report) = &line.report else { return Mood::new("q", desk.voice.word("lists-state-never")) };
    let late = age(desk, report) - line.source.stale_after_days;
    match report.state {
        ListState::Held => Mood::new("danger", desk.voice.word("lists-state-held")),
        ListState::Released => Mood::new("warn", desk.voice.word("lists-state-released")),
        ListState::Refused | ListState::Rejected => Mood::new("danger", desk.voice.word("lists-state-refused")),
        _ if line.source.stale_after_days > 0 && late > 0 => {
            Mood::new("warn", desk.voice.say("lists-state-late", &[("n", late.into())]))
        }
        _ if report.faulty > 0 => {
            Mood::new("warn", desk.voice.say("lists-state-faulty", &[("n", report.faulty.into())]))
        }
        ListState::Accepted => Mood::new("ok", desk.voice.word("lists-state-accepted")),
        ListState::Known => Mood::new("ok", desk.voice.word("lists-state-known")),
        ListState::Dry => Mood::new("mute", desk.voice.word("lists-state-dry")),
        ListState::Superseded | ListState::Early => Mood::new("mute", desk.voice.word("lists-state-superseded")),
    }
}
