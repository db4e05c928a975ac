//! One rule with its parts, figures, facts and cases; the pack's rules beside it.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::Response;
use policy::Outcome;
use policy::model::{Case, Count, Detail, Rule as PackRule};
use serde::{Deserialize, Serialize};

use super::tabs;
use crate::desk::{Desk, every_word, glyph_of};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::parts::{Chip, ClauseLink, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub pack: String,
    pub tabs: Vec<Chip>,
    pub count: i64,
    pub menu: Vec<MenuGroup>,
    pub rule: Rule,
}

/// Rules of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct MenuGroup {
    pub title: String,
    pub rules: Vec<MenuRule>,
}

/// A rule to go to.
#[derive(Clone, Debug, Serialize)]
pub struct MenuRule {
    pub glyph: &'static str,
    pub label: String,
    pub href: String,
    pub current: bool,
    pub to_confirm: bool,
}

/// The chosen rule.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    pub id: String,
    pub kind: String,
    pub label: String,
    pub summary: String,
    pub clauses: Vec<ClauseLink>,
    pub details: Vec<(String, String)>,
    pub parts: Vec<Part>,
    pub numbers: Vec<Number>,
    pub parameters: Vec<Figure>,
    pub facts: Vec<FactRead>,
    pub cases: Vec<CaseLine>,
}

/// One part of the condition.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    pub label: String,
    pub sql: String,
    /// Stands before every rule of the pack.
    pub shared: bool,
}

/// How many people or places an answer holds for.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    pub label: String,
    pub n: i64,
}

/// A parameter the rule uses.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub id: String,
    pub label: String,
    pub href: String,
    pub value: String,
    pub to_confirm: bool,
}

/// A fact the rule reads.
#[derive(Clone, Debug, Serialize)]
pub struct FactRead {
    pub label: String,
    pub stamp: Option<Stamp>,
}

/// A case and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct CaseLine {
    pub name: String,
    pub facts: String,
    pub expected: String,
    pub got: String,
    pub passes: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    rule: String,
}

/// `GET /d/policy/rules?rule=…`; without a rule the first benefit.
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "policy/rules.html", move |ask, opened| {
        let desk = opened.desk;
        let rule = match params.rule.as_str() {
            "" => desk.pack.rules_of("benefit").next().or_else(|| desk.pack.rules.first()),
            id => desk.pack.rule(id),
        };
        let rule = rule.ok_or(Problem::NotFound)?;
        let shell = ask
            .shell(Rail::Policy, desk.voice.of(&rule.label))
            .via(desk.voice.word("policy-tab-rules"), "/d/policy/rules");
        Ok((shell, view(&desk, rule)))
    })
    .await
}

/// The page of one rule.
#[must_use]
pub fn view(desk: &Desk<'_>, rule: &PackRule) -> View {
    View {
        pack: desk.plan_name(),
        tabs: tabs(desk.voice, "rules"),
        count: i64::try_from(desk.pack.rules.len()).unwrap_or(0),
        menu: menu(desk, rule),
        rule: about(desk, rule),
    }
}

fn menu(desk: &Desk<'_>, chosen: &PackRule) -> Vec<MenuGroup> {
    ["benefit", "visit", "reminder", "group", "standard"]
        .into_iter()
        .map(|kind| MenuGroup {
            title: desk.voice.word(&format!("rules-kind-{kind}")),
            rules: desk
                .pack
                .rules_of(kind)
                .map(|rule| MenuRule {
                    glyph: glyph_of(kind),
                    label: desk.voice.of(&rule.label).to_owned(),
                    href: href(&rule.id),
                    current: rule.id == chosen.id,
                    to_confirm: figures(desk, rule).iter().any(|figure| figure.to_confirm),
                })
                .collect(),
        })
        .filter(|group: &MenuGroup| !group.rules.is_empty())
        .collect()
}

/// Where a rule is shown.
#[must_use]
pub fn href(rule: &str) -> String {
    address("/d/policy/rules", &[("rule", rule)])
}

fn about(desk: &Desk<'_>, rule: &PackRule) -> Rule {
    let shared = (rule.entity == "person").then_some(&desk.pack.population).into_iter().flatten();
    let shared = shared.map(|part| (part, true));
    let parts = shared.chain(rule.parts.iter().map(|part| (part, false)));
    Rule {
        id: rule.id.clone(),
        kind: desk.voice.word(&format!("rules-kind-{}", rule.kind())),
        label: desk.voice.of(&rule.label).to_owned(),
        summary: desk.voice.of(&rule.summary).to_owned(),
        clauses: desk.clause_links(&rule.clauses),
        details: details(desk, rule),
        parts: parts
            .map(|(part, shared)| Part {
                label: desk.voice.of(&part.label).to_owned(),
                sql: part.when.text.trim().to_owned(),
                shared,
            })
            .collect(),
        numbers: numbers(desk, rule),
        parameters: figures(desk, rule),
        facts: facts(desk, rule),
        cases: cases(desk, rule),
    }
}

fn details(desk: &Desk<'_>, rule: &PackRule) -> Vec<(String, String)> {
    let voice = desk.voice;
    let mut details = Vec::new();
    let mut add = |key: &str, said: String| {
        if !said.is_empty() {
            details.push((voice.word(key), said));
        }
    };
    let entity = match rule.entity.as_str() {
        "person" => voice.word("rules-entity-person"),
        "place" => voice.word("rules-entity-place"),
        other => voice.say("rules-entity-other", &[("entity", other.to_owned().into())]),
    };
    add("rules-entity", entity);
    match &rule.detail {
        Detail::Benefit(benefit) => {
            if let Some(amount) = &benefit.amount {
                add("rules-amount", amount.text.trim().to_owned());
            }
            let bring: Vec<&str> = benefit.opens.iter().map(|o| voice.of(&o.label)).collect();
            add("rules-bring", voice.join(&bring));
            add("rules-apply-to", benefit.apply_to.as_ref().map(|a| voice.of(a).to_owned()).unwrap_or_default());
        }
        Detail::Visit(visit) => {
            add("rules-every", desk.rhythm(rule, None));
            let kinds: Vec<String> = visit.kinds.iter().map(|kind| desk.visit_kind(kind)).collect();
            add("rules-kinds", voice.join(&kinds));
        }
        _ => {}
    }
    details
}

fn numbers(desk: &Desk<'_>, rule: &PackRule) -> Vec<Number> {
    let Some(found) = desk.found.rule(&rule.id) else { return Vec::new() };
    let number = |key: &str, n: usize| Number { label: desk.voice.word(key), n: i64::try_from(n).unwrap_or(0) };
    let mut numbers = vec![
        number("rules-met", found.outcome.yes.count_ones()),
        number("rules-unknown", found.outcome.unknown().count_ones()),
    ];
    if let Some(served) = &found.served {
        numbers.push(number("rules-served", found.outcome.yes.count_and(&served.yes)));
        numbers.push(number("rules-unserved", found.outcome.yes.count_and(&served.no())));
    }
    numbers
}

/// Words of a rule's conditions, of the groups it reads, and of the facts these are derived from.
fn words(desk: &Desk<'_>, rule: &PackRule) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open: Vec<&PackRule> = vec![rule];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(rule) = open.pop() {
        if !seen.insert(&rule.id) {
            continue;
        }
        for part in &rule.parts {
            for word in every_word(&part.when.text) {
                open.extend(desk.pack.rule(word));
                if !words.iter().any(|w| w == word) {
                    words.push(word.to_owned());
                }
            }
        }
    }
    words
}

/// Figures that a rule uses.
#[must_use]
pub fn figures(desk: &Desk<'_>, rule: &PackRule) -> Vec<Figure> {
    let times = rule.visit().and_then(|visit| match &visit.times {
        Count::Parameter(id, _) => Some(id.clone()),
        Count::Number(_) => None,
    });
    words(desk, rule)
        .into_iter()
        .chain(times)
        .filter_map(|id| desk.pack.parameter(&id))
        .map(|parameter| Figure {
            id: parameter.id.clone(),
            label: desk.voice.of(&parameter.label).to_owned(),
            href: format!("/d/policy/parameters#{}", parameter.id),
            value: desk.parameter_said(parameter),
            to_confirm: parameter.to_confirm,
        })
        .collect()
}

/// Keys of the facts that a rule reads.
#[must_use]
pub fn facts_read(desk: &Desk<'_>, rule: &PackRule) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for word in words(desk, rule) {
        for key in desk.program.base_facts(&rule.entity, &word) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn facts(desk: &Desk<'_>, rule: &PackRule) -> Vec<FactRead> {
    facts_read(desk, rule)
        .into_iter()
        .map(|key| FactRead { label: desk.label(&rule.entity, &key), stamp: desk.supplier_stamp(&rule.entity, &key) })
        .collect()
}

fn cases(desk: &Desk<'_>, rule: &PackRule) -> Vec<CaseLine> {
    let of_rule = |case: &&Case| case.expect.iter().any(|expected| expected.rule == rule.id);
    desk.pack.cases.iter().filter(of_rule).map(|case| case_line(desk, rule, case)).collect()
}

fn case_line(desk: &Desk<'_>, rule: &PackRule, case: &Case) -> CaseLine {
    let opening = format!("case `{}`: {}", case.name, rule.id);
    let fault = desk.check.faults.iter().find(|fault| fault.message.starts_with(&opening));
    let said = |outcome: Outcome| desk.voice.word(&format!("outcome-{}", outcome.name()));
    let expected = case.expect.iter().find(|e| e.rule == rule.id).map(|e| said(e.value)).unwrap_or_default();
    let facts: Vec<String> = case
        .facts
        .iter()
        .map(|fact| {
            let value =
                desk.value(&case.entity, &fact.key, &fact.value).unwrap_or_else(|| desk.voice.word("not-known"));
            format!("{} {value}", desk.label(&case.entity, &fact.key))
        })
        .collect();
    CaseLine {
        name: case.name.clone(),
        facts: desk.voice.join(&facts),
        got: fault.map_or_else(|| expected.clone(), |fault| fault.message.clone()),
        passes: fault.is_none(),
        expected,
    }
}
