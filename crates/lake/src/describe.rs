//! The list of columns for the guide, from the dictionary, so that the two can't part.

use std::fmt::Write;

use policy::model::{Dictionary, Sensitivity};
use policy::value::ValueType;

use crate::schema::{PERSON_ID, id_column, stored_as};

/// Markdown tables of every file's columns, in the dictionary's order.
#[must_use]
pub fn describe(dictionary: &Dictionary) -> String {
    let mut text = String::new();
    for entity in dictionary.entities() {
        let id = id_column(entity);
        let mut say = |line: String| writeln!(text, "{line}").expect("a text can be written to");
        say(format!("### {entity}.parquet\n\n| column | type | meaning | 含义 |\n|---|---|---|---|"));
        say(format!("| `{id}` | INT64 | the platform's number of the row | 平台编号 |"));
        let open = |s: Sensitivity| matches!(s, Sensitivity::Class | Sensitivity::Open);
        for fact in dictionary.of(entity).filter(|fact| open(fact.sensitivity) && fact.key != id) {
            let ty = if fact.key == PERSON_ID { ValueType::Int } else { fact.value_type };
            let unit = fact.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
            let computed = if fact.derive.is_some() { " (computed; only where the run keeps it)" } else { "" };
            let (en, zh) = (&fact.label.en, &fact.label.zh);
            say(format!("| `{}` | {}{unit} | {en}{computed} | {zh} |", fact.key, stored_as(ty)));
        }
        say(String::new());
    }
    text
}
