//! What the rules found, as columns of a file.

use std::collections::BTreeMap;

use policy::column::{Bits, Sparse};
use policy::value::Value;
use policy::{Determinations, Paid};

use crate::encode::Encoder;

/// What the rules found for the rows of one table.
#[derive(Clone, Debug)]
pub struct Outcomes<'a> {
    /// The table's entity; its rows and these are in the same order.
    pub entity: &'a str,
    pub rules: Vec<RuleOutcome<'a>>,
}

/// One rule, by row.
#[derive(Clone, Copy, Debug)]
pub struct RuleOutcome<'a> {
    pub rule: &'a str,
    pub met: &'a Bits,
    pub known: &'a Bits,
    pub amount: Option<Amount<'a>>,
}

/// What a rule pays; only rows that meet it have an amount in the file.
#[derive(Clone, Copy, Debug)]
pub enum Amount<'a> {
    Same(&'a Value),
    Each(&'a Sparse),
}

/// A run's outcomes by entity, rules in pack order.
#[must_use]
pub fn outcomes(found: &Determinations) -> Vec<Outcomes<'_>> {
    let mut by_entity: BTreeMap<&str, Vec<RuleOutcome<'_>>> = BTreeMap::new();
    for rule in &found.rules {
        let amount = rule.paid.as_ref().map(|paid| match paid {
            Paid::Same(value) => Amount::Same(value),
            Paid::Each(paid) => Amount::Each(paid),
        });
        let (met, known) = (&rule.outcome.yes, &rule.outcome.known);
        by_entity.entry(&rule.entity).or_default().push(RuleOutcome { rule: &rule.id, met, known, amount });
    }
    by_entity.into_iter().map(|(entity, rules)| Outcomes { entity, rules }).collect()
}

impl<'a> Outcomes<'a> {
    /// Names of the columns of amounts, by rule.
    pub(crate) fn amount_names(&self) -> Vec<String> {
        self.rules.iter().map(|rule| format!("{}_amount", rule.rule)).collect()
    }

    /// True, false or null (not known) for each rule, followed by its amount.
    pub(crate) fn columns<'b>(&'b self, amount_names: &'b [String]) -> Vec<(&'b str, Encoder<'b>)> {
        let mut columns = Vec::new();
        for (rule, amount_name) in self.rules.iter().zip(amount_names) {
            columns.push((rule.rule, Encoder::truth(rule.met, rule.known)));
            let amount = rule.amount.map(|amount| match amount {
                Amount::Same(value) => Encoder::same(value, rule.met),
                Amount::Each(paid) => Encoder::sparse(paid),
            });
            columns.extend(amount.map(|amount| (amount_name.as_str(), amount)));
        }
        columns
    }

    /// The first rule whose bits or amounts are not as many as `rows`.
    pub(crate) fn misfit(&self, rows: usize) -> Option<(&'a str, usize)> {
        self.rules.iter().find_map(|rule| {
            let amounts = if let Some(Amount::Each(paid)) = rule.amount { paid.rows().len() } else { rows };
            [rule.met.len(), rule.known.len(), amounts].into_iter().find(|n| *n != rows).map(|n| (rule.rule, n))
        })
    }
}
