//! What an elder is due, from the facts on record: each with its source, what is missing and how to supply it.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::PersonId;
use policy::model::Rule;
use policy::{Outcome, RuleAnswer};
use registry::snapshot::FactLine;
use serde::Serialize;

use super::matter::{self, Brief};
use super::{admitted, public, tabs};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::people::known::Known;
use crate::pages::portal::answered::{self, Group};
use crate::pages::portal::result::how;
use crate::parts::{Chip, FactShown};
use crate::public::{Made, Page};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub lead: String,
    pub tabs: Vec<Chip>,
    /// The facts the answers rest on.
    pub basis: Vec<FactShown>,
    pub facts_href: Option<String>,
    pub matters: Vec<Brief>,
    pub groups: Vec<Group>,
    pub how: String,
}

/// Facts told at the top.
const BASIS: usize = 8;

/// `GET /me/{person}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.own_page(ask, Page::new(Section::Me, "portal/me-person.html"), move |_, opened| {
        admitted(opened, "person.see", person)?;
        let view = view(opened, person)?;
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

fn view(opened: &Opened<'_>, person: PersonId) -> Result<View, Problem> {
    let (desk, world) = (&opened.desk, &opened.published.world);
    let all = world.explain(person).ok_or(Problem::NotFound)?;
    let answers: Vec<RuleAnswer> = all.into_iter().filter(|a| matches!(a.kind, "benefit" | "visit")).collect();
    let known = Known::read(opened, person)?;
    let shown = |line: &FactLine| {
        Some(FactShown {
            label: desk.label("person", &line.key),
            value: desk.value("person", &line.key, &line.value)?,
            stamp: known.stamp_of(line),
        })
    };
    let source = |key: &str| known.lines.iter().find(|line| line.key == key && line.current).and_then(shown);
    let mut keys: Vec<&str> = Vec::new();
    for key in answers.iter().flat_map(|a| &a.reasons).flat_map(|reason| &reason.facts).map(|(key, _)| key.as_str()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let may_see = opened.demand("fact.see", person).is_ok();
    let acts = |rule: &Rule, answer: &RuleAnswer| acts(opened, person, rule, answer);
    let name = desk.masked_name(person);
    let (title, lead) = answered::headline(desk, &answers, Some(&name));
    let public = public(opened);
    Ok(View {
        title,
        lead,
        tabs: tabs(opened, person, ""),
        basis: keys.into_iter().filter_map(source).take(BASIS).collect(),
        facts_href: may_see.then(|| format!("/me/{person}/facts")),
        matters: if opened.demand("application.see", person).is_ok() {
            matter::of_person(opened, person)?
        } else {
            Vec::new()
        },
        groups: answered::groups(&public, &answers, Some(&source), &acts),
        how: how(&public),
    })
}

/// What the reader may do about an answer.
fn acts(opened: &Opened<'_>, person: PersonId, rule: &Rule, answer: &RuleAnswer) -> Vec<(String, String)> {
    let voice = opened.desk.voice;
    let mut acts = Vec::new();
    let decided_here = rule.benefit().is_some_and(|benefit| benefit.process.is_some());
    let wanted = answer.outcome == Outcome::Met && answer.served != Some(Outcome::Met);
    if decided_here && wanted && opened.demand("application.file", person).is_ok() {
        acts.push((voice.word("apply-go"), format!("/me/{person}/apply/{}", rule.id)));
    }
    match answer.outcome {
        Outcome::Unknown if opened.demand("fact.answer", person).is_ok() => {
            acts.push((voice.word("me-supply"), format!("/me/{person}/facts?about={}#say", first(answer))));
        }
        Outcome::Met | Outcome::Unknown if rule.benefit().is_some() => {
            acts.push((voice.word("result-form"), format!("/services/{}/form?print=1", rule.id)));
        }
        _ => {}
    }
    acts
}

fn first(answer: &RuleAnswer) -> &str {
    answer.missing.first().map_or("", String::as_str)
}
