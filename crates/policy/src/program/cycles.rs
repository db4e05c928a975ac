//! Rules, amounts and derived facts must not need themselves.

use std::collections::BTreeMap;

use super::Program;
use crate::PackFault;
use crate::expr::{Expr, Node};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Rule(usize),
    Amount(usize),
    Fact(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Open,
    Done,
}

/// One fault per circle.
pub(super) fn find(program: &Program) -> Vec<PackFault> {
    let mut search = Search { program, state: BTreeMap::new(), path: Vec::new(), faults: Vec::new() };
    let rules = (0..program.rules.len()).flat_map(|i| [Thing::Rule(i), Thing::Amount(i)]);
    for thing in rules.chain((0..program.facts.len()).map(Thing::Fact)) {
        search.visit(thing);
    }
    search.faults
}

struct Search<'a> {
    program: &'a Program,
    state: BTreeMap<Thing, Visit>,
    path: Vec<Thing>,
    faults: Vec<PackFault>,
}

impl Search<'_> {
    fn visit(&mut self, thing: Thing) {
        match self.state.get(&thing) {
            Some(Visit::Done) => return,
            Some(Visit::Open) => return self.report(thing),
            None => {}
        }
        self.state.insert(thing, Visit::Open);
        self.path.push(thing);
        for needed in self.needs(thing) {
            self.visit(needed);
        }
        self.path.pop();
        self.state.insert(thing, Visit::Done);
    }

    fn needs(&self, thing: Thing) -> Vec<Thing> {
        let mut needed = Vec::new();
        let mut gather = |expr: &Expr| {
            expr.each(&mut |inner| match inner.node {
                Node::Rule(i) => needed.push(Thing::Rule(i)),
                Node::Amount(i) => needed.push(Thing::Amount(i)),
                Node::Fact(i) => needed.push(Thing::Fact(i)),
                _ => {}
            });
        };
        match thing {
            Thing::Rule(i) => self.program.parts_of(&self.program.rules[i]).for_each(|part| gather(&part.when)),
            Thing::Amount(i) => {
                self.program.rules[i].amount.iter().for_each(&mut gather);
                needed.push(Thing::Rule(i));
            }
            Thing::Fact(i) => self.program.facts[i].derive.iter().for_each(gather),
        }
        needed
    }

    fn report(&mut self, thing: Thing) {
        let from = self.path.iter().position(|other| *other == thing).unwrap_or(0);
        let round: Vec<_> = self.path[from..].iter().chain([&thing]).map(|thing| self.name(*thing)).collect();
        let at = match thing {
            Thing::Rule(i) | Thing::Amount(i) => &self.program.rules[i].at,
            Thing::Fact(i) => &self.program.facts[i].at,
        };
        let message = format!("{} need each other in a circle", round.join(" → "));
        self.faults.push(PackFault::at(at, "cycle", message, "let one of them say its condition itself"));
    }

    fn name(&self, thing: Thing) -> String {
        match thing {
            Thing::Rule(i) => self.program.rules[i].id.to_string(),
            Thing::Amount(i) => format!("amount({})", self.program.rules[i].id),
            Thing::Fact(i) => self.program.facts[i].key.clone(),
        }
    }
}
