//! Why a pair is thought to be one person: levels and weights, never values.

use serde::{Deserialize, Serialize};

use crate::RegistryError;

/// The account of one comparison. Kept with every decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub fields: Vec<FieldEvidence>,
}

/// One field of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldEvidence {
    pub field: String,
    /// One of the levels of the field's kind.
    pub level: String,
    /// How far it speaks for (above 0) or against one person.
    pub bits: f64,
}

/// A field on which the evidence has moved since a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    pub field: String,
    pub before: String,
    pub now: String,
    pub bits: f64,
}

impl Evidence {
    /// All fields together.
    #[must_use]
    pub fn bits(&self) -> f64 {
        self.fields.iter().map(|field| field.bits).sum()
    }

    /// What is different from an earlier account, the heaviest first.
    #[must_use]
    pub fn moved_since(&self, before: &Self) -> Vec<Moved> {
        let mut moved = Vec::new();
        for now in &self.fields {
            let Some(old) = before.fields.iter().find(|old| old.field == now.field) else { continue };
            if old.level != now.level {
                let (before, bits) = (old.level.clone(), now.bits - old.bits);
                moved.push(Moved { field: now.field.clone(), before, now: now.level.clone(), bits });
            }
        }
        moved.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()).then_with(|| a.field.cmp(&b.field)));
        moved
    }

    pub(super) fn to_json(&self) -> String {
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        let fields = self.fields.iter().map(|field| FieldEvidence { bits: round(field.bits), ..field.clone() });
        serde_json::to_string(&Self { fields: fields.collect() }).expect("plain data becomes JSON")
    }

    pub(super) fn from_json(text: &str) -> Result<Self, RegistryError> {
        serde_json::from_str(text)
            .map_err(|_| RegistryError::Damaged { table: "link_candidate", cause: "evidence of another form" })
    }
}
