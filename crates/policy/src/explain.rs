//! Why a row meets a rule or not: part by part, with the facts read and, where unknown, the facts to ask for.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Bilingual, Date};

use crate::column::Population;
use crate::engine::row::{At, RowEngine};
use crate::engine::{Dates, Determinations, missing};
use crate::expr::{Expr, Node};
use crate::model::Outcome;
use crate::program::{PartSpec, Program, RuleSpec};
use crate::value::Value;

/// One rule's answer for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleAnswer {
    pub rule: Arc<str>,
    /// `group`, `benefit`, `visit`, `standard`.
    pub kind: &'static str,
    pub label: Bilingual,
    pub outcome: Outcome,
    /// One per part of the condition, the population's first. A standard's first own part is `applies`.
    pub reasons: Vec<Reason>,
    /// Base facts that are not known and could still change the outcome, in order of their keys.
    pub missing: Vec<String>,
    /// What it pays: zero when not met, null when not known; none when it pays nothing.
    pub amount: Option<Value>,
    /// Whether the person receives it already; none when the rule doesn't say how to tell.
    pub served: Option<Outcome>,
    /// From which day it ends when it is no longer met.
    pub stop_from: Option<Date>,
    /// Clause ids.
    pub clauses: Vec<String>,
}

/// One part of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub id: Arc<str>,
    pub label: Bilingual,
    pub outcome: Outcome,
    /// The row's own facts that it read, through groups too, in reading order.
    pub facts: Vec<(String, Value)>,
    /// Where it asks about the household: everyone in it with the facts that it read of them, in row order.
    pub members: Vec<Member>,
    pub missing: Vec<String>,
}

/// One of a household, the row itself included.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The id of the table's row.
    pub id: i64,
    pub facts: Vec<(String, Value)>,
}

/// Members told of one household: a dormitory's figure is told without all who live there.
const MEMBERS: usize = 20;

/// Facts that an expression reads: of the row, and of everyone in its household.
#[derive(Default)]
struct Read {
    own: Vec<usize>,
    members: Vec<usize>,
}

/// Explains rows of one population.
pub struct Explainer<'a> {
    engine: RowEngine<'a>,
}

impl Explainer<'_> {
    /// As [`Program::explain`].
    #[must_use]
    pub fn row(&self, entity: &str, row: usize) -> Vec<RuleAnswer> {
        let engine = &self.engine;
        let table = engine.population.table(entity).filter(|table| row < table.rows());
        let Some(table) = table else { return Vec::new() };
        engine.forget_rows();
        let rules = engine.program.rules.iter().enumerate().filter(|(_, rule)| rule.entity == entity);
        rules.map(|(index, rule)| answer(engine, index, rule, At { table, row })).collect()
    }
}

impl Program {
    /// Every rule of the entity for one row, in pack order. Reads that row and those it lives with, nothing else of
    /// the table.
    ///
    /// With the determinations of the same population and day at hand, outcomes are taken from these.
    #[must_use]
    pub fn explain(
        &self,
        population: &Population,
        determinations: Option<&Determinations>,
        entity: &str,
        row: usize,
        as_of: Date,
    ) -> Vec<RuleAnswer> {
        self.explainer(population, determinations, as_of).row(entity, row)
    }

    /// For explaining many rows: what a household's members come to is computed once.
    #[must_use]
    pub fn explainer<'a>(
        &'a self,
        population: &'a Population,
        determinations: Option<&'a Determinations>,
        as_of: Date,
    ) -> Explainer<'a> {
        let known = determinations.filter(|found| found.as_of == as_of);
        Explainer {
            engine: match known {
                Some(found) => RowEngine::knowing(self, population, found),
                None => RowEngine::new(self, population, Dates::on(as_of)),
            },
        }
    }

    /// The base facts behind a fact: itself, or what it is derived from.
    #[must_use]
    pub fn base_facts(&self, entity: &str, key: &str) -> Vec<String> {
        let mut keys = BTreeSet::new();
        if let Some(fact) = self.fact_of.get(&(entity.to_owned(), key.to_owned())) {
            self.bases(*fact, &mut keys);
        }
        keys.into_iter().collect()
    }

    fn bases(&self, fact: usize, keys: &mut BTreeSet<String>) {
        let spec = &self.facts[fact];
        match &spec.derive {
            None => {
                keys.insert(spec.key.clone());
            }
            Some(derive) => derive.each(&mut |inner| {
                if let Node::Fact(inner) = inner.node {
                    self.bases(inner, keys);
                }
            }),
        }
    }

    fn read_by(&self, expr: &Expr, of_household: bool, read: &mut Read) {
        match &expr.node {
            Node::Fact(fact) => {
                let facts = if of_household { &mut read.members } else { &mut read.own };
                if !facts.contains(fact) {
                    facts.push(*fact);
                }
            }
            Node::Rule(rule) => {
                self.rules[*rule].parts.iter().for_each(|part| self.read_by(&part.when, of_household, read));
            }
            Node::Amount(rule) => {
                let rule = &self.rules[*rule];
                let exprs = rule.parts.iter().map(|part| &part.when).chain(&rule.amount);
                exprs.for_each(|expr| self.read_by(expr, of_household, read));
            }
            Node::Household(_, inner) => self.read_by(inner, true, read),
            _ => expr.children().into_iter().for_each(|child| self.read_by(child, of_household, read)),
        }
    }
}

fn answer(engine: &RowEngine<'_>, index: usize, rule: &RuleSpec, at: At<'_>) -> RuleAnswer {
    let parts: Vec<_> = engine.program.parts_of(rule).collect();
    let outcome = told(engine.outcome(index, at));
    let mut missing = BTreeSet::new();
    if outcome == Outcome::Unknown {
        parts.iter().for_each(|part| missing::of_part(engine, part, &parts, at, &mut missing));
    }
    let reasons = parts.iter().map(|part| reason(engine, part, &parts, &missing, at)).collect();
    let amount = rule.amount.as_ref().and_then(|amount| {
        let expr = Expr { node: Node::Amount(index), ty: amount.ty };
        amount.ty.map(|ty| engine.eval(&expr, at).value(ty))
    });
    RuleAnswer {
        rule: Arc::clone(&rule.id),
        kind: rule.kind,
        label: rule.label.clone(),
        outcome,
        reasons,
        missing: missing.into_iter().map(str::to_owned).collect(),
        amount,
        served: rule.served.as_ref().map(|served| told(engine.eval(served, at).bit())),
        stop_from: rule
            .stop_from
            .as_ref()
            .and_then(|stop| engine.eval(stop, at).value(crate::value::ValueType::Date).as_date()),
        clauses: rule.clauses.clone(),
    }
}

/// A part that is unknown only through another part of the rule names the facts that the other waits for.
fn reason(engine: &RowEngine<'_>, part: &PartSpec, all: &[&PartSpec], of_rule: &BTreeSet<&str>, at: At<'_>) -> Reason {
    let outcome = told(engine.part(part, at));
    let mut read = Read::default();
    engine.program.read_by(&part.when, false, &mut read);
    let facts_of = |facts: &[usize], at: At<'_>| -> Vec<(String, Value)> {
        let of_entity = facts.iter().filter(|fact| engine.program.facts[**fact].entity == at.table.entity());
        of_entity
            .map(|fact| {
                let spec = &engine.program.facts[*fact];
                (spec.key.clone(), engine.fact(*fact, at).value(spec.ty))
            })
            .collect()
    };
    let members = if read.members.is_empty() { &[] } else { at.table.households().with(at.row) };
    let members = members.iter().take(MEMBERS).map(|row| {
        let row = *row as usize;
        Member { id: at.table.ids()[row], facts: facts_of(&read.members, At { row, ..at }) }
    });
    let (facts, members) = (facts_of(&read.own, at), members.collect());
    let mut missing = BTreeSet::new();
    if outcome == Outcome::Unknown {
        missing::of_part(engine, part, all, at, &mut missing);
        if missing.is_empty() {
            missing::of(engine, &part.when, at, &mut missing);
            if missing.iter().any(|key| of_rule.contains(key)) {
                missing.retain(|key| of_rule.contains(key));
            }
        }
    }
    Reason {
        id: Arc::clone(&part.id),
        label: part.label.clone(),
        outcome,
        facts,
        members,
        missing: missing.into_iter().map(str::to_owned).collect(),
    }
}

const fn told(outcome: Option<bool>) -> Outcome {
    match outcome {
        Some(true) => Outcome::Met,
        Some(false) => Outcome::NotMet,
        None => Outcome::Unknown,
    }
}
