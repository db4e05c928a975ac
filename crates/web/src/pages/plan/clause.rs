//! A numbered clause with its duties: what each asks, who answers, what carries it, how it stands.

use performance::Duty as Tracked;
use policy::model::{Clause, ClauseState, Deadline};
use serde::Serialize;

use super::cells::{self, Cell};
use super::evidence::{self, Evidence};
use super::show::Around;
use crate::desk::{Desk, glyph_of};
use crate::frame::Bullet;
use crate::pages::indicators::said;
use crate::parts::{Mood, address};

/// A numbered clause. Duties and measures are shown where it is open.
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
    /// Opens it, or folds it again.
    pub toggle: String,
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
    /// The place in the attached document.
    pub place: Option<String>,
    pub imps: Vec<Imp>,
    pub awaits: Option<String>,
    /// What would show that it was done.
    pub evidence: Option<String>,
    /// What was reported of it, and the form; of administrative duties only.
    pub reported: Option<Evidence>,
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

/// `KZ-5` of `KZ-5d`, `RZ-1.1` of `RZ-1.1f`; an id without a number stands alone.
pub fn number(id: &str) -> &str {
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let lettered = id.find('-').is_some_and(|dash| dash + 1 < digits);
    let end = id[digits..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(id.len(), |at| digits + at);
    if lettered { id } else { &id[..end] }
}

/// The group of one number; its duties too when it is open.
pub fn clause_group(desk: &Desk<'_>, around: &Around<'_>, group: &[(&Clause, Cell)], open: bool) -> ClauseGroup {
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
    let worst = group.iter().map(|(_, cell)| *cell).max_by_key(|cell| cell.urgency()).unwrap_or(Cell::M);
    let latest = group.iter().find(|(_, cell)| *cell == worst).map_or(first, |(clause, _)| clause);
    let cells: Vec<Cell> = group.iter().map(|(_, cell)| *cell).collect();
    let shown = if open { group } else { &[] };
    ClauseGroup {
        no: id.split_once('-').map_or(id.clone(), |(_, no)| no.to_owned()),
        title,
        lead,
        who: shared.then(|| units(desk, first)).filter(|who| !who.is_empty()),
        spoken: cells::spoken(desk, &cells),
        imps: imps.into_iter().take(3).collect(),
        due: due(desk, latest),
        state: group_mood(desk, around.tracked, latest, worst, &cells),
        open,
        toggle: toggle(around, &id, open),
        duties: shown.iter().map(|(clause, cell)| duty(desk, around, clause, *cell, shared, group.len() > 1)).collect(),
        measures: measures(desk, shown),
        cells,
        id,
    }
}

fn toggle(around: &Around<'_>, id: &str, open: bool) -> String {
    let only = around.only.map_or("", Cell::letter);
    address("/d/plan", &[("only", only), ("at", if open { "" } else { id })]) + "#" + id
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

fn duty(desk: &Desk<'_>, around: &Around<'_>, clause: &Clause, cell: Cell, shared: bool, anchored: bool) -> Duty {
    let tracked = around.tracked.iter().find(|t| t.clause == clause.id);
    let administrative = clause.state == ClauseState::Duty;
    Duty {
        id: clause.id.clone(),
        anchored,
        title: desk.voice.of(&clause.title).to_owned(),
        summary: desk.voice.of(&clause.summary).to_owned(),
        note: clause.note.as_ref().map(|n| desk.voice.of(n).to_owned()),
        who: (!shared).then(|| units(desk, clause)),
        anchor: clause.document_anchor.clone(),
        place: around.document.and_then(|document| document.place(clause)),
        imps: carried_by(desk, clause),
        awaits: clause.awaits.as_ref().map(|a| desk.voice.of(&a.label).to_owned()),
        evidence: clause.evidence.as_ref().filter(|_| administrative).map(|e| desk.voice.of(e).to_owned()),
        reported: tracked.filter(|_| administrative).map(|tracked| evidence::view(desk, tracked, around.today)),
        due: due(desk, clause),
        state: cells::mood(desk, around.tracked, clause, cell),
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
                "service" => (desk.pack.services.iter().find(|s| s.id == id).map(|s| voice.of(&s.label)), None),
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
            ("RZ-1.1f", "RZ-1.1"),
            ("YX-3.12", "YX-3.12"),
            ("KZ-M0", "KZ-M0"),
            ("KZ-S1", "KZ-S1"),
            ("KZ-P", "KZ-P"),
        ] {
            assert_eq!(number(id), of);
        }
    }
}
