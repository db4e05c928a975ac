//! Where two assessors differ.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::operation::Answers;

/// One thing they answered differently: an item's code, `coma`, `diagnoses` or `events`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    pub field: String,
    pub first: Json,
    pub second: Json,
}

/// All differences, items in the order of their codes.
#[must_use]
pub fn differences(first: &Answers, second: &Answers) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field: &str, a: Json, b: Json| {
        if a != b {
            found.push(Difference { field: field.to_owned(), first: a, second: b });
        }
    };
    let mut items: Vec<&String> = first.items.keys().chain(second.items.keys()).collect();
    items.sort();
    items.dedup();
    for item in items {
        compare(item, json!(first.items.get(item)), json!(second.items.get(item)));
    }
    compare("coma", json!(first.coma), json!(second.coma));
    let sorted = |codes: &[String]| {
        let mut codes = codes.to_vec();
        codes.sort();
        codes.dedup();
        json!(codes)
    };
    compare("diagnoses", sorted(&first.diagnoses), sorted(&second.diagnoses));
    let counted = |answers: &Answers| -> Json {
        json!(answers.events.iter().filter(|(_, n)| **n > 0).collect::<std::collections::BTreeMap<_, _>>())
    };
    compare("events", counted(first), counted(second));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_and_zero_events_are_the_same_and_order_does_not_matter() {
        let mut first = Answers { diagnoses: vec!["b".into(), "a".into()], ..Answers::default() };
        first.events.insert("fall".into(), 0);
        let mut second = Answers { diagnoses: vec!["a".into(), "b".into()], ..Answers::default() };
        assert_eq!(differences(&first, &second), []);
        second.items.insert("B.1.1".into(), 3);
        first.items.insert("B.1.1".into(), 4);
        second.coma = true;
        let fields: Vec<String> = differences(&first, &second).into_iter().map(|d| d.field).collect();
        assert_eq!(fields, ["B.1.1", "coma"]);
    }
}
