//! What names stand for inside a pack's expressions.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::expr::{NameFault, NamedRule, Names};
use crate::model::{Pack, Sensitivity, SqlText};
use crate::value::ValueType;

/// Type of what a rule pays, as far as it is known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountType {
    None,
    /// Its expression was not typed yet.
    Pending,
    Known(ValueType),
}

pub(super) struct Scope<'a> {
    pub pack: &'a Pack,
    pub fact_of: &'a BTreeMap<(String, String), usize>,
    pub amounts: &'a [AmountType],
    /// Set when an expression asked for an amount that is still pending.
    pub asked_pending: Cell<bool>,
    pub has_period: bool,
}

impl Names for Scope<'_> {
    fn fact(&self, entity: &str, key: &str) -> Result<(usize, ValueType), NameFault> {
        if let Some(index) = self.fact_of.get(&(entity.to_owned(), key.to_owned()))
            && let Some(fact) = self.pack.dictionary.get(entity, key)
        {
            return Ok((*index, fact.value_type));
        }
        let fault = |message, remedy| Err(NameFault { code: "unknown_key", message, remedy });
        if self.pack.dictionary.get(entity, key).is_some_and(|fact| fact.sensitivity == Sensitivity::Identity) {
            return fault(format!("{key} identifies a person"), "rules can't read identity facts".to_owned());
        }
        let near = self.pack.dictionary.of(entity).map(|fact| fact.key.as_str()).find(|other| alike(other, key));
        let remedy = match near {
            Some(other) => format!("is {other} meant?"),
            None => "declare it in facts.toml, or check the name".to_owned(),
        };
        fault(format!("the dictionary has no fact {key} of {entity}"), remedy)
    }

    fn parameter(&self, id: &str) -> Result<(usize, ValueType), NameFault> {
        let fault = |code, message, remedy: &str| Err(NameFault { code, message, remedy: remedy.to_owned() });
        let Some(index) = self.pack.parameters.iter().position(|parameter| parameter.id == id) else {
            return fault(
                "unknown_parameter",
                format!("there is no parameter {id}"),
                "declare it in parameters/*.toml",
            );
        };
        let parameter = &self.pack.parameters[index];
        if parameter.on(self.pack.in_force_from).is_none() {
            let message = format!("parameter {id} has no value on {}", self.pack.in_force_from);
            return fault("missing_parameter_date", message, "add a value with an earlier `from`");
        }
        Ok((index, parameter.value_type))
    }

    fn rule(&self, id: &str) -> Option<NamedRule<'_>> {
        let index = self.pack.rules.iter().position(|rule| rule.id == id)?;
        let rule = &self.pack.rules[index];
        let amount = match self.amounts[index] {
            AmountType::Known(ty) => Some(ty),
            AmountType::None => None,
            AmountType::Pending => {
                self.asked_pending.set(true);
                Some(ValueType::Fen)
            }
        };
        Some(NamedRule { index, kind: rule.kind(), entity: &rule.entity, amount })
    }

    fn served(&self, id: &str) -> Option<&SqlText> {
        self.pack.rule(id)?.benefit()?.served.as_ref()
    }

    fn has_period(&self) -> bool {
        self.has_period
    }
}

/// Whether two keys differ by a letter or two, or one opens with the other.
fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if long.starts_with(short) && short.len() >= 4 {
        return true;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let back = a.bytes().rev().zip(b.bytes().rev()).take_while(|(x, y)| x == y).count();
    long.len() - short.len() <= 1 && same + back + 2 > long.len()
}
