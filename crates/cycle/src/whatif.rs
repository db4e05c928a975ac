//! A draft pack against the one in force, over the whole published population.

use std::collections::BTreeMap;

use kernel::{Bilingual, DivisionCode, DivisionLevel, Fen, PersonId};
use policy::column::Table;
use policy::value::Value;
use policy::{Determinations, Outcome, Pack, PackDiff, Program, RuleOutcome};
use serde::Serialize;

use crate::{CycleFault, World};

/// How many people are named on each side of a rule.
const SAMPLES: usize = 12;

/// What would change.
#[derive(Clone, Debug, Serialize)]
pub struct WhatIf {
    pub before: String,
    pub after: String,
    pub diff: PackDiff,
    /// Rules for which anybody's outcome or amount changes, and rules that come or go.
    pub rules: Vec<RuleEffect>,
    /// People whose outcome of any rule changes.
    pub people_affected: u64,
    /// Yearly cost of all benefits with an amount; none when no benefit has one.
    pub yearly_cost: Option<CostChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CostChange {
    pub before: Fen,
    pub after: Fen,
}

/// One rule before and after.
#[derive(Clone, Debug, Serialize)]
pub struct RuleEffect {
    pub rule: String,
    pub label: Bilingual,
    pub kind: String,
    pub effect: Effect,
    pub met_before: u64,
    pub met_after: u64,
    pub unknown_before: u64,
    pub unknown_after: u64,
    pub gains: u64,
    pub losses: u64,
    pub yearly_cost: Option<CostChange>,
    pub townships: Vec<TownshipEffect>,
    /// Some of those who gain, by person id.
    pub gain_samples: Vec<Change>,
    pub loss_samples: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Added,
    Removed,
    Changed,
    /// The same for everybody.
    Same,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TownshipEffect {
    pub township: DivisionCode,
    pub gains: u64,
    pub losses: u64,
    pub yearly_cost: Option<CostChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub person: PersonId,
    pub before: Answer,
    pub after: Answer,
}

/// An outcome, or that the rule did not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Met,
    NotMet,
    Unknown,
    Absent,
}

/// Compares the draft with the pack the world was made with.
///
/// # Errors
/// `Pack` when the draft has faults.
pub fn whatif(world: &World, draft: &Pack) -> Result<WhatIf, CycleFault> {
    let program = Program::compile(draft).map_err(|faults| CycleFault::pack(&draft.id, &faults))?;
    let Some(people) = world.population.table("person") else {
        return Err(CycleFault::NotPublished);
    };
    let after = program.run(&world.population, world.as_of());
    let sides = Sides { before: (&world.pack, &world.determinations), after: (draft, &after), people };
    let mut affected = policy::column::Bits::filled(people.rows(), false);
    let mut rules = Vec::new();
    for id in sides.rule_ids() {
        let effect = sides.effect(&id, &mut affected);
        if effect.effect != Effect::Same {
            rules.push(effect);
        }
    }
    Ok(WhatIf {
        before: format!("{} {}", world.pack.id, world.pack.version),
        after: format!("{} {}", draft.id, draft.version),
        diff: policy::diff(&world.pack, draft),
        people_affected: affected.count_ones() as u64,
        yearly_cost: sides.total_cost(),
        rules,
    })
}

struct Sides<'a> {
    before: (&'a Pack, &'a Determinations),
    after: (&'a Pack, &'a Determinations),
    people: &'a Table,
}

/// A rule on one side, with how often a year its amount is paid.
struct Side<'a> {
    outcome: &'a RuleOutcome,
    a_year: Option<i64>,
}

impl Side<'_> {
    fn answer(side: Option<&Self>, row: usize) -> Answer {
        side.map_or(Answer::Absent, |side| match side.outcome.outcome(row) {
            Outcome::Met => Answer::Met,
            Outcome::NotMet => Answer::NotMet,
            Outcome::Unknown => Answer::Unknown,
        })
    }

    /// Fen a year paid to one person; none when the rule pays nothing or that is not known.
    fn yearly(side: Option<&Self>, row: usize) -> Option<i64> {
        let side = side?;
        match side.outcome.amount(row) {
            Value::Fen(fen) => fen.checked_mul(side.a_year?),
            _ => None,
        }
    }
}

impl Sides<'_> {
    /// Person rules of either side, those in force first.
    fn rule_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for rule in self.before.1.rules.iter().chain(&self.after.1.rules).filter(|r| r.entity == "person") {
            if !ids.iter().any(|id| *id == *rule.id) {
                ids.push(rule.id.to_string());
            }
        }
        ids
    }

    fn effect(&self, id: &str, affected: &mut policy::column::Bits) -> RuleEffect {
        let (before, after) = (side(self.before, id), side(self.after, id));
        let rule = self.after.0.rule(id).or_else(|| self.before.0.rule(id));
        let mut effect = RuleEffect {
            rule: id.to_owned(),
            label: rule.map(|r| r.label.clone()).unwrap_or_default(),
            kind: rule.map_or("", |r| r.kind()).to_owned(),
            effect: match (&before, &after) {
                (None, _) => Effect::Added,
                (_, None) => Effect::Removed,
                _ => Effect::Same,
            },
            met_before: met(before.as_ref()),
            met_after: met(after.as_ref()),
            unknown_before: unknown(before.as_ref()),
            unknown_after: unknown(after.as_ref()),
            gains: 0,
            losses: 0,
            yearly_cost: None,
            townships: Vec::new(),
            gain_samples: Vec::new(),
            loss_samples: Vec::new(),
        };
        let mut townships: BTreeMap<DivisionCode, TownshipEffect> = BTreeMap::new();
        for row in 0..self.people.rows() {
            let change = Change {
                person: PersonId(self.people.ids()[row]),
                before: Side::answer(before.as_ref(), row),
                after: Side::answer(after.as_ref(), row),
            };
            let cost = (Side::yearly(before.as_ref(), row), Side::yearly(after.as_ref(), row));
            let paid = cost.0.is_some_and(|fen| fen != 0) || cost.1.is_some_and(|fen| fen != 0);
            let moved = change.before != change.after && !(nobody(change.before) && nobody(change.after));
            if !moved && !paid {
                continue;
            }
            let (gains, losses) = (change.after == Answer::Met && moved, change.before == Answer::Met && moved);
            if moved {
                affected.set(row, true);
                effect.effect = if effect.effect == Effect::Same { Effect::Changed } else { effect.effect };
                effect.gains += u64::from(gains);
                effect.losses += u64::from(losses);
                sample(&mut effect.gain_samples, gains, change);
                sample(&mut effect.loss_samples, losses, change);
            }
            if cost.0 != cost.1 && effect.effect == Effect::Same {
                effect.effect = Effect::Changed;
            }
            add_cost(&mut effect.yearly_cost, cost);
            if let Some(code) = self.township(row) {
                let line = townships.entry(code).or_insert_with(|| TownshipEffect {
                    township: code,
                    gains: 0,
                    losses: 0,
                    yearly_cost: None,
                });
                line.gains += u64::from(gains);
                line.losses += u64::from(losses);
                add_cost(&mut line.yearly_cost, cost);
            }
        }
        let changed = |t: &TownshipEffect| t.gains + t.losses > 0 || t.yearly_cost.is_some_and(|c| c.before != c.after);
        effect.townships = townships.into_values().filter(changed).collect();
        effect
    }

    fn total_cost(&self) -> Option<CostChange> {
        let mut total = None;
        for id in self.rule_ids() {
            let (before, after) = (side(self.before, &id), side(self.after, &id));
            for row in 0..self.people.rows() {
                add_cost(&mut total, (Side::yearly(before.as_ref(), row), Side::yearly(after.as_ref(), row)));
            }
        }
        total
    }

    fn township(&self, row: usize) -> Option<DivisionCode> {
        let of = |key| self.people.column(key).and_then(|c| c.text(row)).and_then(|t| t.parse::<DivisionCode>().ok());
        of("residence_division").or_else(|| of("hukou_division"))?.at(DivisionLevel::Township)
    }
}

/// Neither entitled nor possibly so.
fn nobody(answer: Answer) -> bool {
    matches!(answer, Answer::NotMet | Answer::Absent)
}

fn side<'a>((pack, found): (&Pack, &'a Determinations), id: &str) -> Option<Side<'a>> {
    let per = pack.rule(id).and_then(|r| r.benefit()).and_then(|b| b.per.as_deref());
    let a_year = match per {
        Some("month") => Some(12),
        Some("quarter") => Some(4),
        Some("year" | "once") => Some(1),
        _ => None,
    };
    Some(Side { outcome: found.rule(id)?, a_year })
}

fn met(side: Option<&Side<'_>>) -> u64 {
    side.map_or(0, |s| s.outcome.outcome.yes.count_ones() as u64)
}

fn unknown(side: Option<&Side<'_>>) -> u64 {
    side.map_or(0, |s| s.outcome.outcome.unknown().count_ones() as u64)
}

fn add_cost(total: &mut Option<CostChange>, (before, after): (Option<i64>, Option<i64>)) {
    if before.is_none() && after.is_none() {
        return;
    }
    let sum = total.get_or_insert(CostChange { before: Fen(0), after: Fen(0) });
    sum.before = sum.before + Fen(before.unwrap_or(0));
    sum.after = sum.after + Fen(after.unwrap_or(0));
}

fn sample(samples: &mut Vec<Change>, applies: bool, change: Change) {
    if applies && samples.len() < SAMPLES {
        samples.push(change);
    }
}
