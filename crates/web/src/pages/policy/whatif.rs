//! A draft pack against the one in force: who gains, who loses, what it costs, where.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Query, State};
use axum::response::Response;
use cycle::{Answer, Change, CostChange, Effect, RuleEffect, WhatIf};
use kernel::{DivisionLevel, Fen};
use policy::PackFault;
use serde::{Deserialize, Serialize};

use super::draft;
use super::tabs;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, figures};
use crate::opened::Opened;
use crate::parts::{Chip, PersonRef};
use crate::state::AppState;

/// What the page shows: the form, and the result or faults of the last try.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub tabs: Vec<Chip>,
    pub faults: Vec<Fault>,
    pub faults_n: i64,
    pub result: Option<Outcome>,
    pub drafts: Vec<Draft>,
    pub drafts_folder: String,
}

/// A draft folder on this machine.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    pub id: String,
    pub label: String,
    pub current: bool,
}

/// What is wrong with the draft, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    pub at: String,
    pub message: String,
    pub remedy: String,
}

/// The comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub as_of: String,
    pub people: i64,
    pub affected: i64,
    pub gains: i64,
    pub losses: i64,
    pub unknown: i64,
    /// Signed yuan a year.
    pub cost: String,
    pub max: i64,
    pub townships: Vec<Township>,
    pub rules: Vec<RuleLine>,
    pub changes: Vec<String>,
    pub gainers: Vec<Sample>,
    pub losers: Vec<Sample>,
}

/// One township's gains and losses.
#[derive(Clone, Debug, Serialize)]
pub struct Township {
    pub name: String,
    pub county: String,
    pub gains: i64,
    pub losses: i64,
    pub cost: String,
}

/// One rule's share in the change.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    pub label: String,
    /// Said when only one side has the rule.
    pub only: Option<String>,
    pub gains: i64,
    pub losses: i64,
    pub cost: String,
}

/// Someone whose answer changes.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    pub face: String,
    pub person: PersonRef,
    pub place: String,
    pub why: String,
    pub before: String,
    pub after: String,
    /// `up` or `dn`.
    pub way: &'static str,
}

/// Faults and changes listed; more are counted.
const FAULTS: usize = 20;
const CHANGES: usize = 12;
/// People named on each side, over all rules.
const SAMPLES: usize = 6;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    draft: String,
}

/// `GET /d/policy/what-if?draft=…`: the form, and with a draft its result.
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "policy/whatif.html", move |ask, opened| {
        let tried = match params.draft.as_str() {
            "" => None,
            name => Some(draft::on_disk(opened.app.places(), name)?),
        };
        answer(ask, opened, tried, &params.draft)
    })
    .await
}

/// `POST /d/policy/what-if`: changed files, used for this once.
pub async fn upload(State(app): State<AppState>, ask: Ask, form: Multipart) -> Result<Response, Problem> {
    let files = draft::received(form).await?;
    app.night_page(ask, "policy/whatif.html", move |ask, opened| {
        let tried = draft::uploaded(opened.app.places(), &files)?;
        answer(ask, opened, Some(tried), "")
    })
    .await
}

fn answer(
    ask: &Ask,
    opened: &Opened<'_>,
    tried: Option<Result<policy::Pack, Vec<PackFault>>>,
    chosen: &str,
) -> Result<(crate::frame::Shell, View), Problem> {
    let desk = opened.desk;
    let drafts = draft::list(opened.app.places());
    let blank = View {
        headline: desk.voice.word("wif-title"),
        sub: desk.voice.word("wif-sub-empty"),
        tabs: tabs(desk.voice, "whatif"),
        faults: Vec::new(),
        faults_n: 0,
        result: None,
        drafts: drafts.iter().map(|id| Draft { id: id.clone(), label: id.clone(), current: id == chosen }).collect(),
        drafts_folder: opened.app.places().drafts().display().to_string(),
    };
    let view = match tried {
        None => blank,
        Some(Err(faults)) => View {
            faults_n: i64::try_from(faults.len()).unwrap_or(0),
            faults: faults.iter().take(FAULTS).map(fault).collect(),
            ..blank
        },
        Some(Ok(pack)) => {
            let found = cycle::whatif(&opened.published.world, &pack).map_err(|_| Problem::Unreadable)?;
            let title = format!("{} {}", desk.voice.of(&pack.title), pack.version);
            let args = [("draft", title.into()), ("pack", desk.plan_name().into())];
            let sub = desk.voice.say("wif-sub-done", &args);
            let outcome = outcome(&desk, &found);
            let args = [
                ("gains", outcome.gains.into()),
                ("losses", outcome.losses.into()),
                ("cost", cost_said(&desk, found.yearly_cost).into()),
            ];
            View { headline: desk.voice.say("wif-title-done", &args), sub, result: Some(outcome), ..blank }
        }
    };
    let shell = ask.shell(Rail::Policy, desk.voice.word("policy-tab-whatif"));
    Ok((shell, view))
}

fn fault(fault: &PackFault) -> Fault {
    let at =
        if fault.line > 0 { format!("{}:{}:{}", fault.file, fault.line, fault.column) } else { fault.file.clone() };
    Fault { at, message: fault.message.clone(), remedy: fault.remedy.clone() }
}

fn cost_said(desk: &Desk<'_>, cost: Option<CostChange>) -> String {
    let change = cost.map_or(0, |c| (c.after - c.before).0);
    let args = [("amount", figures::yuan(change.abs()).into())];
    match change {
        0 => desk.voice.word("wif-cost-same"),
        c if c > 0 => desk.voice.say("wif-cost-more", &args),
        _ => desk.voice.say("wif-cost-less", &args),
    }
}

/// Signed yuan a year.
fn signed(cost: Option<CostChange>) -> String {
    let change = cost.map_or(Fen(0), |c| c.after - c.before);
    if change.0 > 0 { format!("+{}", figures::yuan(change.0)) } else { figures::yuan(change.0) }
}

fn outcome(desk: &Desk<'_>, found: &WhatIf) -> Outcome {
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let townships = townships(desk, found);
    let unknown: u64 = found.rules.iter().map(|rule| rule.unknown_after.saturating_sub(rule.unknown_before)).sum();
    Outcome {
        as_of: desk.as_of.to_string(),
        people: n(desk.people().map_or(0, |t| t.rows() as u64)),
        affected: n(found.people_affected),
        gains: n(found.rules.iter().map(|rule| rule.gains).sum()),
        losses: n(found.rules.iter().map(|rule| rule.losses).sum()),
        unknown: n(unknown),
        cost: signed(found.yearly_cost),
        max: townships.iter().map(|t| t.gains.max(t.losses)).max().unwrap_or(1),
        townships,
        rules: found
            .rules
            .iter()
            .map(|rule| RuleLine {
                label: desk.voice.of(&rule.label).to_owned(),
                only: match rule.effect {
                    Effect::Added => Some(desk.voice.word("wif-only-draft")),
                    Effect::Removed => Some(desk.voice.word("wif-only-base")),
                    Effect::Changed | Effect::Same => None,
                },
                gains: n(rule.gains),
                losses: n(rule.losses),
                cost: signed(rule.yearly_cost),
            })
            .collect(),
        changes: found
            .diff
            .to_text(desk.voice.lang)
            .lines()
            .map(str::trim_end)
            .filter(|l| !l.is_empty())
            .take(CHANGES)
            .map(str::to_owned)
            .collect(),
        gainers: samples(desk, &found.rules, |rule| &rule.gain_samples, "up"),
        losers: samples(desk, &found.rules, |rule| &rule.loss_samples, "dn"),
    }
}

fn townships(desk: &Desk<'_>, found: &WhatIf) -> Vec<Township> {
    let mut by_code: BTreeMap<kernel::DivisionCode, (u64, u64, i64)> = BTreeMap::new();
    for line in found.rules.iter().flat_map(|rule| &rule.townships) {
        let sum = by_code.entry(line.township).or_default();
        sum.0 += line.gains;
        sum.1 += line.losses;
        sum.2 += line.yearly_cost.map_or(0, |c| (c.after - c.before).0);
    }
    let mut townships: Vec<Township> = by_code
        .into_iter()
        .map(|(code, (gains, losses, cost))| Township {
            name: desk.place(code),
            county: code.at(DivisionLevel::County).map(|county| desk.place(county)).unwrap_or_default(),
            gains: i64::try_from(gains).unwrap_or(0),
            losses: i64::try_from(losses).unwrap_or(0),
            cost: signed(Some(CostChange { before: Fen(0), after: Fen(cost) })),
        })
        .collect();
    townships.sort_by_key(|t| (-t.losses, -t.gains));
    townships
}

/// Some of one side: one person a rule in turn, until there are enough.
fn samples<'r>(
    desk: &Desk<'_>,
    rules: &'r [RuleEffect],
    side: impl Fn(&'r RuleEffect) -> &'r Vec<Change>,
    way: &'static str,
) -> Vec<Sample> {
    let mut samples = Vec::new();
    for round in 0.. {
        let before = samples.len();
        for rule in rules {
            if let Some(change) = side(rule).get(round)
                && samples.len() < SAMPLES
            {
                samples.push(Sample {
                    face: desk.face(change.person),
                    person: desk.person(change.person),
                    place: desk.home_said(change.person),
                    why: desk.voice.of(&rule.label).to_owned(),
                    before: said(desk, change.before),
                    after: said(desk, change.after),
                    way,
                });
            }
        }
        if samples.len() == before || samples.len() >= SAMPLES {
            break;
        }
    }
    samples
}

fn said(desk: &Desk<'_>, answer: Answer) -> String {
    match answer {
        Answer::Met => desk.voice.word("wif-met"),
        Answer::NotMet => desk.voice.word("wif-not_met"),
        Answer::Unknown => desk.voice.word("wif-unknown"),
        Answer::Absent => desk.voice.word("wif-absent"),
    }
}
