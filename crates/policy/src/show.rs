//! A pack as a person reads it, and as JSON for programs.

use std::fmt::Write as _;

use kernel::{Bilingual, Lang};
use serde_json::{Value as Json, json};

use crate::describe::{elements, kind_name};
use crate::model::Pack;

/// The whole pack as text: its document, then every element with what it says.
#[must_use]
pub fn show(pack: &Pack, lang: Lang) -> String {
    let mut text = format!("{} {}\n{}\n", pack.id, pack.version, pack.title.get(lang));
    let until = pack.in_force_until.map(|day| day.to_string()).unwrap_or_default();
    let (force, places) = match lang {
        Lang::Zh => ("施行", "范围"),
        Lang::En => ("in force", "divisions"),
    };
    let _ = writeln!(text, "{force}: {} – {until}", pack.in_force_from);
    let names: Vec<_> = pack.roots.iter().map(|root| format!("{} {root}", pack.divisions.name(*root))).collect();
    let _ = writeln!(text, "{places}: {}", names.join(", "));
    if let Some(document) = &pack.document {
        let _ = writeln!(text, "{} · {} · {}", document.publisher.get(lang), document.index, document.published);
    }
    for element in elements(pack) {
        let kind = kind_name(element.kind);
        let _ = writeln!(text, "\n{} {} — {}", kind.get(lang), element.id, element.label.get(lang));
        for field in &element.fields {
            let _ = writeln!(text, "    {}: {}", field.name.get(lang), field.text.get(lang));
        }
    }
    text
}

/// The same as JSON, with both languages.
#[must_use]
pub fn show_json(pack: &Pack) -> Json {
    let both = |label: &Bilingual| json!({ "zh": label.zh, "en": label.en });
    let elements: Vec<Json> = elements(pack)
        .iter()
        .map(|element| {
            let fields: Vec<Json> = element
                .fields
                .iter()
                .map(|field| json!({ "key": field.key, "name": both(&field.name), "text": both(&field.text) }))
                .collect();
            json!({ "kind": element.kind, "id": element.id, "label": both(&element.label), "fields": fields })
        })
        .collect();
    json!({
        "id": pack.id,
        "version": pack.version,
        "title": both(&pack.title),
        "builds_on": pack.builds_on,
        "divisions": pack.roots,
        "in_force_from": pack.in_force_from.to_string(),
        "in_force_until": pack.in_force_until.map(|day| day.to_string()),
        "elements": elements,
    })
}
