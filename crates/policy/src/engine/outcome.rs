//! What a run says of every row.

use std::sync::Arc;

use kernel::Date;

use super::bind::Binder;
use super::output::{Output, evaluate};
use super::plan::{Id, Op};
use super::{Dates, plan};
use crate::column::{Bits, Column, Population, Sparse};
use crate::expr::Repr;
use crate::model::Outcome;
use crate::program::Program;
use crate::value::{Value, ValueType};

/// A condition for every row: where it is true, and where it is known. True lies within known.
///
/// Rules that ask the same share the bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub yes: Arc<Bits>,
    pub known: Arc<Bits>,
}

/// Everything a run found.
#[derive(Clone, Debug)]
pub struct Determinations {
    pub as_of: Date,
    /// The pack's population parts for every person.
    pub population: Vec<(Arc<str>, Truth)>,
    /// In pack order.
    pub rules: Vec<RuleOutcome>,
    pub queues: Vec<QueueOutcome>,
}

/// One rule for every row of its entity's table.
#[derive(Clone, Debug)]
pub struct RuleOutcome {
    pub id: Arc<str>,
    pub entity: String,
    /// `group`, `benefit`, `visit`, `standard`.
    pub kind: &'static str,
    pub outcome: Truth,
    /// Own parts; the population's stand in [`Determinations::population`].
    pub parts: Vec<(Arc<str>, Truth)>,
    pub paid: Option<Paid>,
    /// Is already receiving it.
    pub served: Option<Truth>,
    /// From which day it ends when no longer met.
    pub stop_from: Option<Column>,
    /// Last day on which what a reminder asks for is in time.
    pub due: Option<Column>,
}

/// What a benefit pays those who meet it.
#[derive(Clone, Debug)]
pub enum Paid {
    /// The same to everyone.
    Same(Value),
    /// To each its own: a value for every row that meets the rule, unless what it is paid is not known.
    Each(Sparse),
}

/// Place in a queue: null where a row does not stand in it, or where that is not known.
#[derive(Clone, Debug)]
pub struct QueueOutcome {
    pub id: Arc<str>,
    pub entity: String,
    pub rank: Column,
}

impl Truth {
    /// Known for no row.
    pub(crate) fn unknown_of(rows: usize) -> Self {
        let nobody = Arc::new(Bits::filled(rows, false));
        Self { yes: Arc::clone(&nobody), known: nobody }
    }

    #[must_use]
    pub fn outcome(&self, row: usize) -> Outcome {
        match (self.known.get(row), self.yes.get(row)) {
            (true, true) => Outcome::Met,
            (true, false) => Outcome::NotMet,
            (false, _) => Outcome::Unknown,
        }
    }

    /// Rows for which it is definitely false.
    #[must_use]
    pub fn no(&self) -> Bits {
        self.known.and_not(&self.yes)
    }

    #[must_use]
    pub fn unknown(&self) -> Bits {
        self.known.not()
    }
}

impl RuleOutcome {
    #[must_use]
    pub fn outcome(&self, row: usize) -> Outcome {
        self.outcome.outcome(row)
    }

    /// What it pays a row: zero when not met, null when that or the amount is not known, or when it pays nothing.
    #[must_use]
    pub fn amount(&self, row: usize) -> Value {
        match (&self.paid, self.outcome(row)) {
            (None, _) | (_, Outcome::Unknown) => Value::Null,
            (Some(Paid::Same(value)), Outcome::Met) => value.clone(),
            (Some(Paid::Same(value)), Outcome::NotMet) => value.ty().map_or(Value::Null, zero),
            (Some(Paid::Each(paid)), Outcome::Met) => paid.get(row),
            (Some(Paid::Each(paid)), Outcome::NotMet) => zero(paid.values().ty()),
        }
    }

    /// Sum of all known amounts, in units of their type.
    #[must_use]
    pub fn total(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
        match &self.paid {
            None => 0.0,
            Some(Paid::Same(value)) => value.as_float().unwrap_or(0.0) * self.outcome.yes.count_ones() as f64,
            Some(Paid::Each(paid)) => match paid.values().data() {
                crate::column::ColumnData::F64(lanes) => lanes.iter().sum(),
                _ => (0..paid.values().len()).filter_map(|place| paid.values().get(place).as_float()).sum(),
            },
        }
    }
}

impl Determinations {
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleOutcome> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    #[must_use]
    pub fn queue(&self, id: &str) -> Option<&QueueOutcome> {
        self.queues.iter().find(|queue| &*queue.id == id)
    }
}

const fn zero(ty: ValueType) -> Value {
    match ty {
        ValueType::Int => Value::Int(0),
        ValueType::Fen => Value::Fen(0),
        ValueType::Decimal(scale) => Value::Decimal { units: 0, scale },
        ValueType::Float => Value::Float(0.0),
        ValueType::Bool | ValueType::Date | ValueType::Text => Value::Null,
    }
}

/// The nodes of one rule.
struct RuleNodes {
    outcome: Id,
    parts: Vec<Id>,
    paid: Option<Id>,
    /// The same for everyone: needs no lanes.
    same: Option<Value>,
    served: Option<Id>,
    stop_from: Option<Id>,
    due: Option<Id>,
}

pub fn run(program: &Program, population: &Population, dates: Dates) -> Determinations {
    let mut entities: Vec<&str> = vec!["person"];
    entities.extend(program.rules.iter().map(|rule| rule.entity.as_str()));
    entities.extend(program.queues.iter().map(|queue| queue.entity.as_str()));
    let mut found = Determinations {
        as_of: dates.as_of,
        population: program.population.iter().map(|part| (Arc::clone(&part.id), Truth::default())).collect(),
        rules: program.rules.iter().map(empty).collect(),
        queues: program
            .queues
            .iter()
            .map(|queue| QueueOutcome {
                id: Arc::clone(&queue.id),
                entity: queue.entity.clone(),
                rank: Column::unknown(ValueType::Int, 0),
            })
            .collect(),
    };
    for (at, entity) in entities.iter().enumerate() {
        if !entities[..at].contains(entity) {
            run_entity(program, population, dates, entity, &mut found);
        }
    }
    found
}

fn empty(rule: &crate::program::RuleSpec) -> RuleOutcome {
    RuleOutcome {
        id: Arc::clone(&rule.id),
        entity: rule.entity.clone(),
        kind: rule.kind,
        outcome: Truth::default(),
        parts: rule.parts.iter().map(|part| (Arc::clone(&part.id), Truth::default())).collect(),
        paid: None,
        served: None,
        stop_from: None,
        due: None,
    }
}

fn run_entity(program: &Program, population: &Population, dates: Dates, entity: &str, found: &mut Determinations) {
    let Some(table) = population.table(entity) else { return };
    let mut binder = Binder::new(program, population, table, dates);
    let scope: &[_] = if entity == "person" { &program.population } else { &[] };
    let scope: Vec<_> = scope.iter().map(|part| binder.bind(&part.when)).collect();
    let of_entity = |index: &usize| program.rules[*index].entity == entity;
    let indexes: Vec<_> = (0..program.rules.len()).filter(of_entity).collect();
    let rules: Vec<_> = indexes.iter().map(|index| bind_rule(&mut binder, *index)).collect();
    let of_entity = |index: &usize| program.queues[*index].entity == entity;
    let queues: Vec<_> = (0..program.queues.len()).filter(of_entity).collect();
    let ranks: Vec<_> = queues.iter().map(|index| bind_queue(&mut binder, *index)).collect();
    let mut wanted = scope.clone();
    for rule in &rules {
        wanted.push(rule.outcome);
        wanted.extend(&rule.parts);
        wanted.extend(rule.paid.into_iter().chain(rule.served).chain(rule.stop_from).chain(rule.due));
    }
    wanted.extend(&ranks);
    let rows = table.rows();
    let mut outputs = evaluate(&mut binder.plan, &mut wanted).into_iter();
    let mut next = || outputs.next().unwrap_or(Output::Empty);
    if entity == "person" {
        found.population.iter_mut().for_each(|(_, truth)| *truth = next().truth(rows));
    }
    for (index, nodes) in indexes.into_iter().zip(rules) {
        let (spec, rule) = (&program.rules[index], &mut found.rules[index]);
        rule.outcome = next().truth(rows);
        rule.parts.iter_mut().for_each(|(_, truth)| *truth = next().truth(rows));
        let ty = spec.amount.as_ref().and_then(|amount| amount.ty).unwrap_or(ValueType::Fen);
        rule.paid = match nodes.paid {
            Some(_) => Some(Paid::Each(next().sparse(ty, rows))),
            None => nodes.same.map(Paid::Same),
        };
        rule.served = nodes.served.map(|_| next().truth(rows));
        rule.stop_from = nodes.stop_from.map(|_| next().column(ValueType::Date, rows));
        rule.due = nodes.due.map(|_| next().column(ValueType::Date, rows));
    }
    for index in queues {
        found.queues[index].rank = next().column(ValueType::Int, rows);
    }
}

fn bind_rule(binder: &mut Binder<'_>, index: usize) -> RuleNodes {
    let spec = &binder.program.rules[index];
    let outcome = binder.rule(index);
    let parts = spec.parts.iter().map(|part| binder.bind(&part.when)).collect();
    let (mut paid, mut same) = (None, None);
    if let Some(amount) = &spec.amount {
        let id = binder.bind(amount);
        let ty = amount.ty.unwrap_or(ValueType::Fen);
        same = constant(&binder.plan.ops[id], ty);
        if same.is_none() {
            let repr = binder.plan.reprs[id];
            paid = Some(binder.plan.node(Op::Pay(outcome, id), repr));
        }
    }
    RuleNodes {
        outcome,
        parts,
        paid,
        same,
        served: spec.served.as_ref().map(|expr| binder.bind(expr)),
        stop_from: spec.stop_from.as_ref().map(|expr| binder.bind(expr)),
        due: spec.due.as_ref().map(|expr| binder.bind(expr)),
    }
}

/// The value of a constant node; null is left to the lanes.
fn constant(op: &Op, ty: ValueType) -> Option<Value> {
    match op {
        plan::Op::Whole(n) => Some(super::row::Scalar::Whole(*n).value(ty)),
        plan::Op::Float(bits) => Some(Value::Float(f64::from_bits(*bits))),
        _ => None,
    }
}

/// The rank of the first condition that holds, for those who stand in the queue.
fn bind_queue(binder: &mut Binder<'_>, index: usize) -> Id {
    let spec = &binder.program.queues[index];
    let null = binder.plan.node(Op::Null(Repr::Whole), Repr::Whole);
    let arms = spec.order.iter().map(|(rank, when)| {
        let when = binder.bind(when);
        (when, binder.plan.node(Op::Whole(*rank), Repr::Whole))
    });
    let arms = arms.collect();
    let rank = binder.plan.node(Op::Case(arms, null), Repr::Whole);
    match spec.of {
        Some(rule) => {
            let stands = binder.rule(rule);
            binder.plan.node(Op::Case(vec![(stands, rank)], null), Repr::Whole)
        }
        None => rank,
    }
}
