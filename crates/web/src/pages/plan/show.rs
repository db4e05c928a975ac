//! Clauses, what carries them, and how they stand.

use axum::extract::{Query, State};
use axum::response::Response;
use performance::{Duty as Tracked, DutyState};
use policy::model::{Clause, ClauseState, Deadline};
use serde::{Deserialize, Serialize};

use super::cells::{self, Cell};
use crate::desk::{Desk, glyph_of};
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Rail};
use crate::opened::Opened;
use crate::pages::indicators::said;
use crate::pages::policy::tabs;
use crate::pages::today::show::PlanSum;
use crate::parts::{Chip, Mood, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub title: String,
    pub document: String,
    pub url: Option<String>,
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

/// A numbered clause with its duties.
#[derive(Clone, Debug, Serialize)]
pub struct ClauseGroup {
    pub id: String,
    pub no: String,
    pub title: String,
    pub lead: String,
    /// Everyone responsible, when that is the same for all duties.
    pub who: Option<String>,
    pub cells: Vec<Cell>,
    pub spoken: String,
    pub imps: Vec<Imp>,
    pub due: String,
    pub state: Mood,
    pub open: bool,
    pub duties: Vec<Duty>,
    pub measures: Vec<Measure>,
}

/// One duty of a clause.
#[derive(Clone, Debug, Serialize)]
pub struct Duty {
    pub id: String,
    /// Whether the row carries the id to jump to; a clause of one duty carries it itself.
    pub anchored: bool,
    pub title: String,
    pub summary: String,
    pub note: Option<String>,
    pub who: Option<String>,
    pub anchor: Option<String>,
    pub imps: Vec<Imp>,
    pub awaits: Option<String>,
    pub evidence: Option<String>,
    pub due: String,
    pub state: Mood,
}

/// What carries a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imp {
    pub glyph: &'static str,
    pub label: String,
    pub href: Option<String>,
}

/// The indicator behind a clause.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    pub label: String,
    pub said: String,
    pub href: String,
    pub bullet: Bullet,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    only: String,
}

/// `GET /d/plan`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "plan/show.html", move |ask, opened| {
        let tracked = tracked(opened)?;
        let view = view(&opened.desk, &tracked, Cell::from_letter(&params.only));
        Ok((ask.shell(Rail::Policy, opened.desk.voice.word("policy-tab-plan")), view))
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

/// Every clause, or those with a duty of the state `only`.
#[must_use]
pub fn view(desk: &Desk<'_>, tracked: &[Tracked], only: Option<Cell>) -> View {
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
            section.groups.push(clause_group(desk, tracked, group, only.is_some()));
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
        url: desk.pack.document.as_ref().and_then(|d| d.url.clone()).filter(|url| url.starts_with("https://")),
        tabs: tabs(desk.voice, "plan"),
        sum,
        groups_n,
        chips: chips(desk, total, sum, only),
        owing: owing(desk, &duties),
        sections,
    }
}

/// `KZ-5` of `KZ-5d`; an id without a number stands alone.
fn number(id: &str) -> &str {
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let lettered = id.find('-').is_some_and(|dash| dash + 1 < digits);
    let end = id[digits..].find(|c: char| !c.is_ascii_digit()).map_or(id.len(), |at| digits + at);
    if lettered { id } else { &id[..end] }
}

fn document(desk: &Desk<'_>) -> String {
    let Some(document) = &desk.pack.document else { return String::new() };
    let mut said = desk.voice.say(
        "plan-document",
        &[
            ("publisher", desk.voice.of(&document.publisher).into()),
            ("date", document.published.to_string().into()),
            ("index", document.index.as_str().into()),
        ],
    );
    if document.number.is_empty() {
        said += &desk.voice.word("plan-document-numberless");
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

fn clause_group(desk: &Desk<'_>, tracked: &[Tracked], group: &[(&Clause, Cell)], open: bool) -> ClauseGroup {
    let (first, id) = (group[0].0, number(&group[0].0.id).to_owned());
    let title = desk.voice.of(&first.title);
    let title = match group.len() {
        1 => title.to_owned(),
        n => desk.voice.say("plan-group", &[("first", title.into()), ("n", (n as i64).into())]),
    };
    let shared = group.iter().all(|(clause, _)| clause.responsible == first.responsible);
    let lead = first.responsible.first().map(|unit| desk.voice.of(unit).to_owned()).unwrap_or_default();
    let partners = first.responsible.len().saturating_sub(1) as i64;
    let lead = match partners {
        0 => desk.voice.say("plan-lead", &[("lead", lead.into())]),
        n => desk.voice.say("plan-lead-partners", &[("lead", lead.into()), ("n", n.into())]),
    };
    let mut imps: Vec<Imp> = Vec::new();
    for (clause, _) in group {
        for imp in carried_by(desk, clause).into_iter().filter(|imp| imp.glyph != "数") {
            if !imps.contains(&imp) {
                imps.push(imp);
            }
        }
    }
    let measures = measures(desk, group);
    let worst = group.iter().map(|(_, cell)| *cell).max_by_key(|cell| cell.urgency()).unwrap_or(Cell::M);
    let latest = group.iter().find(|(_, cell)| *cell == worst).map_or(first, |(clause, _)| clause);
    let cells: Vec<Cell> = group.iter().map(|(_, cell)| *cell).collect();
    ClauseGroup {
        no: id.split_once('-').map_or(id.clone(), |(_, no)| no.to_owned()),
        title,
        lead,
        who: shared.then(|| units(desk, first)).filter(|who| !who.is_empty()),
        spoken: cells::spoken(desk, &cells),
        imps: imps.into_iter().take(3).collect(),
        due: due(desk, latest),
        state: group_mood(desk, tracked, latest, worst, &cells),
        open,
        duties: group
            .iter()
            .map(|(clause, cell)| duty(desk, tracked, clause, *cell, shared, group.len() > 1))
            .collect(),
        measures,
        cells,
        id,
    }
}

/// The worst of several duties says how many are in that state.
fn group_mood(desk: &Desk<'_>, tracked: &[Tracked], clause: &Clause, worst: Cell, cells: &[Cell]) -> Mood {
    let n = cells.iter().filter(|cell| **cell == worst).count();
    let mood = cells::mood(desk, tracked, clause, worst);
    if cells.len() == 1 || n == cells.len() || worst == Cell::M {
        return mood;
    }
    let args = [("n", i64::try_from(n).unwrap_or(0).into()), ("state", mood.text.into())];
    Mood::new(mood.kind, desk.voice.say("plan-state-of", &args))
}

fn units(desk: &Desk<'_>, clause: &Clause) -> String {
    let units: Vec<&str> = clause.responsible.iter().map(|unit| desk.voice.of(unit)).collect();
    desk.voice.join(&units)
}

fn due(desk: &Desk<'_>, clause: &Clause) -> String {
    match &clause.deadline {
        Some(Deadline::On(day)) => day.to_string(),
        Some(Deadline::Recurring(words)) => desk.voice.of(words).to_owned(),
        Some(Deadline::NoneStated) | None => desk.voice.word("plan-due-none"),
    }
}

fn duty(desk: &Desk<'_>, tracked: &[Tracked], clause: &Clause, cell: Cell, shared: bool, anchored: bool) -> Duty {
    let done = tracked.iter().find(|t| t.clause == clause.id && t.state == DutyState::Done);
    let evidence = match done.and_then(|t| t.reports.last()) {
        Some(report) => Some(format!("{} {}", report.done_on, report.evidence)),
        None => clause.evidence.as_ref().map(|e| desk.voice.of(e).to_owned()),
    };
    Duty {
        id: clause.id.clone(),
        anchored,
        title: desk.voice.of(&clause.title).to_owned(),
        summary: desk.voice.of(&clause.summary).to_owned(),
        note: clause.note.as_ref().map(|n| desk.voice.of(n).to_owned()),
        who: (!shared).then(|| units(desk, clause)),
        anchor: clause.document_anchor.clone(),
        imps: carried_by(desk, clause),
        awaits: clause.awaits.as_ref().map(|a| desk.voice.of(&a.label).to_owned()),
        evidence: evidence.filter(|_| clause.state == ClauseState::Duty),
        due: due(desk, clause),
        state: cells::mood(desk, tracked, clause, cell),
    }
}

fn carried_by(desk: &Desk<'_>, clause: &Clause) -> Vec<Imp> {
    let voice = desk.voice;
    clause
        .implemented_by
        .iter()
        .map(|element| {
            let id = element.id.as_str();
            let (label, href) = match element.kind.as_str() {
                "indicator" => {
                    (desk.pack.indicator(id).map(|i| voice.of(&i.label)), Some(format!("/d/indicators/{id}")))
                }
                "source" => (
                    desk.pack.sources.iter().find(|s| s.id == id).map(|s| voice.of(&s.label)),
                    Some("/d/lists".to_owned()),
                ),
                "parameter" => {
                    (desk.pack.parameter(id).map(|p| voice.of(&p.label)), Some(format!("/d/policy/parameters#{id}")))
                }
                "queue" => (desk.pack.queue(id).map(|q| voice.of(&q.label)), None),
                "scale" => (None, None),
                "pack" => {
                    return Imp { glyph: glyph_of("pack"), label: voice.word(&format!("plan-pack-{id}")), href: None };
                }
                _ => {
                    (desk.pack.rule(id).map(|r| voice.of(&r.label)), Some(address("/d/policy/rules", &[("rule", id)])))
                }
            };
            Imp { glyph: glyph_of(&element.kind), label: label.unwrap_or(id).to_owned(), href }
        })
        .collect()
}

/// The indicators that measure a clause, at most two: the goal names all nine.
fn measures(desk: &Desk<'_>, group: &[(&Clause, Cell)]) -> Vec<Measure> {
    let elements = group.iter().flat_map(|(clause, _)| &clause.implemented_by);
    let ids = elements.filter(|e| e.kind == "indicator").map(|e| e.id.as_str());
    ids.filter_map(|id| {
        let line = said::line(desk, id, said::whole(desk)?)?;
        Some(Measure {
            label: line.label,
            said: line.sentence,
            href: format!("/d/indicators/{id}"),
            bullet: line.bullet,
        })
    })
    .take(2)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_gathered_by_the_number_of_their_clause() {
        for (id, of) in [
            ("KZ-5d", "KZ-5"),
            ("KZ-13a", "KZ-13"),
            ("KZ-2", "KZ-2"),
            ("KZ-M0", "KZ-M0"),
            ("KZ-S1", "KZ-S1"),
            ("KZ-P", "KZ-P"),
        ] {
            assert_eq!(number(id), of);
        }
    }
}
