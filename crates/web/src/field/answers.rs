//! Facts that are asked for at the door: how they are put to the app, and how its answers are read.

use kernel::parse_date;
use policy::model::Fact;
use policy::value::{Value, ValueType};
use registry::sources::{Catalogue, Column};
use serde_json::{Value as Json, json};

/// The register in which they are entered.
pub const REGISTER: &str = "own_answers";

/// The register's column of a fact; none: it may not be told here.
pub fn column<'c>(catalogue: &'c Catalogue, fact: &str) -> Option<&'c Column> {
    catalogue.own(REGISTER)?.column_of(fact)
}

/// The value of an answer; none when it is no value of this fact.
pub fn read(fact: &Fact, answer: &Json) -> Option<Value> {
    match fact.value_type {
        ValueType::Bool => answer.as_bool().map(Value::Bool),
        ValueType::Int => answer.as_i64().map(Value::Int),
        ValueType::Date => parse_date(answer.as_str()?).ok().map(Value::Date),
        ValueType::Text => {
            let code = answer.as_str()?;
            fact.codes.iter().any(|known| known.value == code).then(|| Value::text(code))
        }
        _ => None,
    }
}

/// A question as the app puts it.
pub fn question(fact: &Fact, column: &Column) -> Json {
    let codes: Vec<Json> = fact.codes.iter().map(|code| json!({ "value": code.value, "label": code.label })).collect();
    json!({
        "fact": fact.key, "label": fact.label, "type": fact.value_type.name(), "codes": codes, "min": column.min,
        "max": column.max,
    })
}
