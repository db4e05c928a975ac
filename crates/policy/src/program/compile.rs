//! From the pack as read to the pack as run, with every fault at once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::{AmountType, Scope};
use super::{
    ChoiceSpec, FactSpec, IndicatorSpec, MeasureSpec, PartSpec, Program, QuestionSpec, QueueSpec, RuleSpec, cycles,
};
use crate::PackFault;
use crate::expr::{Expr, Node, parse};
use crate::model::{Answering, Denominator, Detail, Measure, Pack, Part, Rule, Sensitivity, Setting, SqlText};
use crate::value::ValueType;

impl Program {
    /// Types every expression of a pack and resolves what it refers to.
    ///
    /// # Errors
    /// Every fault, each at its place: unknown fact, rule, parameter or function, wrong type or number of arguments,
    /// a parameter without a value when the pack comes into force, a circle among rules and derived facts.
    pub fn compile(pack: &Pack) -> Result<Self, Vec<PackFault>> {
        let mut compiler = Compiler::new(pack);
        let program = compiler.program();
        let mut faults = compiler.faults;
        faults.extend(cycles::find(&program));
        faults.sort();
        faults.dedup();
        if faults.is_empty() { Ok(program) } else { Err(faults) }
    }
}

struct Compiler<'a> {
    pack: &'a Pack,
    fact_of: BTreeMap<(String, String), usize>,
    amounts: Vec<AmountType>,
    faults: Vec<PackFault>,
}

impl<'a> Compiler<'a> {
    fn new(pack: &'a Pack) -> Self {
        let readable = pack.dictionary.iter().filter(|fact| fact.sensitivity != Sensitivity::Identity);
        let fact_of = readable.enumerate().map(|(i, fact)| ((fact.entity.clone(), fact.key.clone()), i)).collect();
        let amount = |rule: &Rule| match &rule.detail {
            Detail::Benefit(benefit) if benefit.amount.is_some() => AmountType::Pending,
            _ => AmountType::None,
        };
        Self { pack, fact_of, amounts: pack.rules.iter().map(amount).collect(), faults: Vec::new() }
    }

    fn program(&mut self) -> Program {
        let pack = self.pack;
        let amounts = self.amounts();
        let readable = pack.dictionary.iter().filter(|fact| fact.sensitivity != Sensitivity::Identity);
        let facts = readable.map(|fact| FactSpec {
            entity: fact.entity.clone(),
            key: fact.key.clone(),
            ty: fact.value_type,
            derive: fact.derive.as_ref().map(|text| self.typed(text, &fact.entity, fact.value_type)),
            asked: fact.derive.is_none() || !matches!(fact.supplier.as_str(), "" | "platform"),
            at: fact.at.clone(),
        });
        let facts = facts.collect();
        let mut population = self.parts(&pack.population, "person");
        let mut rules: Vec<_> = pack.rules.iter().zip(amounts).map(|(rule, amount)| self.rule(rule, amount)).collect();
        classify(population.iter_mut().chain(rules.iter_mut().flat_map(|rule| &mut rule.parts)));
        Program {
            facts,
            fact_of: self.fact_of.clone(),
            parameters: pack.parameters.clone(),
            population,
            rules,
            queues: self.queues(),
            indicators: self.indicators(),
            questions: self.questions(),
            roots: pack.roots.clone(),
            divisions: pack.divisions.clone(),
        }
    }

    fn parse(&mut self, text: &SqlText, entity: &str, has_period: bool) -> Option<Expr> {
        let scope = Scope {
            pack: self.pack,
            fact_of: &self.fact_of,
            amounts: &self.amounts,
            asked_pending: Cell::new(false),
            has_period,
        };
        parse(text, entity, &scope, &mut self.faults)
    }

    /// An expression of a type its own can become; a null of that type stands in for a faulty one.
    fn typed(&mut self, text: &SqlText, entity: &str, ty: ValueType) -> Expr {
        self.typed_in(text, entity, ty, false)
    }

    fn typed_in(&mut self, text: &SqlText, entity: &str, ty: ValueType, has_period: bool) -> Expr {
        let Some(expr) = self.parse(text, entity, has_period) else { return Expr::new(Node::Null, ty) };
        if let Some(fitted) = crate::expr::fit(expr.clone(), ty) {
            return fitted;
        }
        let found = expr.ty.map_or("null", ValueType::name);
        let message = format!("expected {ty}, found {found}");
        let remedy =
            if ty == ValueType::Bool { "write a condition" } else { "write a value of that type, or round it" };
        self.faults.push(PackFault::at(&text.start(), "wrong_type", message, remedy));
        Expr::new(Node::Null, ty)
    }

    fn parts(&mut self, parts: &[Part], entity: &str) -> Vec<PartSpec> {
        let part = |part: &Part| PartSpec {
            id: Arc::from(part.id.as_str()),
            label: part.label.clone(),
            when: self.typed(&part.when, entity, ValueType::Bool),
            class: 0,
        };
        parts.iter().map(part).collect()
    }

    /// What benefits pay, typed in the order in which they need each other.
    fn amounts(&mut self) -> Vec<Option<Expr>> {
        let mut amounts = vec![None; self.pack.rules.len()];
        loop {
            let mut settled = false;
            for (index, rule) in self.pack.rules.iter().enumerate() {
                if self.amounts[index] != AmountType::Pending {
                    continue;
                }
                let mut found = Vec::new();
                let Some((text, expr, pending)) = self.amount(rule, &mut found) else { continue };
                if !pending {
                    settled = true;
                    let Some(expr) = expr else {
                        self.faults.append(&mut found);
                        self.amounts[index] = AmountType::Known(ValueType::Fen);
                        continue;
                    };
                    self.amounts[index] = AmountType::Known(expr.ty.unwrap_or(ValueType::Fen));
                    amounts[index] = Some(self.paid(rule, &text, expr));
                }
            }
            if !settled {
                break;
            }
        }
        // Those left need each other in a circle, which is reported as one.
        for (index, rule) in self.pack.rules.iter().enumerate() {
            if self.amounts[index] == AmountType::Pending {
                amounts[index] = self.amount(rule, &mut Vec::new()).and_then(|(_, expr, _)| expr);
            }
        }
        amounts
    }

    /// The text and expression of an amount, and whether it needs one that is not typed yet.
    fn amount(&self, rule: &Rule, faults: &mut Vec<PackFault>) -> Option<(SqlText, Option<Expr>, bool)> {
        let text = rule.benefit()?.amount.clone()?;
        let scope = Scope {
            pack: self.pack,
            fact_of: &self.fact_of,
            amounts: &self.amounts,
            asked_pending: Cell::new(false),
            has_period: false,
        };
        let expr = parse(&text, &rule.entity, &scope, faults);
        let pending = scope.asked_pending.get();
        Some((text, expr, pending))
    }

    /// Money is whole fen; what is counted otherwise (points, places) may be any number.
    fn paid(&mut self, rule: &Rule, text: &SqlText, expr: Expr) -> Expr {
        let cash = rule.benefit().is_some_and(|benefit| benefit.kind == "cash");
        let fault = match expr.ty {
            Some(ValueType::Fen) => return expr,
            Some(ValueType::Int) if cash => return Expr { ty: Some(ValueType::Fen), ..expr },
            Some(ValueType::Decimal(_) | ValueType::Float) if cash => {
                ("cash is paid in whole fen", "round it: round_half_up(…) or round_down(…)")
            }
            Some(ty) if ty.is_numeric() => return expr,
            _ => ("an amount is a number", "write an expression in fen"),
        };
        self.faults.push(PackFault::at(&text.start(), "wrong_type", fault.0, fault.1));
        expr
    }

    fn rule(&mut self, rule: &Rule, amount: Option<Expr>) -> RuleSpec {
        let mut parts = Vec::new();
        let applies = rule.standard().and_then(|standard| standard.applies.as_ref());
        if let Some(text) = applies {
            parts.push(PartSpec {
                id: Arc::from("applies"),
                label: rule.label.clone(),
                when: self.typed(text, &rule.entity, ValueType::Bool),
                class: 0,
            });
        }
        parts.extend(self.parts(&rule.parts, &rule.entity));
        let benefit = rule.benefit();
        let served = benefit.and_then(|benefit| benefit.served.as_ref());
        let stop_from = benefit.and_then(|benefit| benefit.stop_from.as_ref());
        let due = rule.reminder().map(|reminder| &reminder.due);
        RuleSpec {
            id: Arc::from(rule.id.as_str()),
            kind: rule.kind(),
            entity: rule.entity.clone(),
            label: rule.label.clone(),
            clauses: rule.clauses.clone(),
            parts,
            amount,
            served: served.map(|text| self.typed(text, &rule.entity, ValueType::Bool)),
            stop_from: stop_from.map(|text| self.typed(text, &rule.entity, ValueType::Date)),
            due: due.map(|text| self.typed(text, &rule.entity, ValueType::Date)),
            at: rule.at.clone(),
        }
    }

    fn queues(&mut self) -> Vec<QueueSpec> {
        let pack = self.pack;
        let queue = |queue: &crate::model::Queue| {
            let of = queue.of.as_deref().map(|of| of.split_once(':').map_or(of, |(_, id)| id));
            let of = of.and_then(|id| pack.rules.iter().position(|rule| rule.id == id));
            let entity = of.map_or("person", |index| &pack.rules[index].entity).to_owned();
            let order = queue.order.iter().map(|rank| (rank.rank, self.typed(&rank.when, &entity, ValueType::Bool)));
            QueueSpec { id: Arc::from(queue.id.as_str()), of, order: order.collect(), entity }
        };
        pack.queues.iter().map(queue).collect()
    }

    fn indicators(&mut self) -> Vec<IndicatorSpec> {
        let mut specs = Vec::new();
        for indicator in &self.pack.indicators {
            let entity = &indicator.entity;
            let filter = indicator.filter.as_ref().map(|text| self.typed_in(text, entity, ValueType::Bool, true));
            let numerator = match &indicator.numerator {
                Measure::Count(text) => MeasureSpec::Count(self.typed_in(text, entity, ValueType::Bool, true)),
                Measure::Sum(text) => MeasureSpec::Sum(self.number(text, entity)),
            };
            let denominator = match &indicator.denominator {
                Denominator::Rows => Some(MeasureSpec::Rows),
                Denominator::Sum(text) => Some(MeasureSpec::Sum(self.number(text, entity))),
                Denominator::None => None,
            };
            specs.push(IndicatorSpec {
                id: Arc::from(indicator.id.as_str()),
                entity: entity.clone(),
                filter,
                numerator,
                denominator,
                levels: indicator.levels.clone(),
            });
        }
        specs
    }

    /// The values answers stand for, each of its fact's type. A fact that rules can't read can't be answered.
    fn questions(&mut self) -> Vec<QuestionSpec> {
        let pack = self.pack;
        let mut specs = Vec::new();
        for question in &pack.portal.questions {
            let choices = match &question.answering {
                Answering::Choices(choices) => choices.as_slice(),
                Answering::Age { fact } => {
                    self.asked(fact, ValueType::Date, &question.at);
                    &[]
                }
                Answering::Division { fact } => {
                    self.asked(fact, ValueType::Text, &question.at);
                    &[]
                }
            };
            let choices =
                choices.iter().map(|choice| ChoiceSpec { id: choice.id.clone(), sets: self.settings(&choice.sets) });
            specs.push(QuestionSpec { id: question.id.clone(), choices: choices.collect() });
        }
        specs
    }

    fn settings(&mut self, settings: &[Setting]) -> Vec<(String, ValueType, Expr)> {
        let mut typed = Vec::new();
        for setting in settings {
            let known = self.pack.dictionary.get("person", &setting.fact).map(|fact| fact.value_type);
            let ty = known.unwrap_or(ValueType::Bool);
            if self.asked(&setting.fact, ty, &setting.at) {
                typed.push((setting.fact.clone(), ty, self.typed(&setting.value, "person", ty)));
            }
        }
        typed
    }

    fn asked(&mut self, fact: &str, ty: ValueType, at: &crate::model::Position) -> bool {
        let readable = self.fact_of.contains_key(&("person".to_owned(), fact.to_owned()));
        let known = self.pack.dictionary.get("person", fact).filter(|f| readable && f.value_type == ty);
        if known.is_none() {
            let message = format!("an answer can't give the fact `{fact}` of a person");
            self.faults.push(PackFault::at(at, "unknown_key", message, "name a fact that rules read, of that type"));
        }
        known.is_some()
    }

    fn number(&mut self, text: &SqlText, entity: &str) -> Expr {
        let null = Expr::new(Node::Null, ValueType::Int);
        let Some(expr) = self.parse(text, entity, true) else { return null };
        if expr.ty.is_none_or(ValueType::is_numeric) {
            return if expr.ty.is_none() { null } else { expr };
        }
        let message = "expected a number".to_owned();
        self.faults.push(PackFault::at(&text.start(), "wrong_type", message, "count conditions with `numerator`"));
        null
    }
}

/// Gives parts with the same condition the same class. Conditions of different entities differ in the facts they name.
fn classify<'p>(parts: impl Iterator<Item = &'p mut PartSpec>) {
    let mut seen: Vec<Expr> = Vec::new();
    for part in parts {
        let known = seen.iter().position(|when| *when == part.when);
        let class = known.unwrap_or_else(|| {
            seen.push(part.when.clone());
            seen.len() - 1
        });
        part.class = u32::try_from(class).expect("fewer parts than 2^32");
    }
}
