//! What differs between two packs, element by element, with the texts before and after.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::{Bilingual, Lang};
use serde::Serialize;

use crate::describe::{Element, elements, kind_name};
use crate::model::Pack;

/// The differences from one pack to another, in the order of the files; what went comes after what stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackDiff {
    /// `kizilsu-2024 2024.1`.
    pub before: String,
    pub after: String,
    pub changes: Vec<Change>,
}

/// One element that was added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub kind: &'static str,
    pub id: String,
    pub label: Bilingual,
    pub how: How,
    /// What of it changed; for an added or removed element everything it says.
    pub fields: Vec<FieldChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Added,
    Removed,
    Changed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub name: Bilingual,
    pub before: Option<Bilingual>,
    pub after: Option<Bilingual>,
}

/// Compares two packs. Where a thing stands in a file does not matter, only what it says.
#[must_use]
pub fn diff(before: &Pack, after: &Pack) -> PackDiff {
    let old = elements(before);
    let new = elements(after);
    let known: BTreeMap<_, _> = old.iter().map(|e| ((e.kind, e.id.as_str()), e)).collect();
    let kept: BTreeMap<_, _> = new.iter().map(|e| ((e.kind, e.id.as_str()), e)).collect();
    let mut changes = Vec::new();
    for element in &new {
        match known.get(&(element.kind, element.id.as_str())) {
            None => changes.push(change(How::Added, element, fields(None, Some(element)))),
            Some(old) => {
                let fields = fields(Some(old), Some(element));
                if !fields.is_empty() {
                    changes.push(change(How::Changed, element, fields));
                }
            }
        }
    }
    for element in old.iter().filter(|e| !kept.contains_key(&(e.kind, e.id.as_str()))) {
        changes.push(change(How::Removed, element, fields(Some(element), None)));
    }
    PackDiff {
        before: format!("{} {}", before.id, before.version),
        after: format!("{} {}", after.id, after.version),
        changes,
    }
}

fn change(how: How, element: &Element, fields: Vec<FieldChange>) -> Change {
    Change { kind: element.kind, id: element.id.clone(), label: element.label.clone(), how, fields }
}

fn fields(before: Option<&Element>, after: Option<&Element>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let label = |e: &Element| e.label.clone();
    if before.is_some() && after.is_some() && before.map(label) != after.map(label) {
        changes.push(FieldChange {
            name: Bilingual { zh: "名称".into(), en: "label".into() },
            before: before.map(label),
            after: after.map(label),
        });
    }
    let find = |element: Option<&Element>, key: &str| {
        element.and_then(|e| e.fields.iter().find(|f| f.key == key)).map(|f| f.text.clone())
    };
    for field in after.iter().flat_map(|e| &e.fields) {
        let old = find(before, &field.key);
        if old.as_ref() != Some(&field.text) {
            changes.push(FieldChange { name: field.name.clone(), before: old, after: Some(field.text.clone()) });
        }
    }
    for field in before.iter().flat_map(|e| &e.fields).filter(|f| find(after, &f.key).is_none()) {
        changes.push(FieldChange { name: field.name.clone(), before: Some(field.text.clone()), after: None });
    }
    changes
}

impl PackDiff {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The differences as lines of text: `+` added, `-` removed, `~` changed.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = format!("{} → {}\n", self.before, self.after);
        if self.changes.is_empty() {
            text.push_str(match lang {
                Lang::Zh => "两份政策包没有差别。\n",
                Lang::En => "The two packs say the same.\n",
            });
        }
        for change in &self.changes {
            let sign = match change.how {
                How::Added => '+',
                How::Removed => '-',
                How::Changed => '~',
            };
            let kind = kind_name(change.kind);
            let _ = writeln!(text, "\n{sign} {} {} {}", kind.get(lang), change.id, change.label.get(lang));
            for field in &change.fields {
                let _ = writeln!(text, "    {}", field.name.get(lang));
                for (sign, side) in [('-', &field.before), ('+', &field.after)] {
                    if let Some(side) = side {
                        let _ = writeln!(text, "      {sign} {}", side.get(lang));
                    }
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn text(after: &Sample) -> String {
        let before = Sample::new().load().expect("the sample loads");
        diff(&before, &after.load().expect("the changed sample loads")).to_text(Lang::En)
    }

    #[test]
    fn a_pack_does_not_differ_from_itself_moved_down_a_line() {
        let moved = Sample::new().with("demo/groups.toml", "[[group]]", "# a remark\n\n[[group]]");
        assert_eq!(text(&moved), "demo 1 → demo 1\nThe two packs say the same.\n");
    }

    #[test]
    fn what_was_added_changed_and_removed_stands_with_both_texts() {
        let after = Sample::new()
            .with("demo/pack.toml", "in_force_from = 2024-01-01", "in_force_from = 2025-01-01")
            .with("demo/parameters/all.toml", "value = 60", "value = 65")
            .with(
                "demo/groups.toml",
                "zh = \"年满 60\", en = \"60 or older\"",
                "zh = \"年满 65\", en = \"65 or older\"",
            )
            .with(
                "demo/benefits.toml",
                "  { id = \"poor\", when = \"poor\", zh = \"低保\", en = \"On the allowance\" },\n",
                "",
            )
            .with("demo/clauses.toml", "id = \"C-3\"", "id = \"C-4\"");
        assert_eq!(
            text(&after),
            "demo 1 → demo 1\n\
             \n~ Pack demo Sample\n    in force\n      - 2024-01-01 –\n      + 2025-01-01 –\n\
             \n~ Group old Older person\n    part older\n      - 60 or older\n      + 65 or older\n\
             \n~ Benefit aid Aid\n    part poor\n      - On the allowance\n    part poor when\n      - poor\n\
             \n~ Parameter old_age Old age\n    from 2000-01-01\n      - 60 years (law)\n      + 65 years (law)\n\
             \n+ Clause C-4 Hotline\n    summary\n      + Hotline\n    state\n      + awaiting\n    asks for\n      + workflow\n\
             \x20   awaits\n      + Hotline\n\
             \n- Clause C-3 Hotline\n    summary\n      - Hotline\n    state\n      - awaiting\n    asks for\n      - workflow\n\
             \x20   awaits\n      - Hotline\n"
        );
    }
}
