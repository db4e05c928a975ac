//! The desk's first page: what to do first, key figures, how the lists came in, how far the plan is.

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::DivisionLevel;
use performance::State as Judged;
use policy::model::Indicator;
use serde::{Deserialize, Serialize};
use worklist::{Filter, Kind, WorkItem};

use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Rail, figures};
use crate::opened::Opened;
use crate::pages::indicators::said;
use crate::pages::lists::index as lists;
use crate::pages::matters::said as said_of;
use crate::pages::plan::cells;
use crate::pages::work::items;
use crate::pages::work::list::{self, Bulk};
use crate::parts::{Chip, Mood, Sla, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub as_of: String,
    /// What the reader must know of the data before trusting it.
    pub notes: Vec<String>,
    pub visits_left: Option<i64>,
    /// The one thing to go to.
    pub first_href: String,
    pub first_action: String,
    pub kpis: Vec<Kpi>,
    pub chips: Vec<Chip>,
    pub groups: Vec<Group>,
    /// The form in which ticked people are acted on.
    pub bulk: Option<Bulk>,
    pub noted: Option<String>,
    pub lists: Vec<ListLine>,
    pub found: Vec<Found>,
    pub progress: Option<Progress>,
    pub plan: PlanSum,
}

/// An indicator in the strip.
#[derive(Clone, Debug, Serialize)]
pub struct Kpi {
    pub href: String,
    pub name: String,
    pub value: String,
    pub unit: String,
    pub change: Option<String>,
    pub bullet: Bullet,
    pub target: String,
    pub hit: bool,
    pub gap: String,
}

/// Work of one urgency, its first rows and how many there are.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub n: i64,
    pub href: String,
    pub rows: Vec<WorkRow>,
}

/// One thing to do.
#[derive(Clone, Debug, Serialize)]
pub struct WorkRow {
    pub glyph: &'static str,
    pub title: String,
    pub href: String,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub sla: Option<Sla>,
    pub why: String,
    /// The value of its tick, where ticked people can be acted on together.
    pub tick: Option<String>,
}

/// A departmental list's newest file.
#[derive(Clone, Debug, Serialize)]
pub struct ListLine {
    pub stamp: Stamp,
    pub label: String,
    pub href: String,
    pub as_of: String,
    pub rows: i64,
    pub state: Mood,
}

/// A worklist and what is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub n: i64,
    pub href: String,
    pub title: String,
    pub detail: String,
}

/// One indicator by county.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    pub title: String,
    pub href: String,
    pub target: String,
    pub note: String,
    pub rows: Vec<ProgressRow>,
}

/// One county's bar.
#[derive(Clone, Debug, Serialize)]
pub struct ProgressRow {
    pub name: String,
    pub href: String,
    pub bullet: Bullet,
    pub value: String,
}

/// Duties of the plan by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanSum {
    pub reached: i64,
    pub on_the_way: i64,
    pub overdue: i64,
    pub awaiting: i64,
}

/// Indicators in the strip and lists in the sheet.
const KPIS: usize = 6;
const LISTS: usize = 6;
/// Matters in their group.
const MATTERS: i64 = 5;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    scope: String,
    /// How many were noted a moment ago.
    #[serde(default)]
    noted: String,
}

/// `GET /d/today`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "today/show.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let mut view = view(opened, region)?;
        view.noted = params.noted.parse::<i64>().ok().map(|n| desk.voice.say("offers-noted", &[("n", n.into())]));
        let mut shell = ask.shell(Rail::Today, desk.voice.word("rail-today"));
        shell.scope = desk.scopes(region, "/d/today", &[]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, region: Region) -> Result<View, Problem> {
    let desk = opened.desk;
    let voice = desk.voice;
    let counts = opened.ask(|session| opened.published.counts(session, region.scope()))?;
    let of = |kind| items::open(&counts, kind);
    let ((visits, overdue), (stops, _), (unserved, _)) = (of(Kind::Visit), of(Kind::Stop), of(Kind::Unserved));
    let args = [("overdue", overdue.into()), ("stop", stops.into()), ("unserved", unserved.into())];
    let first = if overdue > 0 {
        Kind::Visit
    } else if stops > 0 {
        Kind::Stop
    } else {
        Kind::Unserved
    };
    let world = &opened.published.world;
    let mut notes = Vec::new();
    if world.lists_since {
        notes.push(voice.word("today-lists-since"));
    }
    if world.pack_changed {
        notes.push(voice.word("today-pack-changed"));
    }
    let tracked = crate::pages::plan::show::tracked(opened)?;
    Ok(View {
        headline: if overdue + stops + unserved > 0 {
            voice.say("today-title", &args)
        } else {
            voice.word("today-title-calm")
        },
        as_of: desk.as_of.to_string(),
        notes,
        visits_left: (visits > 0).then_some(visits),
        first_href: address(&items::href(first), &[("scope", &region.query())]),
        first_action: voice.word(&format!("today-go-{first}")),
        kpis: kpis(&desk, region),
        chips: items::tabs(&desk, &counts, region, None),
        groups: groups(opened, region, &counts)?,
        bulk: list::bulk(opened, Kind::Unserved, &address("/d/today", &[("scope", &region.query())])),
        noted: None,
        lists: list_lines(opened)?,
        found: found(&desk, &counts, region),
        progress: progress(&desk, region),
        plan: cells::sum(desk.pack.clauses.iter().map(|clause| cells::of(&desk, &tracked, clause))),
    })
}

/// The most pressing items of each kind that has a last day or takes something from someone.
fn groups(opened: &Opened<'_>, region: Region, counts: &[worklist::Count]) -> Result<Vec<Group>, Problem> {
    let desk = opened.desk;
    let mut groups: Vec<Group> = matters(opened, region)?.into_iter().collect();
    for (kind, rows) in [(Kind::Visit, 5), (Kind::Stop, 4), (Kind::Unserved, 5), (Kind::Reassess, 3)] {
        let (open, overdue) = items::open(counts, kind);
        let n = if kind == Kind::Visit { overdue } else { open };
        if n == 0 {
            continue;
        }
        let items = first_of_each(opened, region, kind, counts, rows)?;
        groups.push(Group {
            title: desk.voice.word(&format!("today-group-{kind}")),
            n,
            href: address(&items::href(kind), &[("scope", &region.query())]),
            rows: items.iter().map(|item| work_row(&desk, item)).collect(),
        });
    }
    Ok(groups)
}

/// Matters under way, by the last day of their next step; none for whoever may not see applications.
fn matters(opened: &Opened<'_>, region: Region) -> Result<Option<Group>, Problem> {
    if !opened.holds("application.see") {
        return Ok(None);
    }
    let (desk, today) = (opened.desk, opened.app.clock().today());
    let filter = benefits::Filter { scope: region.scope(), open: true, limit: MATTERS, ..benefits::Filter::default() };
    let waits = |count: &&benefits::Count| !count.state.is_closed() && !count.step.is_empty();
    let counts = opened.ask(|session| benefits::counts(session, region.scope(), today))?;
    let n: i64 = counts.iter().filter(waits).map(|count| count.n).sum();
    if n == 0 {
        return Ok(None);
    }
    let all = opened.ask(|session| benefits::page(session, &filter))?;
    let row = |matter: &benefits::Matter| {
        let person = desk.person(matter.person);
        let place = desk.where_is(matter.village);
        let title = desk.rule_label(&matter.rule);
        WorkRow {
            glyph: "审",
            title,
            href: crate::pages::matters::href(&matter.number),
            name: person.name,
            age: person.age,
            place,
            sla: said_of::sla(&desk, matter, today),
            why: said_of::step(&desk, matter).unwrap_or_default(),
            tick: None,
        }
    };
    Ok(Some(Group {
        title: desk.voice.word("today-group-matters"),
        n,
        href: address("/d/applications", &[("scope", &region.query())]),
        rows: all.iter().filter(|matter| matter.step.is_some()).map(row).collect(),
    }))
}

/// The first items of a kind; of entitlements some of each rule, the rarest rules first.
fn first_of_each(
    opened: &Opened<'_>,
    region: Region,
    kind: Kind,
    counts: &[worklist::Count],
    rows: i64,
) -> Result<Vec<WorkItem>, Problem> {
    let todo = (list::hand_of(kind, ""), opened.app.clock().today());
    let whole = Filter { kind, scope: region.scope(), rule: None, fact: None, limit: rows, offset: 0 };
    if !matches!(kind, Kind::Unserved | Kind::Stop) {
        return Ok(opened.ask(|session| opened.published.first_items(session, &whole, todo))?.to_vec());
    }
    let mut rules: Vec<&worklist::Count> = counts.iter().filter(|c| c.kind == kind && c.open > 0).collect();
    rules.sort_by_key(|count| count.open);
    let share = (rows + 1) / i64::try_from(rules.len()).unwrap_or(1).max(1);
    let mut items = Vec::new();
    for count in rules {
        let filter = Filter { rule: Some(count.rule.clone()), limit: share.max(1), ..whole.clone() };
        items.extend(opened.ask(|session| opened.published.first_items(session, &filter, todo))?.iter().cloned());
    }
    items.truncate(usize::try_from(rows).unwrap_or(0));
    Ok(items)
}

fn work_row(desk: &Desk<'_>, item: &WorkItem) -> WorkRow {
    let person = desk.person(item.wanted.person);
    WorkRow {
        glyph: items::glyph(item.wanted.kind),
        title: items::what(desk, item),
        href: Desk::person_href(item.wanted.person),
        name: person.name,
        age: person.age,
        tick: (item.wanted.kind == Kind::Unserved).then(|| format!("{}:{}", item.wanted.person, item.wanted.rule)),
        place: desk.where_is(item.wanted.village),
        sla: items::sla(desk, item),
        why: match (item.wanted.kind, item.wanted.from_on) {
            (Kind::Stop, Some(from)) => {
                let args = [("why", items::why(desk, item).into()), ("from", desk.day(from).into())];
                desk.voice.say("today-stop-from", &args)
            }
            _ => items::why(desk, item),
        },
    }
}

/// Indicators measured in the region, the most pressing first.
fn kpis(desk: &Desk<'_>, region: Region) -> Vec<Kpi> {
    let Some(here) = region.division().or_else(|| said::whole(desk)) else { return Vec::new() };
    let urgency = |indicator: &&Indicator| match desk.judged(&indicator.id, here).map(|m| m.state) {
        Some(Judged::Overdue) => 0,
        Some(Judged::DueSoon) => 1,
        Some(Judged::Behind) => 2,
        Some(Judged::OnTrack) => 3,
        Some(Judged::Met) => 4,
        _ => 5,
    };
    let mut indicators: Vec<&Indicator> =
        desk.pack.indicators.iter().filter(|i| desk.judged(&i.id, here).is_some()).collect();
    indicators.sort_by_key(urgency);
    indicators
        .into_iter()
        .take(KPIS)
        .filter_map(|indicator| {
            let line = said::line(desk, &indicator.id, here)?;
            let measured = desk.judged(&indicator.id, here)?;
            let change = measured.value.zip(measured.base).map(|(value, base)| {
                let args = [("n", figures::measure((value - base).abs()).into())];
                match value.total_cmp(&base) {
                    std::cmp::Ordering::Greater => desk.voice.say("today-up", &args),
                    std::cmp::Ordering::Less => desk.voice.say("today-down", &args),
                    std::cmp::Ordering::Equal => desk.voice.word("today-same"),
                }
            });
            Some(Kpi {
                href: address(&format!("/d/indicators/{}", indicator.id), &[("at", &region.query())]),
                name: line.label,
                value: line.value,
                unit: line.unit,
                change,
                bullet: line.bullet,
                target: desk.voice.say("today-target", &[("target", line.target.into())]),
                hit: line.hit,
                gap: line.gap,
            })
        })
        .collect()
}

fn list_lines(opened: &Opened<'_>) -> Result<Vec<ListLine>, Problem> {
    let desk = opened.desk;
    let mut lines: Vec<(u8, ListLine)> = lists::newest(opened)?
        .iter()
        .filter_map(|line| {
            let report = line.report.as_ref()?;
            let state = lists::state(&desk, line);
            let scope = report.scope.map(|code| format!(" · {}", desk.place(code))).unwrap_or_default();
            let stamp = desk.stamp(&line.source.department, None, Some(report.list_date), false);
            Some((
                lists::urgency(state.kind),
                ListLine {
                    stamp: stamp.unwrap_or_else(Stamp::blank),
                    label: format!("{}{scope}", desk.voice.of(&line.source.label)),
                    href: format!("/d/lists/{}", report.list?),
                    as_of: report.list_date.to_string(),
                    rows: i64::try_from(report.rows).unwrap_or(0),
                    state,
                },
            ))
        })
        .collect();
    lines.sort_by_key(|(urgency, _)| *urgency);
    Ok(lines.into_iter().take(LISTS).map(|(_, line)| line).collect())
}

fn found(desk: &Desk<'_>, counts: &[worklist::Count], region: Region) -> Vec<Found> {
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let (open, overdue) = items::open(counts, kind);
            let mut rules: Vec<&worklist::Count> = counts.iter().filter(|c| c.kind == kind && c.open > 0).collect();
            rules.sort_by_key(|count| -count.open);
            let detail: Vec<String> = match kind {
                Kind::Ask => vec![desk.voice.word("today-found-ask")],
                Kind::Visit if overdue > 0 => vec![desk.voice.say("today-found-visit", &[("n", overdue.into())])],
                _ => rules
                    .iter()
                    .take(3)
                    .map(|c| format!("{} {}", desk.rule_label(&c.rule), figures::grouped(c.open as f64)))
                    .collect(),
            };
            Found {
                n: open,
                href: address(&items::href(kind), &[("scope", &region.query())]),
                title: desk.voice.word(&format!("work-{kind}")),
                detail: desk.voice.join(&detail),
            }
        })
        .collect()
}

/// The first indicator that is measured down to the village, place by place below the region, lowest first.
fn progress(desk: &Desk<'_>, region: Region) -> Option<Progress> {
    let indicator = desk.pack.indicators.iter().find(|i| i.levels.contains(&DivisionLevel::Community))?;
    let below = desk.below(region);
    let mut rows: Vec<(f64, ProgressRow)> = below
        .into_iter()
        .filter_map(|code| {
            let line = said::line(desk, &indicator.id, code)?;
            let value = desk.judged(&indicator.id, code)?.value?;
            let name = desk.place(code);
            let row = ProgressRow {
                href: address(&format!("/d/indicators/{}", indicator.id), &[("at", &code.to_string())]),
                bullet: Bullet { label: format!("{name} {}", line.label), ..line.bullet },
                value: line.value,
                name,
            };
            Some((value, row))
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let first = rows.first().map(|(_, row)| row.bullet.min)?;
    let args = [("target", said::target_said(desk, indicator).into())];
    Some(Progress {
        title: desk.voice.say("today-progress-title", &[("label", desk.voice.of(&indicator.label).into())]),
        href: format!("/d/indicators/{}", indicator.id),
        target: desk.voice.say("today-target", &args),
        note: desk.voice.say("today-progress-note", &[("min", figures::measure(first).into())]),
        rows: rows.into_iter().take(12).map(|(_, row)| row).collect(),
    })
}
