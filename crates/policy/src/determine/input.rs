//! People as JSON lines become rows of the person table; a line that can't be read keeps its place as an error.

use std::collections::BTreeSet;
use std::io::{self, BufRead};

use serde_json::{Map, Value as Json};

use crate::column::{Table, TableBuilder};
use crate::model::{Dictionary, Fact, Sensitivity};
use crate::value::{Value, ValueType, pow10};

/// What became of the input: one entry per line, in order, and the people as a table.
pub(super) struct Input {
    pub lines: Vec<Line>,
    pub people: Table,
}

pub(super) enum Line {
    /// The person of this row.
    Person {
        person_id: String,
        row: usize,
    },
    Fault(LineFault),
}

/// Why a line has no answer. Names keys, never values.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineFault {
    pub person_id: Option<String>,
    /// `bad_json`, `missing_person_id`, `duplicate_person_id`, `wrong_type`.
    pub code: &'static str,
    pub keys: Vec<String>,
}

/// Reads to the end of the input: the members of a household may stand anywhere in it.
pub(super) fn read(reader: &mut dyn BufRead, dictionary: &Dictionary) -> io::Result<Input> {
    let facts: Vec<_> = dictionary.of("person").filter(|f| f.sensitivity != Sensitivity::Identity).collect();
    let mut builder = TableBuilder::new("person", facts.iter().map(|f| (f.key.as_str(), f.value_type)));
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        lines.push(match person(&bytes, &facts, lines.is_empty()) {
            Ok((person_id, _)) if !seen.insert(person_id.clone()) => {
                fault(Some(person_id), "duplicate_person_id", Vec::new())
            }
            Ok((person_id, values)) => {
                let row = builder.rows();
                match builder.push_row(i64::try_from(row).unwrap_or(i64::MAX), &values) {
                    Ok(row) => Line::Person { person_id, row },
                    Err(_) => fault(Some(person_id), "wrong_type", Vec::new()),
                }
            }
            Err(fault) => Line::Fault(fault),
        });
        bytes.clear();
    }
    Ok(Input { lines, people: builder.finish() })
}

fn fault(person_id: Option<String>, code: &'static str, keys: Vec<String>) -> Line {
    Line::Fault(LineFault { person_id, code, keys })
}

type Row<'a> = (String, Vec<(&'a str, Value)>);

fn person<'a>(line: &[u8], facts: &[&'a Fact], first: bool) -> Result<Row<'a>, LineFault> {
    let line = if first { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) } else { line };
    let Ok(Json::Object(object)) = serde_json::from_slice(line) else {
        return Err(LineFault { person_id: None, code: "bad_json", keys: Vec::new() });
    };
    let person_id = match object.get("person_id") {
        Some(Json::String(id)) if !id.is_empty() => id.clone(),
        Some(Json::Number(id)) if id.is_i64() || id.is_u64() => id.to_string(),
        None | Some(Json::Null | Json::String(_)) => {
            return Err(LineFault { person_id: None, code: "missing_person_id", keys: vec!["person_id".into()] });
        }
        Some(_) => return Err(LineFault { person_id: None, code: "wrong_type", keys: vec!["person_id".into()] }),
    };
    let mut values = Vec::new();
    let mut wrong = Vec::new();
    for fact in facts {
        match value(&object, fact) {
            Some(Value::Null) => {}
            Some(value) => values.push((fact.key.as_str(), value)),
            None => wrong.push(fact.key.clone()),
        }
    }
    if wrong.is_empty() {
        return Ok((person_id, values));
    }
    Err(LineFault { person_id: Some(person_id), code: "wrong_type", keys: wrong })
}

/// The value of a fact: null when absent, null or a code that says "not stated"; none when of another type.
fn value(object: &Map<String, Json>, fact: &Fact) -> Option<Value> {
    let given = match object.get(&fact.key) {
        None | Some(Json::Null) => return Some(Value::Null),
        Some(given) => given,
    };
    match (fact.value_type, given) {
        (ValueType::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
        (ValueType::Int, Json::Number(number)) => whole(number).map(Value::Int),
        (ValueType::Fen, Json::Number(number)) => whole(number).map(Value::Fen),
        (ValueType::Float, Json::Number(number)) => number.as_f64().map(Value::Float),
        (ValueType::Decimal(scale), Json::Number(number)) => decimal(&number.to_string(), scale),
        (ValueType::Decimal(scale), Json::String(text)) => decimal(text, scale),
        (ValueType::Date, Json::String(text)) => kernel::parse_date(text).ok().map(Value::Date),
        (ValueType::Text, Json::String(text)) if fact.null_values.contains(text) => Some(Value::Null),
        (ValueType::Text, Json::String(text)) => Some(Value::text(text)),
        _ => None,
    }
}

/// A whole number, also where a program that knows only floats wrote `70.0`.
#[expect(clippy::cast_possible_truncation, reason = "the float is whole and below 2^53")]
fn whole(number: &serde_json::Number) -> Option<i64> {
    let exact = |x: &f64| x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| number.as_f64().filter(exact).map(|x| x as i64))
}

/// A decimal of at most the fact's places.
fn decimal(text: &str, scale: u8) -> Option<Value> {
    let units = crate::load::decimal_units(text, scale)?;
    // Far from the ends, so that arithmetic on it stays exact.
    (units.abs() < pow10(18)).then_some(Value::Decimal { units, scale })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn lines(input: &str) -> (Vec<String>, Table) {
        let pack = Sample::new().load().expect("the sample is sound");
        let input = read(&mut input.as_bytes(), &pack.dictionary).expect("reading from memory");
        let lines = input.lines.iter().map(|line| match line {
            Line::Person { person_id, row } => format!("{person_id}@{row}"),
            Line::Fault(fault) => {
                format!("{} {} {}", fault.person_id.as_deref().unwrap_or("-"), fault.code, fault.keys.join(","))
            }
        });
        (lines.collect(), input.people)
    }

    #[test]
    fn every_line_keeps_its_place() {
        let (lines, people) = lines(
            "\u{feff}{\"person_id\":\"p1\",\"poor\":true}\r\n\n{\"person_id\":\"p2\",\"poor\":1,\"birth_date\":\"1950-02-30\"}\n\
             {\"poor\":true}\n[1]\n{\"person_id\":7}\n{\"person_id\":\"p1\"}\n{\"person_id\":\"p3\"}",
        );
        assert_eq!(
            lines,
            [
                "p1@0",
                "- bad_json ",
                "p2 wrong_type birth_date,poor",
                "- missing_person_id person_id",
                "- bad_json ",
                "7@1",
                "p1 duplicate_person_id ",
                "p3@2",
            ]
        );
        assert_eq!(people.rows(), 3);
    }

    #[test]
    fn not_stated_and_null_are_not_known() {
        let (_, people) = lines(
            "{\"person_id\":\"p1\",\"sex\":\"9\",\"poor\":null,\"level\":3,\"colour\":7,\"name\":12}\n\
             {\"person_id\":\"p2\",\"sex\":\"2\"}\n",
        );
        assert_eq!(people.get(0, "sex"), Value::Null);
        assert_eq!(people.get(1, "sex"), Value::text("2"));
        assert_eq!(people.get(0, "poor"), Value::Null);
        assert_eq!(people.get(0, "level"), Value::Int(3));
    }
}
