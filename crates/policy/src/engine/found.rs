//! What a run found of every row, for whoever looks at single rows of the same population on the same day.

use std::cell::OnceCell;
use std::sync::Arc;

use super::Determinations;
use super::outcome::Truth;
use super::row::At;
use crate::column::{Population, Table};
use crate::expr::{Expr, Node};
use crate::program::{PartSpec, Program};

/// Outcomes by rule and parts by class.
pub(super) struct Found<'a> {
    outcomes: Vec<Option<Of<'a>>>,
    parts: Vec<Option<Of<'a>>>,
    /// By class, a bit for every class that a part of it asks again: of rules inside it.
    asks: Vec<OnceCell<Vec<u64>>>,
    /// By rule, the same of it and all rules inside it.
    rule_asks: Vec<OnceCell<Vec<u64>>>,
    program: &'a Program,
}

/// A condition for every row of a table.
#[derive(Clone, Copy)]
struct Of<'a> {
    table: &'a Table,
    truth: &'a Truth,
}

impl Of<'_> {
    fn at(self, at: At<'_>) -> Option<Option<bool>> {
        let Truth { yes, known } = self.truth;
        std::ptr::eq(self.table, at.table).then(|| known.get(at.row).then(|| yes.get(at.row)))
    }
}

impl<'a> Found<'a> {
    pub fn new(program: &'a Program, population: &'a Population, found: &'a Determinations) -> Self {
        let all = program.rules.iter().flat_map(|rule| &rule.parts).chain(&program.population);
        let classes = all.map(|part| part.class as usize + 1).max().unwrap_or(0);
        let mut parts = vec![None; classes];
        let mut put = |entity: &str, specs: &[PartSpec], truths: &'a [(Arc<str>, Truth)]| {
            let Some(table) = population.table(entity) else { return };
            for (part, (_, truth)) in specs.iter().zip(truths) {
                parts[part.class as usize] = Some(Of { table, truth });
            }
        };
        put("person", &program.population, &found.population);
        program.rules.iter().zip(&found.rules).for_each(|(rule, found)| put(&rule.entity, &rule.parts, &found.parts));
        let outcome = |rule: &'a super::outcome::RuleOutcome| {
            population.table(&rule.entity).map(|table| Of { table, truth: &rule.outcome })
        };
        let asks = vec![OnceCell::new(); classes];
        let rule_asks = vec![OnceCell::new(); program.rules.len()];
        Self { outcomes: found.rules.iter().map(outcome).collect(), parts, asks, rule_asks, program }
    }

    /// The outcome of a rule that asks none of the classes that are assumed; none: it does, or was not found.
    pub fn outcome(&self, rule: usize, at: At<'_>, assumed: &[(usize, u32)]) -> Option<Option<bool>> {
        let of_rule = (*self.outcomes.get(rule)?)?;
        let asks =
            || self.rule_asks[rule].get_or_init(|| self.noted(|asks, seen| ask_rule(self.program, rule, asks, seen)));
        if !assumed.is_empty() && any_of(assumed, asks()) { None } else { of_rule.at(at) }
    }

    /// A part that asks none of the classes that are assumed; none: it does, or was not found.
    pub fn part(&self, part: &PartSpec, at: At<'_>, assumed: &[(usize, u32)]) -> Option<Option<bool>> {
        if !assumed.is_empty() && any_of(assumed, self.asks(part)) {
            return None;
        }
        self.parts[part.class as usize]?.at(at)
    }

    /// Whether no rule stands inside a part.
    pub fn asks_no_rule(&self, part: &PartSpec) -> bool {
        self.asks(part).iter().all(|word| *word == 0)
    }

    fn asks(&self, part: &PartSpec) -> &[u64] {
        self.asks[part.class as usize]
            .get_or_init(|| self.noted(|asks, seen| ask(self.program, &part.when, asks, seen)))
    }

    /// A bit for every class that is noted.
    fn noted(&self, note: impl FnOnce(&mut [u64], &mut [bool])) -> Vec<u64> {
        let mut asks = vec![0; self.parts.len().div_ceil(64)];
        note(&mut asks, &mut vec![false; self.program.rules.len()]);
        asks
    }
}

/// Whether one of the classes that are assumed is among those that are asked.
fn any_of(assumed: &[(usize, u32)], asks: &[u64]) -> bool {
    assumed.iter().any(|(_, class)| asks[*class as usize / 64] >> (class % 64) & 1 == 1)
}

/// Notes the classes of a rule's parts and of all rules inside it.
fn ask_rule(program: &Program, index: usize, asks: &mut [u64], seen: &mut [bool]) {
    if std::mem::replace(&mut seen[index], true) {
        return;
    }
    let rule = &program.rules[index];
    for part in program.parts_of(rule) {
        asks[part.class as usize / 64] |= 1 << (part.class % 64);
        ask(program, &part.when, asks, seen);
    }
    rule.amount.iter().for_each(|amount| ask(program, amount, asks, seen));
}

/// Notes the classes of all parts of all rules inside an expression.
fn ask(program: &Program, expr: &Expr, asks: &mut [u64], seen: &mut [bool]) {
    expr.each(&mut |inner| match &inner.node {
        Node::Rule(index) | Node::Amount(index) => ask_rule(program, *index, asks, seen),
        Node::Fact(index) => program.facts[*index].derive.iter().for_each(|derive| ask(program, derive, asks, seen)),
        _ => {}
    });
}
