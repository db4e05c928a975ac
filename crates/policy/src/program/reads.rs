//! Which facts a pack's expressions read, and so which departments' lists it needs.

use std::collections::BTreeSet;

use super::{IndicatorSpec, MeasureSpec, Program, RuleSpec};
use crate::engine::row::places_of;
use crate::expr::{Expr, Node};
use crate::model::{Detail, Pack};

/// Facts by entity and key.
type Keys = BTreeSet<(String, String)>;

impl Program {
    /// Every fact that a rule, a queue or an indicator of `pack` reads, those behind derived facts included.
    #[must_use]
    pub fn facts_read(&self, pack: &Pack) -> Keys {
        let parts = self.rules.iter().flat_map(|rule| &rule.parts).chain(&self.population).map(|part| &part.when);
        let of_rules = self.rules.iter().flat_map(RuleSpec::beside_parts);
        let of_queues = self.queues.iter().flat_map(|queue| &queue.order).map(|(_, when)| when);
        let of_indicators = self.indicators.iter().flat_map(IndicatorSpec::exprs);
        let mut read = self.behind_exprs(parts.chain(of_rules).chain(of_queues).chain(of_indicators));
        add_behind(pack, &mut read);
        let of_visits = pack.rules.iter().filter_map(|rule| match &rule.detail {
            Detail::Visit(visit) => Some((rule.entity.clone(), visit.last_fact.clone()?)),
            _ => None,
        });
        read.extend(of_visits);
        read
    }

    /// Every fact that some indicators of `pack` read, and by which their rows lie somewhere.
    #[must_use]
    pub fn facts_measured<'i>(&self, pack: &Pack, ids: impl IntoIterator<Item = &'i str>) -> Keys {
        let ids: BTreeSet<&str> = ids.into_iter().collect();
        let of_people = self.population.iter().map(|part| &part.when);
        let measured = self.indicators.iter().filter(|spec| ids.contains(&*spec.id));
        let mut read = self.behind_exprs(of_people.chain(measured.clone().flat_map(IndicatorSpec::exprs)));
        for entity in measured.map(|spec| &spec.entity) {
            read.extend(places_of(entity).iter().map(|key| (entity.clone(), (*key).to_owned())));
        }
        add_behind(pack, &mut read);
        read
    }

    /// The facts that expressions read, through rules and derived facts.
    fn behind_exprs<'p>(&'p self, exprs: impl Iterator<Item = &'p Expr>) -> Keys {
        let mut open: Vec<&Expr> = exprs.collect();
        let (mut read, mut rules) = (Keys::new(), BTreeSet::new());
        while let Some(expr) = open.pop() {
            expr.each(&mut |inner| match inner.node {
                Node::Fact(index) => {
                    let fact = &self.facts[index];
                    if read.insert((fact.entity.clone(), fact.key.clone())) {
                        open.extend(&fact.derive);
                    }
                }
                Node::Rule(index) | Node::Amount(index) if rules.insert(index) => {
                    let rule = &self.rules[index];
                    open.extend(self.parts_of(rule).map(|part| &part.when).chain(&rule.amount));
                }
                Node::Household(..) => drop(read.insert(("person".to_owned(), "household_id".to_owned()))),
                _ => {}
            });
        }
        read
    }
}

impl RuleSpec {
    fn beside_parts(&self) -> impl Iterator<Item = &Expr> {
        [&self.amount, &self.served, &self.stop_from, &self.due].into_iter().flatten()
    }
}

impl IndicatorSpec {
    fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let measures = [Some(&self.numerator), self.denominator.as_ref()].into_iter().flatten();
        self.filter.iter().chain(measures.filter_map(MeasureSpec::expr))
    }
}

/// Adds the facts that others are taken from.
fn add_behind(pack: &Pack, read: &mut Keys) {
    let mut open: Vec<(String, String)> = read.iter().cloned().collect();
    while let Some((entity, key)) = open.pop() {
        let Some(fact) = pack.dictionary.get(&entity, &key) else { continue };
        let of = |key: &String| (entity.clone(), key.clone());
        let mut behind = Vec::new();
        if let Some(from) = &fact.from_division {
            behind.push(("division".to_owned(), from.take.clone()));
            behind.extend(from.of.iter().map(of));
        }
        if let Some(from) = &fact.from_statements {
            behind.push(of(&from.value));
            behind.extend((from.valid_at != "as_of").then(|| of(&from.valid_at)));
        }
        open.extend(behind.into_iter().filter(|fact| read.insert(fact.clone())));
    }
}
