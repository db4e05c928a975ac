//! What the two levels agreed on: `national/returns.toml`.

use std::path::Path;

use policy::model::{Dictionary, Sensitivity};
use serde::Deserialize;

use crate::ReturnError;

/// The agreement, its facts checked against the dictionary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Of the tables' columns.
    pub version: u32,
    /// Counts of people below this are not told.
    pub small_cell: i64,
    /// Days after which a county is behind.
    pub stale_after_days: i64,
    pub person_facts: Vec<String>,
    pub place_facts: Vec<String>,
}

impl Agreement {
    /// Reads `national/returns.toml` below `packs`.
    ///
    /// # Errors
    /// `Agreement` with every fault: a fact the dictionary does not know, or one that may not leave.
    pub fn load(packs: &Path, dictionary: &Dictionary) -> Result<Self, ReturnError> {
        let path = packs.join("national/returns.toml");
        let fault = |cause: String| ReturnError::Agreement { path: path.clone(), cause };
        let text = std::fs::read_to_string(&path).map_err(|e| fault(e.to_string()))?;
        let agreement: Self = toml::from_str(&text).map_err(|e| fault(e.to_string()))?;
        let mut faults = Vec::new();
        if agreement.small_cell < 1 || agreement.stale_after_days < 0 {
            faults.push("small_cell is at least 1, stale_after_days at least 0".to_owned());
        }
        for (entity, facts) in [("person", &agreement.person_facts), ("place", &agreement.place_facts)] {
            for key in facts {
                match dictionary.get(entity, key).map(|fact| fact.sensitivity) {
                    None => faults.push(format!("the dictionary has no fact {key} of {entity}")),
                    Some(Sensitivity::Identity | Sensitivity::Answers) => {
                        faults.push(format!("{key} may not leave the county"));
                    }
                    Some(Sensitivity::Class | Sensitivity::Open) => {}
                }
            }
        }
        if faults.is_empty() { Ok(agreement) } else { Err(fault(faults.join("\n"))) }
    }
}
