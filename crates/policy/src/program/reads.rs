//! Which facts a pack's expressions read, and so which departments' lists it needs.

use std::collections::BTreeSet;

use super::{MeasureSpec, Program};
use crate::expr::{Expr, Node};
use crate::model::{Detail, Pack};

/// Facts by entity and key.
type Keys = BTreeSet<(String, String)>;

impl Program {
    /// Every fact that a rule, a queue or an indicator of `pack` reads, those behind derived facts included.
    #[must_use]
    pub fn facts_read(&self, pack: &Pack) -> Keys {
        let mut open: Vec<usize> = Vec::new();
        let mut gather = |expr: &Expr| {
            expr.each(&mut |inner| {
                if let Node::Fact(index) = inner.node {
                    open.push(index);
                }
            });
        };
        let parts = self.rules.iter().flat_map(|rule| &rule.parts).chain(&self.population);
        parts.for_each(|part| gather(&part.when));
        for rule in &self.rules {
            [&rule.amount, &rule.served, &rule.stop_from, &rule.due].into_iter().flatten().for_each(&mut gather);
        }
        self.queues.iter().flat_map(|queue| &queue.order).for_each(|(_, when)| gather(when));
        for indicator in &self.indicators {
            indicator.filter.iter().for_each(&mut gather);
            for measure in [Some(&indicator.numerator), indicator.denominator.as_ref()].into_iter().flatten() {
                if let MeasureSpec::Count(expr) | MeasureSpec::Sum(expr) = measure {
                    gather(expr);
                }
            }
        }
        let mut read = Keys::new();
        while let Some(index) = open.pop() {
            let fact = &self.facts[index];
            if read.insert((fact.entity.clone(), fact.key.clone())) {
                let also = |expr: &Expr| {
                    expr.each(&mut |inner| {
                        if let Node::Fact(index) = inner.node {
                            open.push(index);
                        }
                    });
                };
                fact.derive.iter().for_each(also);
            }
        }
        read.extend(behind(pack, &read));
        read
    }
}

/// Facts that others are taken from, and the dates of last visits.
fn behind(pack: &Pack, read: &Keys) -> Keys {
    let of_others = read.iter().filter_map(|(entity, key)| {
        let fact = pack.dictionary.get(entity, key)?;
        let of_division = fact.from_division.as_ref().map(|from| ("division".to_owned(), from.take.clone()));
        of_division.or_else(|| Some((entity.clone(), fact.from_statements.as_ref()?.value.clone())))
    });
    let of_visits = pack.rules.iter().filter_map(|rule| match &rule.detail {
        Detail::Visit(visit) => Some((rule.entity.clone(), visit.last_fact.clone()?)),
        _ => None,
    });
    of_others.chain(of_visits).collect()
}
