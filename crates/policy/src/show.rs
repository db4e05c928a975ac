//! A pack as a person reads it, and as JSON for programs.

use std::fmt::Write as _;

use kernel::{Bilingual, Lang};
use serde_json::{Value as Json, json};

use crate::describe::{elements, kind_name};
use crate::model::Pack;

/// The whole pack as text: its document, then every element with what it says.
#[must_use]
pub fn show(pack: &Pack, lang: Lang) -> String {
    let mut text = String::new();
    for element in elements(pack) {
        let kind = kind_name(element.kind);
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{} {} — {}", kind.get(lang), element.id, element.label.get(lang));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_pack_is_read_in_either_language() {
        let pack = Sample::new().load().expect("the sample loads");
        let zh = show(&pack, Lang::Zh);
        assert!(zh.contains("待遇 aid — 救助"), "{zh}");
        assert!(zh.contains("自 2026-01-01: 250.50 元（order 2）"), "{zh}");
        let en = show(&pack, Lang::En);
        assert!(en.contains("Benefit aid — Aid\n    clauses: C-1\n    kind: cash\n"), "{en}");
        assert!(en.contains("    state: to be confirmed"), "{en}");
    }

    #[test]
    fn programs_get_both_languages() {
        let pack = Sample::new().load().expect("the sample loads");
        let json = show_json(&pack);
        assert_eq!(json["divisions"][0], "6530");
        assert_eq!(json["elements"][2]["label"]["zh"], "老年人");
    }
}
