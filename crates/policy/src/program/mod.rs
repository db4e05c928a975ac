//! A pack made ready to run: every expression typed, every reference resolved, no circle among them.
//!
//! Knows the pack's words; knows no table. `engine` evaluates it, `explain` answers for one row, `sql` prints it.

mod compile;
mod cycles;
mod names;
mod reads;

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Bilingual, Date, DivisionCode, DivisionLevel, Divisions};

use crate::column::Column;
use crate::expr::Expr;
use crate::model::{Parameter, Position};
use crate::value::{Value, ValueType};

/// A compiled pack.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) facts: Vec<FactSpec>,
    pub(crate) fact_of: BTreeMap<(String, String), usize>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) population: Vec<PartSpec>,
    pub(crate) rules: Vec<RuleSpec>,
    pub(crate) queues: Vec<QueueSpec>,
    pub(crate) indicators: Vec<IndicatorSpec>,
    pub(crate) questions: Vec<QuestionSpec>,
    pub(crate) roots: Vec<DivisionCode>,
    pub(crate) divisions: Divisions,
}

#[derive(Clone, Debug)]
pub(crate) struct FactSpec {
    pub entity: String,
    pub key: String,
    pub ty: ValueType,
    pub derive: Option<Expr>,
    /// Someone can be asked for it; else the platform computes it.
    pub asked: bool,
    pub at: Position,
}

impl FactSpec {
    /// Whether a column holds this fact: lanes of the declared type, ints and fen alike. Another column of the same
    /// name counts as absent, so that its numbers are not misread.
    pub fn is_held_by(&self, column: &Column) -> bool {
        use ValueType::{Fen, Int};
        column.ty() == self.ty || matches!((column.ty(), self.ty), (Int, Fen) | (Fen, Int))
    }
}

/// One labelled part of a condition.
#[derive(Clone, Debug)]
pub(crate) struct PartSpec {
    pub id: Arc<str>,
    pub label: Bilingual,
    pub when: Expr,
    /// Parts of the same condition have the same class.
    pub class: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct RuleSpec {
    pub id: Arc<str>,
    pub kind: &'static str,
    pub entity: String,
    pub label: Bilingual,
    pub clauses: Vec<String>,
    /// Own parts; a standard's `applies` is the first, with the id `applies`.
    pub parts: Vec<PartSpec>,
    pub amount: Option<Expr>,
    pub served: Option<Expr>,
    pub stop_from: Option<Expr>,
    pub due: Option<Expr>,
    pub at: Position,
}

#[derive(Clone, Debug)]
pub(crate) struct QueueSpec {
    pub id: Arc<str>,
    /// Index of the rule whose people stand in it; none: every row.
    pub of: Option<usize>,
    pub entity: String,
    pub order: Vec<(i64, Expr)>,
}

/// A question of the check with the values its answers stand for.
#[derive(Clone, Debug)]
pub(crate) struct QuestionSpec {
    pub id: String,
    pub choices: Vec<ChoiceSpec>,
}

#[derive(Clone, Debug)]
pub(crate) struct ChoiceSpec {
    pub id: String,
    /// Fact, type, value.
    pub sets: Vec<(String, ValueType, Expr)>,
}

#[derive(Clone, Debug)]
pub(crate) struct IndicatorSpec {
    pub id: Arc<str>,
    pub entity: String,
    pub filter: Option<Expr>,
    pub numerator: MeasureSpec,
    /// None: the numerator stands alone.
    pub denominator: Option<MeasureSpec>,
    pub levels: Vec<DivisionLevel>,
}

#[derive(Clone, Debug)]
pub(crate) enum MeasureSpec {
    /// Every row of the filter.
    Rows,
    Count(Expr),
    Sum(Expr),
}

impl Program {
    /// Keys and types of an entity's facts, for building its table.
    pub fn fields(&self, entity: &str) -> impl Iterator<Item = (&str, ValueType)> {
        self.facts.iter().filter(move |fact| fact.entity == entity).map(|fact| (fact.key.as_str(), fact.ty))
    }

    /// Ids of the rules of an entity, in pack order.
    pub fn rules(&self, entity: &str) -> impl Iterator<Item = &str> {
        self.rules.iter().filter(move |rule| rule.entity == entity).map(|rule| &*rule.id)
    }

    /// Every part of a rule's condition: the population's first when it speaks of people.
    pub(crate) fn parts_of<'a>(&'a self, rule: &'a RuleSpec) -> impl Iterator<Item = &'a PartSpec> {
        let population: &[PartSpec] = if rule.entity == "person" { &self.population } else { &[] };
        population.iter().chain(&rule.parts)
    }

    /// The value of a parameter in force on a day; null before its first.
    pub(crate) fn parameter_on(&self, index: usize, day: Date) -> Value {
        self.parameters[index].on(day).map_or(Value::Null, |entry| entry.value.clone())
    }
}
