//! Matters in words: states, steps, deadlines, what was done and by whom.

use benefits::{Event, Grounds, How, Matter, State};
use kernel::{Date, UserId};
use policy::model::Rule;
use policy::value::{Value, ValueType};
use serde::Serialize;

use crate::desk::Desk;
use crate::opened::Opened;
use crate::parts::{Condition, FactShown, Mood, Sla};

/// How a matter stands.
#[must_use]
pub fn state(desk: &Desk<'_>, matter: &Matter) -> Mood {
    let kind = match matter.state {
        State::Granted | State::Delivered => "ok",
        State::Stopping => "danger",
        State::Recommended => "warn",
        State::Contacting | State::Accepted | State::Filed => "info",
        State::Refused => "no",
        State::Declined | State::Withdrawn | State::Ended => "mute",
    };
    Mood::new(kind, desk.voice.word(&format!("matter-state-{}", matter.state)))
}

/// What comes next; none: nothing.
#[must_use]
pub fn step(desk: &Desk<'_>, matter: &Matter) -> Option<String> {
    matter.step.as_deref().map(|step| desk.voice.word(&format!("matter-step-{step}")))
}

/// The time left for the step; none where the pack names no deadline.
#[must_use]
pub fn sla(desk: &Desk<'_>, matter: &Matter, today: Date) -> Option<Sla> {
    let due = matter.due_on?;
    Some(Sla::until(matter.step_since.min(due), due, today, time_left(desk, due, today)))
}

fn time_left(desk: &Desk<'_>, due: Date, today: Date) -> String {
    match (due - today).num_days() {
        0 => desk.voice.word("due-today"),
        days if days < 0 => desk.voice.say("overdue-days", &[("n", (-days).into())]),
        days => desk.voice.say("days-left", &[("n", days.into())]),
    }
}

/// Who did something: the name of an account, else what the entry says.
#[must_use]
pub fn actor(opened: &Opened<'_>, actor: &str) -> String {
    let name = || {
        let (door, user) = (opened.app.door()?, actor.parse::<UserId>().ok()?);
        opened.ask(|session| door.accounts.user(session, user)).ok().map(|user| user.display_name)
    };
    name().unwrap_or_else(|| match actor {
        "desk" => opened.desk.voice.word("matter-actor-desk"),
        other => other.to_owned(),
    })
}

/// As what someone acted.
#[must_use]
pub fn how(desk: &Desk<'_>, how: How) -> String {
    desk.voice.word(&format!("matter-how-{how}"))
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub date: String,
    pub glyph: &'static str,
    pub title: String,
    pub detail: String,
    pub who: String,
    /// What the rules said at that moment.
    pub grounds: Vec<Condition>,
}

/// What happened, in words.
#[must_use]
pub fn told(opened: &Opened<'_>, rule: &Rule, event: &Event) -> Told {
    let desk = opened.desk;
    let voice = desk.voice;
    let title = voice.word(&format!("matter-deed-{}", event.deed));
    let mut parts: Vec<String> = Vec::new();
    match event.deed.name() {
        "contact_declined" => parts.push(voice.word(&format!("matter-declined-{}", event.code))),
        "recommend" => parts.push(voice.word(&format!("matter-verdict-{}", event.code))),
        "papers" => {
            let papers = rule.benefit().map(|b| b.opens.as_slice()).unwrap_or_default();
            let seen = event.code.split(',').filter_map(|at| papers.get(at.parse::<usize>().ok()?.checked_sub(1)?));
            let seen: Vec<&str> = seen.map(|paper| voice.of(&paper.label)).collect();
            parts.push(if seen.is_empty() { voice.word("matter-papers-none") } else { voice.join(&seen) });
        }
        "propose_stop" if event.code != "other" => parts.push(voice.word(&format!("cause-{}", event.code))),
        _ => {}
    }
    if let Some(day) = event.day {
        let key = match event.deed.name() {
            "contact_unreached" => "matter-day-again",
            "grant" => "matter-day-from",
            "deliver" => "matter-day-on",
            _ => "matter-day-stop",
        };
        parts.push(voice.say(key, &[("day", day.to_string().into())]));
    }
    parts.extend(because(&desk, rule, event));
    if !event.written.words.is_empty() {
        parts.push(event.written.words.clone());
    }
    let who = voice.join(&[actor(opened, &event.actor), how(&desk, event.how)]);
    Told {
        date: event.on.to_string(),
        glyph: glyph(event),
        title,
        detail: parts.join(&voice.word("list-stop")),
        who,
        grounds: event.written.grounds.as_ref().map(|grounds| conditions(&desk, grounds)).unwrap_or_default(),
    }
}

/// On what it rests: the part of the condition or the clause.
#[must_use]
pub fn because(desk: &Desk<'_>, rule: &Rule, event: &Event) -> Option<String> {
    let voice = desk.voice;
    let part = event.written.part.as_ref().and_then(|id| {
        let mut parts = rule.parts.iter().chain(&desk.pack.population);
        parts.find(|part| part.id == *id).map(|part| voice.of(&part.label).to_owned())
    });
    let clause = event.written.clause.as_ref().map(|id| {
        let title = desk.pack.clause(id).map(|clause| voice.of(&clause.title)).unwrap_or_default();
        format!("{id} {title}")
    });
    let named: Vec<String> = [part, clause].into_iter().flatten().collect();
    (!named.is_empty()).then(|| voice.say("matter-because", &[("what", voice.join(&named).into())]))
}

fn glyph(event: &Event) -> &'static str {
    match event.deed.name() {
        "contact_accepted" | "contact_declined" | "contact_unreached" => "问",
        "file" | "reopen" => "申",
        "papers" => "材",
        "recommend" | "give_back" => "议",
        "grant" | "refuse" | "void" => "定",
        "notify" => "告",
        "deliver" => "办",
        "withdraw" => "撤",
        _ => "停",
    }
}

/// Grounds as conditions: each part with the facts of that moment.
#[must_use]
pub fn conditions(desk: &Desk<'_>, grounds: &Grounds) -> Vec<Condition> {
    let fact = |fact: &benefits::GroundFact| {
        let described = desk.pack.dictionary.get("person", &fact.key)?;
        let value = value_of(described.value_type, &fact.value);
        let source = fact.source.as_ref();
        let department = source.and_then(|id| desk.pack.sources.iter().find(|s| s.id == *id)).map(|s| &s.department);
        Some(FactShown {
            label: desk.label("person", &fact.key),
            value: desk.value("person", &fact.key, &value).unwrap_or_else(|| desk.voice.word("not-known")),
            stamp: department.and_then(|id| desk.stamp(id, None, fact.list_date, false)),
        })
    };
    let outcome = |word: &str| match word {
        "met" => "met",
        "not_met" => "not_met",
        _ => "unknown",
    };
    let part = |part: &benefits::GroundPart| Condition {
        label: desk.voice.of(&part.label).to_owned(),
        outcome: outcome(&part.outcome),
        facts: part.facts.iter().filter_map(fact).collect(),
        missing: None,
    };
    grounds.parts.iter().map(part).collect()
}

/// A value from the form in which a statement writes it.
fn value_of(ty: ValueType, form: &str) -> Value {
    let read = || {
        Some(match ty {
            _ if form.is_empty() => return None,
            ValueType::Bool => Value::Bool(form == "1"),
            ValueType::Int => Value::Int(form.parse().ok()?),
            ValueType::Fen => Value::Fen(form.parse().ok()?),
            ValueType::Date => Value::Date(kernel::parse_date(form).ok()?),
            ValueType::Decimal(_) | ValueType::Float => Value::Float(form.parse().ok()?),
            ValueType::Text => Value::text(form),
        })
    };
    read().unwrap_or(Value::Null)
}
