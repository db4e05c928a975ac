//! cases/*.toml: examples and the expected answers.

use kernel::Date;

use super::Loading;
use super::reader::{Fields, Item, one_of};
use crate::model::{Case, CaseFact, Dictionary, Expected, Measured, OtherRow, Outcome, Sensitivity};
use crate::value::Value;

const OUTCOMES: [(&str, Outcome); 3] =
    [("met", Outcome::Met), ("not_met", Outcome::NotMet), ("unknown", Outcome::Unknown)];

impl Loading {
    pub(super) fn cases(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("case") {
            let Some(case) = item.fields("[[case]]").map(|inner| case(inner, &self.pack.dictionary)) else { continue };
            match self.pack.cases.iter().find(|c| c.name == case.name) {
                Some(first) => self.twice("case", &case.name, &case.at, &first.at),
                None => self.pack.cases.push(case),
            }
        }
    }
}

fn case(mut fields: Fields<'_>, dictionary: &Dictionary) -> Case {
    let entity = fields.opt_text("entity").unwrap_or("person".into());
    let facts = fields.need("facts").map(|i| facts(i, &entity, dictionary)).unwrap_or_default();
    let others = fields.items("others").into_iter().filter_map(|i| other(i, dictionary)).collect();
    let case = Case {
        name: fields.text("name"),
        as_of: fields.need("as_of").and_then(|i| i.date()).unwrap_or(Date::MIN),
        facts,
        others,
        expect: expected(&mut fields, "expect", |item| one_of(item, &OUTCOMES)),
        amount: expected(&mut fields, "amount", amount),
        missing: expected(&mut fields, "missing", |item| Some(item.list().iter().filter_map(Item::text).collect())),
        measure: expected(&mut fields, "measure", measured),
        at: fields.at(),
        entity,
    };
    let rules = case.expect.len() + case.amount.len() + case.missing.len();
    if rules + case.measure.len() == 0 {
        fields.fault(
            "expects_nothing",
            format!("case `{}` expects nothing", case.name),
            "add expect = { rule = \"met\" }",
        );
    }
    fields.finish();
    case
}

fn amount(item: Item<'_>) -> Option<Option<i64>> {
    match item.value.get_ref() {
        toml::de::DeValue::String(text) if text == "unknown" => Some(None),
        _ => item.integer().map(Some),
    }
}

fn measured(item: Item<'_>) -> Option<Measured> {
    let mut inner = item.fields("the figures of an indicator")?;
    let numerator = inner.need("numerator").and_then(|i| i.number());
    let denominator = inner.opt("denominator").and_then(|i| i.number());
    let unknown = inner.opt("unknown").and_then(|i| i.integer()).unwrap_or(0);
    inner.finish();
    Some(Measured { numerator: numerator?, denominator, unknown: usize::try_from(unknown).unwrap_or(0) })
}

fn expected<T>(fields: &mut Fields<'_>, key: &'static str, read: impl Fn(Item<'_>) -> Option<T>) -> Vec<Expected<T>> {
    let Some(mut inner) = fields.opt(key).and_then(|i| i.fields(key)) else { return Vec::new() };
    inner
        .entries()
        .into_iter()
        .filter_map(|(rule, at, item)| read(item).map(|value| Expected { rule, value, at }))
        .collect()
}

/// A related row; its `entity` key names the table, person when absent.
fn other(item: Item<'_>, dictionary: &Dictionary) -> Option<OtherRow> {
    let mut inner = item.fields("a related row")?;
    let entity = inner.opt_text("entity").unwrap_or("person".into());
    Some(OtherRow { facts: facts(item, &entity, dictionary), entity, at: item.at() })
}

fn facts(item: Item<'_>, entity: &str, dictionary: &Dictionary) -> Vec<CaseFact> {
    let Some(mut inner) = item.fields("facts") else { return Vec::new() };
    let mut facts = Vec::new();
    for (key, at, item) in inner.entries() {
        if key == "entity" {
            continue;
        }
        match dictionary.get(entity, &key) {
            Some(fact) if fact.sensitivity == Sensitivity::Identity => {
                let message = format!("`{key}` identifies a person");
                inner.fault_at(&at, "identity_fact", message, "leave it out: no rule may read it");
            }
            Some(fact) => {
                let not_stated = |v: &Value| matches!(v, Value::Text(t) if fact.null_values.iter().any(|n| **n == **t));
                let value = item.value(fact.value_type);
                // Codes that say "not stated" enter as null, as they do from a list.
                let value = value.map(|v| if not_stated(&v) { Value::Null } else { v });
                facts.extend(value.map(|value| CaseFact { key, value, at }));
            }
            None => {
                let message = format!("the dictionary has no fact `{key}` of {entity}");
                inner.fault_at(&at, "unknown_fact", message, "correct the name or add it to facts.toml");
            }
        }
    }
    facts
}
