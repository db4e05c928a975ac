//! What a draft says on the day it is laid open: kept as it was, whatever becomes of its files.

use kernel::Bilingual;
use policy::{Element, How, PackDiff};
use serde::{Deserialize, Serialize};

/// The text of a draft and how it differs from the plan in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub before: String,
    pub after: String,
    /// What people get and who they are, as the draft says it.
    pub text: Vec<Entry>,
    pub changes: Vec<EntryChange>,
    /// People whose answer changes, who gain and who lose, as computed on the day.
    pub affected: Option<[u64; 3]>,
}

/// A benefit, visit or group of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `benefit meal_delivery`.
    pub key: String,
    pub kind: Bilingual,
    pub label: Bilingual,
    pub lines: Vec<Bilingual>,
    pub changed: bool,
}

/// An element that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryChange {
    /// `added`, `removed`, `changed`.
    pub how: String,
    pub key: String,
    pub kind: Bilingual,
    pub label: Bilingual,
    pub fields: Vec<FieldTexts>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldTexts {
    pub name: Bilingual,
    pub before: Option<Bilingual>,
    pub after: Option<Bilingual>,
}

/// Kinds of elements that are the text people are asked about.
const TEXT: [&str; 3] = ["benefit", "visit", "group"];
/// Fields that say how a thing is computed, not what it is.
const TECHNICAL: [&str; 4] = ["when", "served", "stop_from", "hides_unknown"];

impl Content {
    /// Of a draft and its differences from the pack in force.
    #[must_use]
    pub fn of(draft: &[Element], diff: &PackDiff) -> Self {
        let changed = |element: &Element| diff.changes.iter().any(|c| c.kind == element.kind && c.id == element.id);
        let text = draft.iter().filter(|element| TEXT.contains(&element.kind)).map(|element| Entry {
            key: format!("{} {}", element.kind, element.id),
            kind: policy::kind_name(element.kind),
            label: element.label.clone(),
            lines: element
                .fields
                .iter()
                .filter(|field| field.key == "summary" || is_part(&field.key))
                .map(|field| field.text.clone())
                .collect(),
            changed: changed(element),
        });
        let changes = diff.changes.iter().map(|change| EntryChange {
            how: match change.how {
                How::Added => "added",
                How::Removed => "removed",
                How::Changed => "changed",
            }
            .to_owned(),
            key: format!("{} {}", change.kind, change.id),
            kind: policy::kind_name(change.kind),
            label: change.label.clone(),
            fields: change
                .fields
                .iter()
                .map(|field| FieldTexts {
                    name: field.name.clone(),
                    before: field.before.clone(),
                    after: field.after.clone(),
                })
                .collect(),
        });
        Self {
            before: diff.before.clone(),
            after: diff.after.clone(),
            text: text.collect(),
            changes: changes.collect(),
            affected: None,
        }
    }

    /// Whether a comment may be about this element.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.text.iter().any(|entry| entry.key == key) || self.changes.iter().any(|change| change.key == key)
    }

    /// What an element is called.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&Bilingual> {
        let text = self.text.iter().map(|entry| (&entry.key, &entry.label));
        let changes = self.changes.iter().map(|change| (&change.key, &change.label));
        text.chain(changes).find(|(known, _)| *known == key).map(|(_, label)| label)
    }
}

/// `part alive`, not `part alive when`.
fn is_part(key: &str) -> bool {
    key.strip_prefix("part ").is_some_and(|rest| !TECHNICAL.iter().any(|word| rest.ends_with(&format!(" {word}"))))
}
