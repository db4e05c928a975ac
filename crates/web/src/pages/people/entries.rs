//! Rules and their answers for one person: state, parts, what to do next.

use policy::Outcome;
use policy::explain::RuleAnswer;
use policy::model::Rule;
use serde::Serialize;

use super::known::Known;
use crate::desk::Desk;
use crate::pages::work::list::Next;
use crate::parts::{ClauseLink, Condition, FactShown, Mood};

/// One rule and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: String,
    pub label: String,
    pub summary: String,
    /// Amount or rhythm.
    pub what: String,
    pub state: Mood,
    pub open: bool,
    pub parts: Vec<Condition>,
    /// What to do next, or what would change the answer.
    pub next: Option<String>,
    pub clauses: Vec<ClauseLink>,
    /// The matter under way, or the application to begin.
    pub go: Option<Next>,
}

/// Rules of a kind: what is met or open stands first and is unfolded where something has to be done.
pub fn entries(known: &Known<'_>, answers: &[RuleAnswer], kind: &str) -> Vec<Entry> {
    let mut entries: Vec<(u8, Entry)> = answers
        .iter()
        .filter(|answer| answer.kind == kind)
        .filter_map(|answer| {
            let rule = known.desk.pack.rule(&answer.rule)?;
            let order = match answer.outcome {
                Outcome::Met => 0,
                Outcome::Unknown => 1,
                Outcome::NotMet => 2,
            };
            Some((order, entry(known, rule, answer)))
        })
        .collect();
    entries.sort_by_key(|(order, _)| *order);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn entry(known: &Known<'_>, rule: &Rule, answer: &RuleAnswer) -> Entry {
    let desk = known.desk;
    let amount = answer.amount.as_ref().and_then(policy::value::Value::as_units);
    // The population's parts are shown only where they decide.
    let own: Vec<_> = answer
        .reasons
        .iter()
        .filter(|reason| rule.parts.iter().any(|part| *part.id == *reason.id) || reason.outcome != Outcome::Met)
        .cloned()
        .collect();
    let parts = desk.conditions("person", &own, |key| {
        let line = known.lines.iter().find(|line| line.key == key && line.current)?;
        Some(FactShown {
            label: desk.label("person", key),
            value: desk.value("person", key, &line.value)?,
            stamp: known.stamp_of(line),
        })
    });
    Entry {
        id: rule.id.clone(),
        label: desk.voice.of(&rule.label).to_owned(),
        summary: desk.voice.of(&rule.summary).to_owned(),
        what: desk.rhythm(rule, amount),
        state: state(desk, rule, answer),
        open: rule.kind() != "group" && answer.outcome != Outcome::NotMet,
        next: next(desk, rule, answer),
        parts,
        clauses: desk.clause_links(&answer.clauses),
        go: None,
    }
}

fn state(desk: Desk<'_>, rule: &Rule, answer: &RuleAnswer) -> Mood {
    let word = |key: &str| desk.voice.word(key);
    match (rule.kind(), answer.outcome) {
        (_, Outcome::Unknown) => Mood::new("q", word("person-state-unknown")),
        ("group", Outcome::Met) => Mood::new("ok", word("person-state-in")),
        ("group", Outcome::NotMet) => Mood::new("no", word("person-state-out")),
        ("visit", Outcome::Met) => Mood::new("info", word("person-state-due")),
        ("visit", Outcome::NotMet) => Mood::new("no", word("person-state-not-due")),
        (_, Outcome::Met) if answer.served == Some(Outcome::Met) => Mood::new("ok", word("person-state-served")),
        (_, Outcome::Met) => Mood::new("warn", word("person-state-unserved")),
        (_, Outcome::NotMet) if answer.served == Some(Outcome::Met) => Mood::new("danger", word("person-state-stop")),
        (_, Outcome::NotMet) => Mood::new("no", word("person-state-not_met")),
    }
}

/// What to do, or what would change the answer.
fn next(desk: Desk<'_>, rule: &Rule, answer: &RuleAnswer) -> Option<String> {
    match answer.outcome {
        Outcome::Unknown => {
            let facts = desk.labels("person", &answer.missing);
            (!answer.missing.is_empty()).then(|| desk.voice.say("person-next-unknown", &[("facts", facts.into())]))
        }
        Outcome::Met if answer.served != Some(Outcome::Met) => {
            let benefit = rule.benefit()?;
            let place = desk.voice.of(benefit.apply_to.as_ref()?).to_owned();
            let bring: Vec<&str> = benefit.opens.iter().map(|o| desk.voice.of(&o.label)).collect();
            Some(match bring.is_empty() {
                true => desk.voice.say("person-next-where", &[("where", place.into())]),
                false => {
                    let args = [("bring", desk.voice.join(&bring).into()), ("where", place.into())];
                    desk.voice.say("person-next-unserved", &args)
                }
            })
        }
        Outcome::Met => None,
        Outcome::NotMet => {
            let failed = answer.reasons.iter().filter(|reason| reason.outcome == Outcome::NotMet);
            let failed: Vec<&str> = failed.map(|reason| desk.voice.of(&reason.label)).collect();
            let quoted = desk.voice.join(&failed);
            (rule.kind() != "group").then(|| desk.voice.say("person-next-not_met", &[("parts", quoted.into())]))
        }
    }
}
