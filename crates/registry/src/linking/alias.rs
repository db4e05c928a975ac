//! Which entries of the registry are read as one person, on a day of knowledge.
//!
//! A merge moves nothing: facts stay with the entry their row named, and reading follows `gone` to `kept`. A split
//! ends the following, so every fact is back where it came from, those of later lists included.

use std::collections::BTreeMap;

use kernel::{Date, PersonId};
use store::Session;

use crate::RegistryError;

/// Merged entries, each with the one it is read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    root_of: BTreeMap<i64, i64>,
    members: BTreeMap<i64, Vec<i64>>,
}

impl Aliases {
    /// The merges in effect, as known on a day; none: today.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(session: &mut Session, known_at: Option<Date>) -> Result<Self, RegistryError> {
        let mut kept_of = BTreeMap::new();
        for row in session.query(include_str!("../../sql/person_merge_all.sql"), &[])? {
            let on = |at: usize| row.opt_date(at);
            let begun = on(2)?.is_some_and(|merged| known_at.is_none_or(|known| merged <= known));
            let ended = on(3)?.is_some_and(|split| known_at.is_none_or(|known| split <= known));
            if begun && !ended {
                kept_of.insert(row.int(1)?, row.int(0)?);
            }
        }
        Ok(Self::of(&kept_of))
    }

    /// `gone` → `kept`; who is kept may be gone in a later merge, never in a circle.
    pub(super) fn of(kept_of: &BTreeMap<i64, i64>) -> Self {
        let mut aliases = Self::default();
        for gone in kept_of.keys() {
            let mut root = *gone;
            // As many steps as there are merges end every chain.
            for _ in 0..kept_of.len() {
                let Some(kept) = kept_of.get(&root) else { break };
                root = *kept;
            }
            aliases.root_of.insert(*gone, root);
            aliases.members.entry(root).or_default().push(*gone);
        }
        aliases
    }

    /// The entry as which another is read; itself when it is not merged.
    #[must_use]
    pub fn root(&self, person: i64) -> i64 {
        self.root_of.get(&person).copied().unwrap_or(person)
    }

    /// The same for a person.
    #[must_use]
    pub fn person(&self, person: PersonId) -> PersonId {
        PersonId(self.root(person.0))
    }

    /// An entry and those that are read as it.
    #[must_use]
    pub fn members(&self, root: i64) -> Vec<i64> {
        let mut all = vec![root];
        all.extend(self.members.get(&root).into_iter().flatten());
        all
    }

    /// Merged entries and what they are read as, by id.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.root_of.iter().map(|(gone, root)| (*gone, *root))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root_of.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_end_at_their_root() {
        let aliases = Aliases::of(&BTreeMap::from([(2, 1), (3, 2), (5, 4)]));
        assert_eq!([1, 2, 3, 4, 5, 6].map(|id| aliases.root(id)), [1, 1, 1, 4, 4, 6]);
        assert_eq!(aliases.members(1), [1, 2, 3]);
        assert_eq!(aliases.members(6), [6]);
    }
}
