//! One JSON line as a form. A key given twice makes the line unreadable: neither value may win silently.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::form::{Answer, Form};
use crate::scale::{Evidence, Scale};

/// What identifies a line: text or a number, given back as it came; null when there was none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum LineId {
    Text(String),
    Number(serde_json::Number),
    #[default]
    None,
}

pub(crate) struct Line {
    pub id: LineId,
    pub form: Form,
}

/// Reads a line for `scale`.
///
/// Fields the scale does not read are passed over. Errors: the id, where one can still be made out.
pub(crate) fn read(scale: &Scale, line: &[u8]) -> Result<Line, LineId> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let read = LineSeed { scale }.deserialize(&mut json).and_then(|line| json.end().map(|()| line));
    read.map_err(|_| {
        let value: Value = serde_json::from_slice(line).unwrap_or_default();
        value.get("id").and_then(|id| LineId::deserialize(id).ok()).unwrap_or_default()
    })
}

struct LineSeed<'s> {
    scale: &'s Scale,
}

impl<'de> DeserializeSeed<'de> for LineSeed<'_> {
    type Value = Line;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Line, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LineSeed<'_> {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a form as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut line = Line { id: LineId::None, form: Form::default() };
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let evidence = self.scale.adjustments.iter().map(|a| &a.evidence).find(|e| e.field() == key);
            match (key.as_str(), evidence) {
                ("id", _) => line.id = map.next_value()?,
                ("items", _) => line.form.answers = map.next_value::<Option<Pairs>>()?.map(answers).unwrap_or_default(),
                (_, Some(evidence)) => read_evidence(evidence, &mut map, &mut line.form)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if !seen.insert(key) {
                return Err(A::Error::custom("a key is there twice"));
            }
        }
        Ok(line)
    }
}

fn read_evidence<'de, A: MapAccess<'de>>(evidence: &Evidence, map: &mut A, form: &mut Form) -> Result<(), A::Error> {
    match evidence {
        Evidence::Flag { field } => {
            let flag = map.next_value::<Option<bool>>()?.unwrap_or(false);
            form.flags.insert(field.clone(), flag);
        }
        Evidence::Diagnosis { field, .. } => {
            let codes = map.next_value::<Option<Vec<String>>>()?.unwrap_or_default();
            form.diagnoses.insert(field.clone(), codes);
        }
        Evidence::Events { field, .. } => {
            let mut all: u64 = 0;
            for (_, count) in map.next_value::<Option<Pairs>>()?.unwrap_or_default().0 {
                let count = match count {
                    Value::Null => 0,
                    Value::Number(number) => whole(&number)
                        .and_then(|n| u64::try_from(n).ok())
                        .ok_or_else(|| A::Error::custom("a number of events is not a whole number of 0 or more"))?,
                    _ => return Err(A::Error::custom("a number of events is not a number")),
                };
                all = all.saturating_add(count);
            }
            form.events.insert(field.clone(), all);
        }
    }
    Ok(())
}

/// An open item (null) is one without an answer.
fn answers(pairs: Pairs) -> Vec<(String, Answer)> {
    let answer = |value: Value| match value {
        Value::Null => None,
        Value::Number(number) => Some(whole(&number).map_or(Answer::NotAScore, Answer::Score)),
        _ => Some(Answer::NotAScore),
    };
    pairs.0.into_iter().filter_map(|(code, value)| answer(value).map(|a| (code, a))).collect()
}

/// The number as a whole one; 4.0 is 4, 3.5 is none.
fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "the bounds are exact in a float")]
        (float.fract() == 0.0 && float.abs() <= 2_f64.powi(53)).then_some(float as i64)
    })
}

/// An object's members in their order, each key once.
#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, Value)> = Vec::new();
                let mut seen = BTreeSet::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom("a key is there twice"));
                    }
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}
