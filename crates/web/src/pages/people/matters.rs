//! What is asked for, decided and given of someone's benefits, on their page.

use benefits::Matter;
use kernel::{Date, PersonId};
use serde::Serialize;

use super::history::Event;
use crate::edge::Problem;
use crate::opened::Opened;
use crate::pages::matters::{self, said};
use crate::pages::work::list::Next;
use crate::parts::Mood;

/// One matter.
#[derive(Clone, Debug, Serialize)]
pub struct MatterLine {
    pub what: String,
    pub number: String,
    pub href: String,
    pub state: Mood,
    pub next: Option<String>,
    pub day: String,
}

/// Matters of someone whose applications the viewer may see, newest first.
///
/// # Errors
/// Those of the database.
pub fn of(opened: &Opened<'_>, person: PersonId) -> Result<Vec<Matter>, Problem> {
    if opened.demand("application.see", person).is_err() {
        return Ok(Vec::new());
    }
    opened.ask(|session| benefits::of_person(session, person))
}

/// A matter in a line.
#[must_use]
pub fn line(opened: &Opened<'_>, matter: &Matter) -> MatterLine {
    let desk = &opened.desk;
    MatterLine {
        what: desk.rule_label(&matter.rule),
        number: matter.number.clone(),
        href: matters::href(&matter.number),
        state: said::state(desk, matter),
        next: said::step(desk, matter),
        day: matter.closed_on.unwrap_or(matter.step_since).to_string(),
    }
}

/// Where a benefit goes on: its matter, or the application to begin.
#[must_use]
pub fn go(opened: &Opened<'_>, all: &[Matter], person: PersonId, rule: &str) -> Option<Next> {
    let voice = opened.desk.voice;
    if let Some(matter) = all.iter().find(|matter| matter.rule == rule && matter.closed_on.is_none()) {
        return Some(Next { label: voice.word("work-go-on"), href: matters::href(&matter.number) });
    }
    let benefit = opened.desk.pack.rule(rule)?.benefit()?;
    benefit.process.as_ref()?;
    opened.demand("application.file", person).ok()?;
    Some(Next { label: voice.word("work-go-file"), href: matters::new_href(person, rule) })
}

/// What was done, for the timeline.
///
/// # Errors
/// Those of the database and the keys.
pub fn events(opened: &Opened<'_>, all: &[Matter]) -> Result<Vec<(Date, Event)>, Problem> {
    let desk = &opened.desk;
    let mut events = Vec::new();
    for matter in all {
        let Some(rule) = desk.pack.rule(&matter.rule) else { continue };
        for event in opened.ask(|session| benefits::history(session, opened.keys(), matter.id))? {
            let told = said::told(opened, rule, &event);
            let args = [("what", desk.voice.of(&rule.label).to_owned().into()), ("deed", told.title.into())];
            events.push((
                event.on,
                Event {
                    date: told.date,
                    day: event.on.format("%m-%d").to_string(),
                    glyph: told.glyph.to_owned(),
                    title: desk.voice.say("person-history-matter", &args),
                    detail: told.detail,
                    source: desk.voice.join(&[matter.number.clone(), told.who]),
                },
            ));
        }
    }
    Ok(events)
}
