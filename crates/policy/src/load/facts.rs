//! facts.toml: departments and the data dictionary.

use super::Loading;
use super::reader::{Fields, Item};
use crate::model::{Code, Department, Fact, FromDivision, FromEvents, FromStatements, Sensitivity};
use crate::value::ValueType;

const TYPES: [(&str, ValueType); 7] = [
    ("bool", ValueType::Bool),
    ("int", ValueType::Int),
    ("fen", ValueType::Fen),
    ("decimal", ValueType::Decimal(0)),
    ("float", ValueType::Float),
    ("date", ValueType::Date),
    ("text", ValueType::Text),
];

const SENSITIVITIES: [(&str, Sensitivity); 4] = [
    ("identity", Sensitivity::Identity),
    ("answers", Sensitivity::Answers),
    ("class", Sensitivity::Class),
    ("open", Sensitivity::Open),
];

/// `type` and, for decimals, `scale`.
pub(super) fn value_type(fields: &mut Fields<'_>) -> Option<ValueType> {
    let declared = fields.word("type", &TYPES);
    let Some(ValueType::Decimal(_)) = declared else {
        if let (Some(scale), Some(_)) = (fields.opt("scale"), declared) {
            scale.fault("needless_key", "`scale` belongs to decimals only", "remove it or write type = \"decimal\"");
        }
        return declared;
    };
    let item = fields.need("scale")?;
    let scale = item.integer().and_then(|s| u8::try_from(s).ok()).filter(|s| *s <= 12);
    if scale.is_none() {
        item.fault("out_of_range", "a decimal has 0 to 12 decimals", "write scale = 2");
    }
    scale.map(ValueType::Decimal)
}

impl Loading {
    pub(super) fn facts(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("department") {
            let Some(mut inner) = item.fields("[[department]]") else { continue };
            let department = Department {
                id: inner.text("id"),
                name: inner.label("name"),
                seal: inner.text("seal"),
                at: inner.at(),
            };
            inner.finish();
            match self.pack.dictionary.department(&department.id) {
                Some(first) => self.twice("department", &department.id, &department.at, &first.at),
                None => self.pack.dictionary.departments.push(department),
            }
        }
        for item in fields.items("fact") {
            let Some(fact) = item.fields("[[fact]]").and_then(fact) else { continue };
            if let Some(first) = self.pack.dictionary.get(&fact.entity, &fact.key) {
                self.twice("fact", &fact.key, &fact.at, &first.at);
            } else if self.pack.dictionary.push(fact).is_err() {
                item.fault("duplicate_id", "this fact stands twice", "keep one");
            }
        }
    }
}

fn fact(mut fields: Fields<'_>) -> Option<Fact> {
    let value_type = value_type(&mut fields);
    let absent = fields.opt("absent");
    let fact = Fact {
        key: fields.text("key"),
        entity: fields.text("entity"),
        value_type: value_type.unwrap_or(ValueType::Text),
        unit: fields.opt_text("unit"),
        label: fields.label("label"),
        seal: fields.opt_text("seal").unwrap_or_default(),
        supplier: fields.opt_text("supplier").unwrap_or_default(),
        sensitivity: fields.word("sensitivity", &SENSITIVITIES).unwrap_or(Sensitivity::Identity),
        absent: value_type.and_then(|t| absent?.value(t)),
        null_values: fields.texts("null_values"),
        codes: fields.items("codes").into_iter().filter_map(code).collect(),
        derive: fields.opt("derive").and_then(|i| i.sql()),
        from_events: fields.opt("from_events").and_then(from_events),
        from_statements: fields.opt("from_statements").and_then(from_statements),
        from_division: fields.opt("from_division").and_then(from_division),
        standard: fields.opt_text("standard"),
        null_means: fields.opt_label("null_means"),
        note: fields.opt_label("note"),
        at: fields.at(),
    };
    fields.finish();
    value_type.map(|_| fact)
}

fn code(item: Item<'_>) -> Option<Code> {
    let mut inner = item.fields("a code")?;
    let value = inner.need("value").and_then(|value| match value.value.get_ref() {
        toml::de::DeValue::Integer(_) => value.integer().map(|number| number.to_string()),
        _ => value.text(),
    });
    let code = Code { value: value.unwrap_or_default(), label: inner.own_label(), at: item.at() };
    inner.finish();
    Some(code)
}

fn from_events(item: Item<'_>) -> Option<FromEvents> {
    let mut inner = item.fields("from_events")?;
    let events = FromEvents {
        events: inner.text("events"),
        kinds: inner.texts("kinds"),
        take: inner.opt_word("take", &[("last", "last"), ("first", "first")]).unwrap_or("last").to_owned(),
        at: item.at(),
    };
    inner.finish();
    Some(events)
}

fn from_statements(item: Item<'_>) -> Option<FromStatements> {
    let mut inner = item.fields("from_statements")?;
    let statements = FromStatements {
        source: inner.text("source"),
        value: inner.text("value"),
        on: inner.opt_text("on"),
        until: inner.opt_text("until"),
        valid_at: inner.opt_text("at").unwrap_or("as_of".into()),
        validity_months: inner.opt_text("validity_months"),
        at: item.at(),
    };
    inner.finish();
    Some(statements)
}

fn from_division(item: Item<'_>) -> Option<FromDivision> {
    let mut inner = item.fields("from_division")?;
    let division = FromDivision { of: inner.texts("of"), take: inner.text("take"), at: item.at() };
    inner.finish();
    Some(division)
}
