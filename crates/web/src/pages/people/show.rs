//! One person: facts with their sources, conflicts, family, and what they are due and why.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::PersonId;
use policy::Outcome;
use policy::explain::RuleAnswer;
use serde::{Deserialize, Serialize};

use super::entries::{Entry, entries};
use super::facts::{Conflict, FactGroup, Kin, Line, conflicts, facts, family};
use super::history::{self, Month};
use super::known::Known;
use super::linked::{self, Part};
use super::matters::{self, MatterLine};
use super::reveal::{self, RevealForm};
use super::search::is_dead;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, mask};
use crate::opened::Opened;
use crate::pages::visits::panel::{Panel, panel};
use crate::pages::work::items;
use crate::parts::{Class, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub face: String,
    pub name: String,
    pub sex_age: String,
    pub birth: Option<Line>,
    pub id_tail: String,
    pub number: String,
    pub classes: Vec<Class>,
    pub level: Option<Level>,
    pub dead: Option<String>,
    /// The answer in one sentence.
    pub answer: String,
    pub pack: String,
    pub facts: Vec<FactGroup>,
    pub family: Vec<Kin>,
    pub benefits: Vec<Entry>,
    pub visits: Vec<Entry>,
    pub groups: Vec<Entry>,
    pub work: Vec<Work>,
    pub conflicts: Vec<Conflict>,
    pub matters: Vec<MatterLine>,
    /// Where an application is begun, for whoever may.
    pub apply: Option<String>,
    /// Facts that are another than last night.
    pub changed: Option<String>,
    pub history: Vec<Month>,
    pub linked: Vec<Part>,
    /// Visits as they were recorded in the field.
    pub care: Panel,
    /// Another number led here.
    pub from: Option<String>,
    /// The form that shows what is masked, for whoever may.
    pub reveal: Option<RevealForm>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    /// The merged number that was asked for.
    #[serde(default)]
    from: String,
    /// `purpose`: showing what is masked lacked one.
    #[serde(default)]
    reveal: String,
}

/// Newest valid ability assessment.
#[derive(Clone, Debug, Serialize)]
pub struct Level {
    pub n: i64,
    pub label: String,
    pub spoken: String,
    pub note: String,
    pub stamp: Option<Stamp>,
}

/// An open item of work.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    pub glyph: &'static str,
    pub title: String,
    pub href: String,
    pub why: String,
    pub due: Option<String>,
}

/// `GET /d/people/{person}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let survivor = app.open_night(&ask, move |opened| linked::survivor(opened, person)).await?;
    if survivor != person {
        let target = ask.href(&address(&Desk::person_href(survivor), &[("from", &person.to_string())]));
        return Ok(Redirect::to(&target).into_response());
    }
    let from = params.from.parse::<PersonId>().ok();
    app.night_page(ask, "people/show.html", move |ask, opened| {
        let desk = opened.desk;
        opened.demand("person.see", person)?;
        let mut view = view(opened, person)?;
        view.from = linked::led_from(opened, from, person)?;
        view.reveal = reveal::form(opened, person, params.reveal == "purpose");
        let mut shell = ask.shell(Rail::People, view.name.clone()).via(desk.voice.word("rail-people"), "/d/people");
        let place = desk.home_said(person);
        if let Some(home) = desk.home(person).filter(|home| desk.is_ours(*home)) {
            shell = shell.via(place, items::village_href(home));
        }
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, person: PersonId) -> Result<View, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let row = desk.row(person).ok_or(Problem::NotFound)?;
    let today = opened.app.clock().today();
    let now = opened.ask(|session| world.now(session, opened.keys(), person, today))?;
    let mut now = now.ok_or(Problem::NotFound)?;
    let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
    let (lines, visits) = (std::mem::take(&mut now.lines), std::mem::take(&mut now.visits));
    let stale = crate::pages::lists::index::out_of_date(opened)?;
    let known = Known { desk, lines, visits, stale, as_of: now.as_of, opened };
    let answers = &now.answers;
    let matters = matters::of(opened, person)?;
    let mut benefits = entries(&known, answers, "benefit");
    for entry in &mut benefits {
        entry.go = matters::go(opened, &matters, person, &entry.id);
    }
    let changed: Vec<String> = now.changed.iter().map(|key| desk.label("person", key)).collect();
    let work = opened.ask(|session| worklist::of_person(session, person))?;
    let value = |key: &str| now.value(key);
    let sex = desk.value("person", "sex", &value("sex"));
    let age = desk.age(person).map(|n| desk.voice.say("years-old", &[("n", n.into())]));
    let sex_age: Vec<String> = sex.into_iter().chain(age).collect();
    let dead = is_dead(&desk, row).then(|| value("death_date").to_string());
    Ok(View {
        face: desk.face(person),
        name: desk.masked_name(person),
        sex_age: desk.voice.join(&sex_age),
        birth: Some(known.line("birth_date", &value("birth_date"))).filter(|line| line.value.is_some()),
        id_tail: match identity.as_ref().map(|who| who.id_number.as_str()) {
            None => "—".into(),
            Some("") => desk.voice.word("person-no-number"),
            Some(number) => mask::id_number(number),
        },
        number: person.to_string(),
        classes: desk.classes(row),
        level: level(&known, &value),
        dead: dead.map(|date| desk.voice.say("person-dead-note", &[("date", date.into())])),
        answer: answer(&desk, answers),
        pack: desk.plan_name(),
        facts: facts(&known, &value, identity.as_ref()),
        family: family(opened, person, row)?,
        benefits,
        visits: entries(&known, answers, "visit"),
        groups: entries(&known, answers, "group"),
        changed: (!changed.is_empty()).then(|| desk.voice.join(&changed)),
        apply: opened.demand("application.file", person).is_ok().then(|| crate::pages::matters::new_href(person, "")),
        work: work
            .iter()
            .filter(|item| item.state == worklist::State::Open)
            .map(|item| Work {
                glyph: items::glyph(item.wanted.kind),
                title: items::what(&desk, item),
                href: items::href(item.wanted.kind) + &format!("?scope={}", item.wanted.village),
                why: items::why(&desk, item),
                due: item.wanted.due_on.map(|due| items::time_left(&desk, due)),
            })
            .collect(),
        conflicts: conflicts(&known),
        history: history::months(&known, matters::events(opened, &matters)?),
        matters: matters.iter().map(|matter| matters::line(opened, matter)).collect(),
        linked: linked::parts(opened, person)?,
        care: panel(opened, person)?,
        from: None,
        reveal: None,
    })
}

fn level(known: &Known<'_>, value: &impl Fn(&str) -> policy::value::Value) -> Option<Level> {
    let desk = known.desk;
    let n = value("ability_level").as_units()?;
    let args = [("n", n.into())];
    let dates = [
        ("on", value("ability_assessed_on").to_string().into()),
        ("until", value("ability_valid_until").to_string().into()),
    ];
    Some(Level {
        n,
        label: desk
            .value("person", "ability_level", &value("ability_level"))
            .filter(|said| said.parse::<i64>().is_err())
            .unwrap_or_else(|| desk.voice.say("person-level", &args)),
        spoken: desk.voice.say("person-level-spoken", &args),
        note: desk.voice.say("person-level-until", &dates),
        stamp: known.stamp("ability_level"),
    })
}

/// What someone is due in one sentence.
#[must_use]
pub fn answer(desk: &Desk<'_>, answers: &[RuleAnswer]) -> String {
    let count = |kind: &str, outcome: Outcome| {
        i64::try_from(answers.iter().filter(|a| a.kind == kind && a.outcome == outcome).count()).unwrap_or(0)
    };
    let (met, unknown, visits) =
        (count("benefit", Outcome::Met), count("benefit", Outcome::Unknown), count("visit", Outcome::Met));
    let mut said = match met {
        0 => desk.voice.word("person-title-none"),
        n => desk.voice.say("person-title-met", &[("n", n.into())]),
    };
    if unknown > 0 {
        said += &desk.voice.say("person-title-unknown", &[("n", unknown.into())]);
    }
    if visits > 0 {
        said += &desk.voice.say("person-title-visits", &[("n", visits.into())]);
    }
    said
}
