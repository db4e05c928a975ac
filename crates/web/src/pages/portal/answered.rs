//! A benefit or a visit with its answer in spoken words: why, what is missing, what would change it, what to do.

use policy::model::{Count, Rule};
use policy::value::Value;
use policy::{Outcome, RuleAnswer};
use serde::Serialize;

use super::law::{self, Spoken};
use crate::desk::Desk;
use crate::parts::{Condition, FactShown, Mood};
use crate::public::Public;

/// One answer as pages show it.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    pub id: String,
    pub tile: String,
    pub label: String,
    pub mood: Mood,
    /// Amount or rhythm, and what it is.
    pub what: String,
    pub parts: Vec<Condition>,
    /// What would have to change.
    pub would: Option<String>,
    /// What is not known, and who can say.
    pub lacking: Vec<String>,
    pub voices: Vec<Spoken>,
    /// Words and address, the first one first.
    pub acts: Vec<(String, String)>,
    pub bring: String,
    pub apply_to: String,
}

/// Answers under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// `ok`, `q`, `no`.
    pub kind: &'static str,
    pub title: String,
    pub items: Vec<Answered>,
}

/// Where a fact is from; none: it was told, and its value stands among the answers.
pub type Source<'s> = &'s dyn Fn(&str) -> Option<FactShown>;

/// What follows for the reader from an answer: words and addresses.
pub type Acts<'s> = &'s dyn Fn(&Rule, &RuleAnswer) -> Vec<(String, String)>;

/// Answers by outcome: due, not decided, not due; empty headings are left out.
#[must_use]
pub fn groups(public: &Public<'_>, answers: &[RuleAnswer], source: Option<Source<'_>>, acts: Acts<'_>) -> Vec<Group> {
    let voice = public.desk.voice;
    let kinds = [(Outcome::Met, "ok"), (Outcome::Unknown, "q"), (Outcome::NotMet, "no")];
    let group = |(outcome, kind): (Outcome, &'static str)| {
        let of = answers.iter().filter(|answer| answer.outcome == outcome);
        let items: Vec<Answered> = of.filter_map(|answer| answered(public, answer, source, acts)).collect();
        let n = i64::try_from(items.len()).unwrap_or(0);
        let title = voice.say(&format!("result-{kind}"), &[("n", n.into())]);
        Group { kind, title, items }
    };
    kinds.into_iter().map(group).filter(|group| !group.items.is_empty()).collect()
}

/// One sentence: how many are due, how many wait for a fact, how many are not.
#[must_use]
pub fn headline(desk: &Desk<'_>, answers: &[RuleAnswer], who: Option<&str>) -> (String, String) {
    let count = |outcome| i64::try_from(answers.iter().filter(|a| a.outcome == outcome).count()).unwrap_or(0);
    let (met, unknown, not) = (count(Outcome::Met), count(Outcome::Unknown), count(Outcome::NotMet));
    let args = [("n", met.into()), ("who", who.unwrap_or_default().into())];
    let key = match (who, met) {
        (None, 0) => "result-title-none",
        (None, _) => "result-title",
        (Some(_), 0) => "result-title-who-none",
        (Some(_), _) => "result-title-who",
    };
    let lead = desk.voice.say("result-lead", &[("unknown", unknown.into()), ("no", not.into())]);
    (desk.voice.say(key, &args), lead)
}

fn answered(public: &Public<'_>, answer: &RuleAnswer, source: Option<Source<'_>>, acts: Acts<'_>) -> Option<Answered> {
    let desk = &public.desk;
    let rule = desk.pack.rule(&answer.rule)?;
    let (kind, word) = match (answer.outcome, answer.served) {
        (Outcome::Met, Some(Outcome::Met)) => ("ok", "result-served"),
        (Outcome::Met, _) => ("ok", "result-met"),
        (Outcome::Unknown, _) => ("q", "result-unknown"),
        (Outcome::NotMet, _) => ("no", "result-not-met"),
    };
    let benefit = rule.benefit();
    let bring: Vec<&str> = benefit.iter().flat_map(|b| &b.opens).map(|paper| desk.voice.of(&paper.label)).collect();
    Some(Answered {
        id: rule.id.clone(),
        tile: tile(desk, rule),
        label: desk.voice.of(&rule.label).to_owned(),
        mood: Mood::new(kind, desk.voice.word(word)),
        what: what(desk, rule, answer.amount.as_ref()),
        parts: parts(desk, answer, source),
        would: would(desk, answer),
        lacking: answer.missing.iter().map(|fact| lacking(desk, fact)).collect(),
        voices: law::spoken(public, &rule.clauses),
        acts: acts(rule, answer),
        bring: if answer.outcome == Outcome::NotMet { String::new() } else { desk.voice.join(&bring) },
        apply_to: benefit.and_then(|b| b.apply_to.as_ref()).map(|to| desk.voice.of(to).to_owned()).unwrap_or_default(),
    })
}

/// The character of a rule.
#[must_use]
pub fn tile(desk: &Desk<'_>, rule: &Rule) -> String {
    let first = || rule.label.zh.chars().next().map(String::from).unwrap_or_default();
    desk.pack.portal.tile(&rule.id).map_or_else(first, str::to_owned)
}

/// Amount or rhythm, and the summary.
#[must_use]
pub fn what(desk: &Desk<'_>, rule: &Rule, amount: Option<&Value>) -> String {
    let summary = desk.voice.of(&rule.summary);
    let rhythm = match rule.visit() {
        Some(visit) => {
            let times = match &visit.times {
                Count::Number(n) => Some(*n),
                Count::Parameter(id, _) => {
                    desk.pack.parameter(id).and_then(|p| desk.parameter_value(p)).and_then(|v| v.value.as_units())
                }
            };
            let args = [("n", times.unwrap_or(1).into())];
            desk.voice.say(&format!("result-every-{}", visit.every), &args)
        }
        None => desk.rhythm(rule, amount.and_then(Value::as_units)),
    };
    match (rhythm.is_empty(), summary.is_empty()) {
        (true, _) => summary.to_owned(),
        (false, true) => rhythm,
        (false, false) => format!("{rhythm}{}{summary}", desk.voice.word("full-stop")),
    }
}

/// Parts that say something: that somebody who asks is alive does not.
fn parts(desk: &Desk<'_>, answer: &RuleAnswer, source: Option<Source<'_>>) -> Vec<Condition> {
    let told = |_: &str| None;
    let mut parts = desk.conditions("person", &answer.reasons, source.unwrap_or(&told));
    if source.is_none() {
        parts.iter_mut().for_each(|part| part.facts.clear());
    }
    let first = desk.pack.population.len();
    parts.into_iter().enumerate().filter(|(at, part)| *at >= first || part.outcome != "met").map(|(_, p)| p).collect()
}

/// What would have to be otherwise, when that is one thing.
fn would(desk: &Desk<'_>, answer: &RuleAnswer) -> Option<String> {
    let failing: Vec<_> = answer.reasons.iter().filter(|reason| reason.outcome == Outcome::NotMet).collect();
    match (answer.outcome, failing.as_slice()) {
        (Outcome::NotMet, [one]) => Some(desk.voice.say("result-would", &[("part", desk.voice.of(&one.label).into())])),
        _ => None,
    }
}

/// A missing fact and who supplies it.
fn lacking(desk: &Desk<'_>, key: &str) -> String {
    let label = desk.label("person", key);
    let supplier = desk.fact(key).and_then(|fact| desk.pack.dictionary.department(&fact.supplier));
    match supplier {
        Some(department) => {
            let args = [("fact", label.into()), ("department", desk.voice.of(&department.name).into())];
            desk.voice.say("result-lacking", &args)
        }
        None => desk.voice.say("result-lacking-any", &[("fact", label.into())]),
    }
}
