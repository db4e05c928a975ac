//! One JSON line per answer, keys in a fixed order.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::input::LineFault;
use crate::explain::{Reason, RuleAnswer};
use crate::model::Outcome;
use crate::value::Value;

pub(super) fn answer(writer: &mut dyn Write, person_id: &str, answers: &[RuleAnswer]) -> io::Result<()> {
    line(writer, &PersonLine { person_id, rules: Rules(answers) })
}

pub(super) fn fault(writer: &mut dyn Write, fault: &LineFault) -> io::Result<()> {
    let error = ErrorBody { code: fault.code, keys: &fault.keys };
    line(writer, &ErrorLine { person_id: fault.person_id.as_deref(), error })
}

fn line(writer: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, line)?;
    writer.write_all(b"\n")
}

#[derive(Serialize)]
struct PersonLine<'a> {
    person_id: &'a str,
    rules: Rules<'a>,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    person_id: Option<&'a str>,
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keys: &'a [String],
}

/// Rules by id, in pack order.
struct Rules<'a>(&'a [RuleAnswer]);

impl Serialize for Rules<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for answer in self.0 {
            map.serialize_entry(&*answer.rule, &Answer(answer))?;
        }
        map.end()
    }
}

struct Answer<'a>(&'a RuleAnswer);

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let answer = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("outcome", answer.outcome.name())?;
        if answer.outcome == Outcome::Unknown {
            map.serialize_entry("missing", &keys(&answer.missing))?;
        }
        if answer.outcome == Outcome::Met
            && let Some(amount) = answer.amount.as_ref().and_then(Value::as_units)
        {
            map.serialize_entry("amount_fen", &amount)?;
        }
        let reasons: Vec<_> = answer.reasons.iter().map(Because).collect();
        map.serialize_entry("reasons", &reasons)?;
        map.end()
    }
}

struct Because<'a>(&'a Reason);

impl Serialize for Because<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reason = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("label", &*reason.id)?;
        map.serialize_entry("zh", &reason.label.zh)?;
        map.serialize_entry("en", &reason.label.en)?;
        map.serialize_entry("outcome", reason.outcome.name())?;
        map.serialize_entry("facts", &Facts(reason))?;
        if reason.outcome == Outcome::Unknown {
            map.serialize_entry("missing", &keys(&reason.missing))?;
        }
        map.end()
    }
}

fn keys<K: ToString>(keys: &[K]) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}

struct Facts<'a>(&'a Reason);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.facts.len()))?;
        for (key, value) in &self.0.facts {
            map.serialize_entry(&**key, &Fact(value))?;
        }
        map.end()
    }
}

/// A value as JSON: dates and decimals as texts, money in fen.
struct Fact<'a>(&'a Value);

impl Serialize for Fact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) | Value::Fen(value) => serializer.serialize_i64(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            other => serializer.collect_str(other),
        }
    }
}
