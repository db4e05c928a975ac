//! Which facts that are not known could still change a value that is not known.
//!
//! Only operands that are themselves null are followed: what is known already can't be changed by asking. A condition
//! of CASE that is null counts, as it may still choose another arm.

use std::collections::BTreeSet;

use super::row::{At, RowEngine, Scalar};
use crate::expr::{Expr, Node};
use crate::program::PartSpec;

/// Adds the base facts behind a null value.
pub fn of<'p>(engine: &RowEngine<'p>, expr: &Expr, at: At<'_>, keys: &mut BTreeSet<&'p str>) {
    if engine.eval(expr, at).is_null() {
        of_null(engine, expr, at, keys);
    }
}

fn of_null<'p>(engine: &RowEngine<'p>, expr: &Expr, at: At<'_>, keys: &mut BTreeSet<&'p str>) {
    match &expr.node {
        Node::Fact(fact) => of_fact(engine, *fact, at, keys),
        Node::Rule(rule) => of_rule(engine, *rule, at, keys),
        Node::Amount(rule) => {
            of_rule(engine, *rule, at, keys);
            if engine.outcome(*rule, at) == Some(true)
                && let Some(amount) = &engine.program.rules[*rule].amount
            {
                of(engine, amount, at, keys);
            }
        }
        Node::Case(arms, otherwise) => {
            for (when, then) in arms {
                match engine.eval(when, at) {
                    Scalar::Bit(true) => return of(engine, then, at, keys),
                    Scalar::Null => of(engine, when, at, keys),
                    _ => of_tested(engine, when, at, keys),
                }
            }
            otherwise.iter().for_each(|expr| of(engine, expr, at, keys));
        }
        Node::Household(_, arg) => {
            for row in at.table.households().with(at.row) {
                of(engine, arg, At { row: *row as usize, ..at }, keys);
            }
        }
        Node::Inside(inside, _, arg) => {
            engine.inside(*inside, at).into_iter().for_each(|row| of(engine, arg, row, keys));
        }
        _ => expr.children().into_iter().for_each(|child| of(engine, child, at, keys)),
    }
}

/// What a condition that fails asked to be known: `CASE WHEN household_id IS NOT NULL THEN …` without it.
fn of_tested<'p>(engine: &RowEngine<'p>, when: &Expr, at: At<'_>, keys: &mut BTreeSet<&'p str>) {
    match &when.node {
        Node::IsNull(tested) => of(engine, tested, at, keys),
        Node::Household(..) | Node::Inside(..) => {}
        _ => when.children().into_iter().for_each(|child| of_tested(engine, child, at, keys)),
    }
}

/// A fact that can be asked for is named itself; one that the platform computes is traced to what it is computed from.
fn of_fact<'p>(engine: &RowEngine<'p>, fact: usize, at: At<'_>, keys: &mut BTreeSet<&'p str>) {
    let spec = &engine.program.facts[fact];
    let before = keys.len();
    if let Some(derive) = spec.derive.as_ref().filter(|_| !spec.asked) {
        of(engine, derive, at, keys);
    }
    if keys.len() == before && !(spec.derive.is_some() && !spec.asked && reaches(engine, fact, keys)) {
        keys.insert(&spec.key);
    }
}

/// Whether what a fact is derived from is named already.
fn reaches(engine: &RowEngine<'_>, fact: usize, keys: &BTreeSet<&str>) -> bool {
    let spec = &engine.program.facts[fact];
    engine.program.base_facts(&spec.entity, &spec.key).iter().any(|base| keys.contains(base.as_str()))
}

/// When a part is definitely false nothing can change the outcome; else the unknown parts can.
pub fn of_rule<'p>(engine: &RowEngine<'p>, rule: usize, at: At<'_>, keys: &mut BTreeSet<&'p str>) {
    if engine.outcome(rule, at).is_none() {
        let parts: Vec<_> = engine.program.parts_of(&engine.program.rules[rule]).collect();
        for part in &parts {
            of_part(engine, part, &parts, at, keys);
        }
    }
}

/// What could still decide one part of a rule. A group inside it may ask the rule's other parts again (of age, lives
/// here): should one of these fail the rule fails anyway, so that they count as met here and are asked where they stand.
pub fn of_part<'p>(
    engine: &RowEngine<'p>,
    part: &PartSpec,
    all: &[&PartSpec],
    at: At<'_>,
    keys: &mut BTreeSet<&'p str>,
) {
    if engine.is_assumed(part, at) {
        return;
    }
    let mut follow = || {
        if engine.part(part, at).is_none() {
            of_null(engine, &part.when, at, keys);
        }
    };
    if engine.asks_no_rule(part) {
        // What is assumed of other parts changes nothing in it.
        return follow();
    }
    let others = all.iter().filter(|other| other.class != part.class && !engine.is_met_anyway(other, at));
    let others: Vec<u32> = others.map(|other| other.class).collect();
    engine.assuming(at.row, &others, follow);
}
