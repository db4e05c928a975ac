//! The data dictionary: what may be known about a person, a place, a division.

use std::collections::BTreeMap;

use kernel::{Bilingual, Date};

use super::{Position, SqlText};
use crate::value::{Value, ValueType};

/// One entry of the dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub key: String,
    /// `person`, `place`, `housing_project`, `training`, `division`.
    pub entity: String,
    pub value_type: ValueType,
    pub unit: Option<String>,
    pub label: Bilingual,
    /// The character of the source stamp on pages.
    pub seal: String,
    /// Department id.
    pub supplier: String,
    pub sensitivity: Sensitivity,
    /// What absence from a full list means; none: nothing is known.
    pub absent: Option<Value>,
    /// Codes that enter as null (not stated).
    pub null_values: Vec<String>,
    pub codes: Vec<Code>,
    /// Computed from other facts of the same entity instead of being supplied.
    pub derive: Option<SqlText>,
    pub from_events: Option<FromEvents>,
    pub from_statements: Option<FromStatements>,
    pub from_division: Option<FromDivision>,
    pub standard: Option<String>,
    /// What null says where it is a definite answer: no death on record. None: null is not known.
    pub null_means: Option<Bilingual>,
    pub note: Option<Bilingual>,
    pub at: Position,
}

/// How carefully a fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// ID number, name, phone, address: sealed, never in expressions.
    Identity,
    /// Item scores, diagnoses: sealed.
    Answers,
    /// Levels, grades, flags.
    Class,
    Open,
}

/// A code of a code table and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub value: String,
    pub label: Bilingual,
    pub at: Position,
}

/// A fact taken from events: the date of the last visit of some kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromEvents {
    pub events: String,
    pub kinds: Vec<String>,
    /// `last` or `first`.
    pub take: String,
    pub at: Position,
}

/// A fact taken from the newest of several statements kept per person: an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromStatements {
    pub source: String,
    /// Keys in that list: the value, its date, its last valid day.
    pub value: String,
    pub on: Option<String>,
    pub until: Option<String>,
    /// `as_of` or a date fact: the day it must have been made by and be valid on.
    pub valid_at: String,
    /// Parameter: how long it is valid where the list gives no last day.
    pub validity_months: Option<String>,
    pub at: Position,
}

/// A fact of the division that the first known of some facts names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromDivision {
    pub of: Vec<String>,
    pub take: String,
    pub at: Position,
}

/// A department that supplies lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    pub id: String,
    pub name: Bilingual,
    pub seal: String,
    pub at: Position,
}

/// A departmental list, as far as packs refer to it; the registry reads the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    pub label: Bilingual,
    pub department: String,
    pub entity: String,
    pub at: Position,
}

/// The facts of one entity in file order, found by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary {
    facts: Vec<Fact>,
    by_key: BTreeMap<(String, String), usize>,
    pub departments: Vec<Department>,
}

impl Dictionary {
    /// Adds a fact; gives it back when its key stands already for this entity.
    ///
    /// # Errors
    /// The fact itself when the entity has one of the same key.
    pub fn push(&mut self, fact: Fact) -> Result<(), Box<Fact>> {
        let key = (fact.entity.clone(), fact.key.clone());
        if self.by_key.contains_key(&key) {
            return Err(Box::new(fact));
        }
        self.by_key.insert(key, self.facts.len());
        self.facts.push(fact);
        Ok(())
    }

    #[must_use]
    pub fn get(&self, entity: &str, key: &str) -> Option<&Fact> {
        self.by_key.get(&(entity.to_owned(), key.to_owned())).map(|i| &self.facts[*i])
    }

    /// All facts in file order.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    /// Those of one entity, in file order.
    pub fn of(&self, entity: &str) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |f| f.entity == entity)
    }

    /// The entities the dictionary speaks of, each once, in order of first mention.
    #[must_use]
    pub fn entities(&self) -> Vec<&str> {
        let mut seen = Vec::new();
        for fact in &self.facts {
            if !seen.contains(&fact.entity.as_str()) {
                seen.push(fact.entity.as_str());
            }
        }
        seen
    }

    #[must_use]
    pub fn department(&self, id: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.id == id)
    }
}

/// A figure of the plan with its dates and sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub id: String,
    pub value_type: ValueType,
    pub unit: Option<String>,
    pub label: Bilingual,
    pub clause: Option<String>,
    /// The sources do not settle it; pages say so.
    pub to_confirm: bool,
    pub note: Option<Bilingual>,
    /// Oldest to newest.
    pub values: Vec<ParameterValue>,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ParameterValue {
    pub from: Date,
    /// Last day; none: until the next value begins, or open.
    pub until: Option<Date>,
    pub value: Value,
    pub source: Bilingual,
    pub at: Position,
}

impl Parameter {
    /// The value in force on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&ParameterValue> {
        self.values.iter().rev().find(|v| v.from <= day).filter(|v| v.until.is_none_or(|last| day <= last))
    }
}
