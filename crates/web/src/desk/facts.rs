//! Facts in words: labels, values by type and code table, stamps of their sources.

use kernel::{Date, DivisionCode};
use policy::model::{Fact, Parameter, ParameterValue, Sensitivity};
use policy::value::Value;

use super::Desk;
use crate::frame::figures;
use crate::parts::{FactShown, Stamp};

/// Colour of a department's stamp: other departments blue or violet, civil affairs and assessment teal, the field
/// orange, what is reported or worked out grey.
fn tone(department: &str) -> &'static str {
    match department {
        "public_security" => "a",
        "disability_federation" | "health" | "medical_insurance" | "housing" | "human_resources" => "b",
        "civil_affairs" | "assessment" => "c",
        "survey" | "visits" => "d",
        _ => "e",
    }
}

impl<'w> Desk<'w> {
    /// A person's fact in the dictionary.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<&'w Fact> {
        self.pack.dictionary.get("person", key)
    }

    /// The label of an entity's fact, or its key.
    #[must_use]
    pub fn label(&self, entity: &str, key: &str) -> String {
        self.pack.dictionary.get(entity, key).map_or_else(|| key.to_owned(), |f| self.voice.of(&f.label).to_owned())
    }

    /// A kind of visit as the dictionary names it.
    #[must_use]
    pub fn visit_kind(&self, kind: &str) -> String {
        self.value("visit", "kind", &Value::text(kind)).unwrap_or_default()
    }

    /// Labels in a row.
    #[must_use]
    pub fn labels(&self, entity: &str, keys: &[String]) -> String {
        let labels: Vec<String> = keys.iter().map(|key| self.label(entity, key)).collect();
        self.voice.join(&labels)
    }

    /// A value as people say it; none for null. Item scores and diagnoses are masked, as names are.
    #[must_use]
    pub fn value(&self, entity: &str, key: &str, value: &Value) -> Option<String> {
        let fact = self.pack.dictionary.get(entity, key);
        let masked = fact.is_some_and(|f| matches!(f.sensitivity, Sensitivity::Answers | Sensitivity::Identity));
        Some(match value {
            Value::Null => return None,
            _ if masked => self.voice.word("masked"),
            Value::Text(code) => {
                let known = fact.and_then(|f| f.codes.iter().find(|c| c.value == **code));
                match known {
                    Some(known) => self.voice.of(&known.label).to_owned(),
                    None => self.division_text(key, code),
                }
            }
            _ => self.plain_value(value, fact.and_then(|f| f.unit.as_deref())),
        })
    }

    fn division_text(&self, key: &str, text: &str) -> String {
        let is_place = key == "division" || key.ends_with("_division");
        match text.parse::<DivisionCode>() {
            Ok(code) if is_place => self.where_is(code),
            _ => text.to_owned(),
        }
    }

    /// A value without a code table; the unit is the dictionary's or a parameter's.
    #[must_use]
    pub fn plain_value(&self, value: &Value, unit: Option<&str>) -> String {
        match value {
            Value::Null => self.voice.word("not-known"),
            Value::Bool(true) => self.voice.word("yes"),
            Value::Bool(false) => self.voice.word("no"),
            Value::Date(date) => date.to_string(),
            Value::Fen(fen) => self.voice.say("yuan", &[("amount", figures::yuan(*fen).into())]),
            Value::Text(text) => text.to_string(),
            number => {
                let said = number.as_float().map(figures::grouped).unwrap_or_default();
                match unit {
                    Some(unit) => said + &self.unit(unit),
                    None => said,
                }
            }
        }
    }

    /// A unit of the packs as it is written behind a number.
    #[must_use]
    pub fn unit(&self, unit: &str) -> String {
        const KNOWN: [&str; 19] = [
            "percent",
            "count",
            "persons",
            "person_times",
            "m2",
            "m2_per_person",
            "m2_per_1000",
            "m2_per_10000",
            "m2_per_100_households",
            "per_1000",
            "places",
            "households",
            "years",
            "months",
            "days",
            "times",
            "beds",
            "points",
            "degrees",
        ];
        let key = unit.replace([' ', '-'], "_");
        if KNOWN.contains(&key.as_str()) { self.voice.word(&format!("unit-{key}")) } else { format!(" {unit}") }
    }

    /// The stamp of the department that supplies a fact, without a date.
    #[must_use]
    pub fn supplier_stamp(&self, entity: &str, key: &str) -> Option<Stamp> {
        let fact = self.pack.dictionary.get(entity, key)?;
        self.stamp(&fact.supplier, Some(&fact.seal), None, false)
    }

    /// The stamp of a department; `on` is the date of its list.
    #[must_use]
    pub fn stamp(&self, department: &str, seal: Option<&str>, on: Option<Date>, stale: bool) -> Option<Stamp> {
        let department = self.pack.dictionary.department(department)?;
        let source = self.voice.of(&department.name);
        let spoken = match on {
            Some(date) => {
                self.voice.say("fact-spoken", &[("source", source.into()), ("date", date.to_string().into())])
            }
            None => self.voice.say("fact-spoken-undated", &[("source", source.into())]),
        };
        Some(Stamp { seal: seal.unwrap_or(&department.seal).to_owned(), tone: tone(&department.id), spoken, stale })
    }

    /// A fact with its value and its supplier's stamp; none when it is null.
    #[must_use]
    pub fn shown(&self, entity: &str, key: &str, value: &Value) -> Option<FactShown> {
        Some(FactShown {
            label: self.label(entity, key),
            value: self.value(entity, key, value)?,
            stamp: self.supplier_stamp(entity, key),
        })
    }

    /// The value of a parameter on the night, or its first when it is not in force yet.
    #[must_use]
    pub fn parameter_value<'p>(&self, parameter: &'p Parameter) -> Option<&'p ParameterValue> {
        parameter.on(self.as_of).or_else(|| parameter.values.first())
    }

    /// That value in words.
    #[must_use]
    pub fn parameter_said(&self, parameter: &Parameter) -> String {
        self.parameter_value(parameter)
            .map_or_else(|| self.voice.word("not-known"), |v| self.plain_value(&v.value, parameter.unit.as_deref()))
    }
}
