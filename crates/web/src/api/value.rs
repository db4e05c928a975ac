//! A fact's value as JSON: what machines read beside what people read.

use policy::model::Sensitivity;
use policy::value::Value;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::desk::Desk;

/// One fact with its value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactValue {
    /// As the dictionary names it.
    pub key: String,
    /// In the language asked for.
    pub label: String,
    /// Text, number, true or false; days as `YYYY-MM-DD`, money in fen. Null: not known, or masked.
    pub value: Json,
    /// In words; null: not known.
    pub said: Option<String>,
    /// The value is known and not shown.
    pub masked: bool,
}

impl FactValue {
    pub fn of(desk: &Desk<'_>, entity: &str, key: &str, value: &Value) -> Self {
        let fact = desk.pack.dictionary.get(entity, key);
        let sealed = fact.is_some_and(|f| matches!(f.sensitivity, Sensitivity::Answers | Sensitivity::Identity));
        let masked = sealed && !value.is_null();
        Self {
            key: key.to_owned(),
            label: desk.label(entity, key),
            value: if masked { Json::Null } else { json(value) },
            said: desk.value(entity, key, value),
            masked,
        }
    }
}

/// A value as JSON has it.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) | Value::Fen(n) => (*n).into(),
        Value::Decimal { .. } | Value::Float(_) => value.as_float().map_or(Json::Null, Json::from),
        Value::Date(day) => day.to_string().into(),
        Value::Text(text) => text.to_string().into(),
    }
}
