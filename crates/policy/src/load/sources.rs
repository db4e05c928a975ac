//! sources.toml, with the faults of every column at its place. The registry reads the same file for its own use.

use std::collections::BTreeMap;

use super::Loading;
use super::reader::{Fields, Item, one_of};
use crate::fault::PackFault;
use crate::model::{Dictionary, Position, Source};
use toml::de::DeValue;

/// What a column may give beside facts.
const SPECIAL: [&str; 11] = [
    "id_number",
    "name",
    "phone",
    "address",
    "valid_from",
    "valid_until",
    "ended_on",
    "kin_id_number",
    "kin_name",
    "kin_relation",
    "ignore",
];

const FORMATS: [(&str, ()); 12] = [
    ("date", ()),
    ("bool", ()),
    ("int", ()),
    ("fen_yuan", ()),
    ("decimal", ()),
    ("code", ()),
    ("division", ()),
    ("text", ()),
    ("id_number", ()),
    ("phone", ()),
    ("float", ()),
    ("month", ()),
];

impl Loading {
    pub(super) fn sources(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("source") {
            let Some(mut inner) = item.fields("[[source]]") else { continue };
            let source = source(&mut inner, &self.pack.dictionary);
            inner.finish();
            match self.pack.sources.iter().find(|s| s.id == source.id) {
                Some(first) => self.twice("source", &source.id, &source.at, &first.at),
                None => self.pack.sources.push(source),
            }
        }
    }
}

fn source(fields: &mut Fields<'_>, dictionary: &Dictionary) -> Source {
    let source = Source {
        id: fields.text("id"),
        label: fields.label("label"),
        department: fields.text("department"),
        entity: fields.text("entity"),
        at: fields.at(),
    };
    if !source.department.is_empty() && dictionary.department(&source.department).is_none() {
        let message = format!("there is no department `{}`", source.department);
        fields.fault("unknown_department", message, "add it to facts.toml as [[department]]");
    }
    fields.word("mode", &[("full", ()), ("delta", ())]);
    fields.word("scope_by", &[("residence", ()), ("hukou", ()), ("division", ()), ("none", ())]);
    for key in ["order", "precedence"] {
        fields.need(key).and_then(|i| i.integer());
    }
    for key in ["max_close_percent", "stale_after_days"] {
        fields.opt(key).and_then(|i| i.number());
    }
    fields.opt("creates").and_then(|i| i.boolean());
    fields.opt_text("list_date_from");
    fields.opt("own").and_then(|i| i.boolean());
    fields.opt_text("beside");
    fields.texts("key");
    let table = if source.entity == "kin" { "person" } else { source.entity.as_str() };
    if let Some(mut presence) = fields.opt("presence").and_then(|i| i.fields("presence")) {
        for (key, at, value) in presence.entries() {
            match dictionary.get(table, &key) {
                Some(fact) => drop(value.value(fact.value_type)),
                None => unknown(value, &at, &key, table),
            }
        }
    }
    let mut headers = BTreeMap::new();
    for item in fields.need("column").map(|i| i.list()).unwrap_or_default() {
        column(item, table, dictionary, &mut headers);
    }
    source
}

fn column(item: Item<'_>, table: &str, dictionary: &Dictionary, headers: &mut BTreeMap<String, Position>) {
    let Some(mut fields) = item.fields("[[source.column]]") else { return };
    let names = fields.need("name").into_iter().chain(fields.items("aliases"));
    for (name, item) in names.filter_map(|item| Some((item.text()?, item))) {
        if let Some(first) = headers.insert(name.clone(), item.at()) {
            let message = format!("two columns of this list are called `{name}`, the other in line {}", first.line);
            item.fault("duplicate_header", message, "keep the name where it belongs");
        }
    }
    if let Some(gives) = fields.need("gives") {
        let several = matches!(gives.value.get_ref(), DeValue::Array(_));
        for item in if several { gives.list() } else { vec![gives] } {
            let Some(key) = item.text() else { continue };
            if !SPECIAL.contains(&key.as_str()) && dictionary.get(table, &key).is_none() {
                unknown(item, &item.at(), &key, table);
            }
        }
    }
    fields.opt("format").and_then(|i| one_of(i, &FORMATS));
    fields.opt("required").and_then(|i| i.boolean());
    fields.opt("precedence").and_then(|i| i.integer());
    for key in ["values", "min", "max"] {
        fields.opt(key);
    }
    fields.finish();
}

fn unknown(item: Item<'_>, at: &Position, key: &str, table: &str) {
    let message = format!("the dictionary has no fact `{key}` of {table}");
    let remedy = format!("correct the name, or use one of: {}", SPECIAL.join(", "));
    item.faults.borrow_mut().push(PackFault::at(at, "unknown_fact", message, remedy));
}
