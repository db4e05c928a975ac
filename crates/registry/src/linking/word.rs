//! Whose word a decision is, on what grounds, and why it may be refused.

use chrono::{DateTime, Utc};
use kernel::{Date, PersonId};
use sha2::{Digest, Sha256};
use store::audit::{self, AuditError};
use store::{Keys, Session, StoreError};

use crate::RegistryError;
use crate::people;

/// Who decides, when and why.
#[derive(Clone, Copy, Debug)]
pub struct By<'b> {
    pub who: &'b str,
    pub at: DateTime<Utc>,
    /// The day it takes effect.
    pub on: Date,
    pub reason: &'b str,
}

/// Why a decision is not taken. By what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum DecisionFault {
    #[error("there is no person {0}")]
    NoPerson(PersonId),
    #[error("{0} is merged into {1}; take that one")]
    Merged(PersonId, PersonId),
    #[error("both are the same entry")]
    Same,
    #[error("there is no merge {0} to confirm or split")]
    NoMerge(i64),
    #[error("whoever proposed a merge on which money hangs can't confirm it; ask a second person")]
    SecondPerson,
    #[error("say who decides")]
    NoName,
    #[error("say why; it is kept with the decision")]
    NoReason,
    #[error("leave names and numbers out of the reason; it is kept in the open")]
    ReasonNames,
    #[error("pair {0} is not open; see what was decided, or take that back first")]
    NotOpen(i64),
    #[error("pair {0} was not decided, or its row does not wait any more: there is nothing to take back")]
    NotDecided(i64),
    #[error("the row has other faults or is said twice; correct it first")]
    RowFaulty,
    #[error("{0}")]
    Registry(#[from] RegistryError),
}

impl From<StoreError> for DecisionFault {
    fn from(fault: StoreError) -> Self {
        Self::Registry(fault.into())
    }
}

impl From<AuditError> for DecisionFault {
    fn from(fault: AuditError) -> Self {
        Self::Registry(fault.into())
    }
}

impl DecisionFault {
    /// A stable word for messages; none for what the decider can't help.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoPerson(_) => "no-person",
            Self::Merged(..) => "merged",
            Self::Same => "same",
            Self::NoMerge(_) => "no-merge",
            Self::SecondPerson => "second-person",
            Self::NoName => "no-name",
            Self::NoReason => "no-reason",
            Self::ReasonNames => "reason-names",
            Self::NotOpen(_) => "not-open",
            Self::NotDecided(_) => "not-decided",
            Self::RowFaulty => "row-faulty",
            Self::Registry(_) => return None,
        })
    }
}

/// Longest name of a decider and longest reason, in characters.
const LONGEST: (usize, usize) = (40, 500);
/// From so many digits in a row on, a reason holds a number of someone.
const DIGITS: usize = 7;

impl By<'_> {
    /// Name and reason as they are kept; refused when one is missing or the reason identifies one of `people`.
    pub(super) fn checked(&self, tx: &mut Session, keys: &Keys, people: &[i64]) -> Result<(), DecisionFault> {
        let (who, reason) = (self.who.trim(), self.reason.trim());
        if who.is_empty() || who.chars().count() > LONGEST.0 || who.starts_with(super::ENGINE_WORD) {
            return Err(DecisionFault::NoName);
        }
        if reason.is_empty() || reason.chars().count() > LONGEST.1 {
            return Err(DecisionFault::NoReason);
        }
        if has_number(reason) {
            return Err(DecisionFault::ReasonNames);
        }
        for person in people.iter().filter(|person| **person > 0) {
            let known = people::identity(tx, keys, PersonId(*person))?;
            if known.is_some_and(|known| known.name.chars().count() > 1 && reason.contains(&known.name)) {
                return Err(DecisionFault::ReasonNames);
            }
        }
        Ok(())
    }

    /// The chain's entry on it.
    pub(super) fn note(
        &self,
        tx: &mut Session,
        keys: &Keys,
        action: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<(), DecisionFault> {
        let mut detail = detail;
        detail["reason"] = self.reason.trim().into();
        let entry = audit::Entry { at: self.at, actor: self.who.trim(), action, subject, detail: &detail };
        audit::append(tx, keys, &entry)?;
        Ok(())
    }
}

/// Whether two names are one person's, however they are typed.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    let plain =
        |name: &str| -> String { name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect() };
    plain(one) == plain(other)
}

/// Whether it holds a number long enough to be someone's; a day may be named: `2026-11-20` or `20261120`.
fn has_number(reason: &str) -> bool {
    // A number may be written in groups, with blanks or hyphens between them.
    let groups = reason.split(|c: char| !c.is_numeric() && !matches!(c, ' ' | '-'));
    groups.into_iter().any(|group| {
        let digits: String = group.chars().filter(|c| c.is_numeric()).collect();
        digits.chars().count() >= DIGITS && !is_date(&digits)
    })
}

fn is_date(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    digits.len() == 8
        && (digits.starts_with("19") || digits.starts_with("20"))
        && kernel::parse_date(&format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))).is_ok()
}

/// What a decision was based on, without saying it.
pub(super) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_however_typed() {
        assert!(same_name(" 许文清", "许 文清") && same_name("Xu", "xu") && !same_name("许", "徐"));
    }

    #[test]
    fn numbers_of_people_stay_out_of_reasons() {
        assert!(has_number("证件 653001194403120028") && has_number("电话 139 9901 2345"));
        assert!(has_number("13999012345") && has_number("2026 13 45"));
        assert!(!has_number("2026-11-20 问过本人，住 3 号楼 301") && !has_number("20261120 上门"));
    }
}
