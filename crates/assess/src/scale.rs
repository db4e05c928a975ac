//! What a scale is: groups of items with their options, bands of the total, and adjustments.

use kernel::{Bilingual, Date};

use crate::icd10::Icd10Range;

/// A sum scale as a pack's `scales/<id>.toml` gives it, checked.
#[derive(Clone, Debug)]
pub struct Scale {
    pub id: String,
    pub title: Bilingual,
    /// The document the scale comes from, such as `GB/T 42195-2022`.
    pub standard: String,
    pub in_force_from: Date,
    /// How far the figures are settled and where they were read.
    pub source: Bilingual,
    pub validity: Validity,
    pub groups: Vec<Group>,
    /// In the order of the form.
    pub items: Vec<Item>,
    /// In the order of the file; together they cover every total once.
    pub levels: Vec<Level>,
    pub adjustments: Vec<Adjustment>,
    pub raise: RaiseLimit,
}

/// How long an assessment holds: the pack parameter that says so.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Id of a parameter in full months.
    pub parameter: String,
    pub to_confirm: bool,
    pub note: Bilingual,
}

/// A first-level indicator, with a subtotal of its own.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub label: Bilingual,
    /// Highest subtotal; must equal what the items add up to.
    pub max: i64,
}

/// One question of the form.
#[derive(Clone, Debug)]
pub struct Item {
    pub code: String,
    /// Code of its group.
    pub group: String,
    pub label: Bilingual,
    pub max: i64,
    /// The answers, highest score first; no other score is accepted.
    pub options: Vec<AnswerOption>,
    pub note: Option<Bilingual>,
}

/// One answer to tick, summarised in our own words.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    pub score: i64,
    pub zh: String,
    pub en: String,
}

/// A band of the total, both ends included.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub level: i64,
    pub label: Bilingual,
    pub from: i64,
    pub to: i64,
}

/// A ground for a final level other than the total's.
#[derive(Clone, Debug)]
pub struct Adjustment {
    pub code: String,
    pub label: Bilingual,
    pub evidence: Evidence,
    pub effect: Effect,
}

/// What on the form shows that an adjustment applies.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// A yes/no field that is yes.
    Flag { field: String },
    /// A list of diagnosis codes of which one lies in a range.
    Diagnosis { field: String, ranges: Vec<Icd10Range> },
    /// A table of counts by kind that add up to this many or more.
    Events { field: String, at_least: u64 },
}

impl Evidence {
    /// The form's field that is read.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Flag { field } | Self::Diagnosis { field, .. } | Self::Events { field, .. } => field,
        }
    }
}

/// What an adjustment does to the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// This level, whatever the total.
    SetLevel(i64),
    /// So many levels higher, within [`RaiseLimit`].
    Raise(i64),
}

/// How far the raising adjustments may lift a level when several apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaiseLimit {
    /// All of them together.
    pub in_all: i64,
    /// Never beyond this level.
    pub up_to: i64,
}

impl Scale {
    /// The item of this code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// The band of this level.
    #[must_use]
    pub fn level(&self, level: i64) -> Option<&Level> {
        self.levels.iter().find(|band| band.level == level)
    }

    /// Highest total.
    #[must_use]
    pub fn max(&self) -> i64 {
        self.items.iter().map(|item| item.max).sum()
    }
}
