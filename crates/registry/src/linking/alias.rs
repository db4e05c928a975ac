//! Which entries of the registry are read as one person, on a day of knowledge.
//!
//! A merge moves nothing: facts stay with the entry their row named, and reading follows `gone` to `kept`. A split
//! ends the following, so every fact is back where it came from, those of later lists included. A row that was
//! linked by likeness has an entry of its own, below zero, that is read as its person in the same way.

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
    /// The merges and linked rows in effect, as known on a day; none: today.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(session: &mut Session, known_at: Option<Date>) -> Result<Self, RegistryError> {
        let mut kept_of = merges(session, known_at)?;
        add_links(session, None, known_at, &mut kept_of)?;
        Ok(Self::of(&kept_of))
    }

    /// Persons only, without the entries of linked rows: few, for whoever looks for a person.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of_persons(session: &mut Session) -> Result<Self, RegistryError> {
        Ok(Self::of(&merges(session, None)?))
    }

    /// What is read as one person, and all merges: for a page about them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn around(session: &mut Session, person: PersonId, known_at: Option<Date>) -> Result<Self, RegistryError> {
        let mut kept_of = merges(session, known_at)?;
        for member in Self::of(&kept_of).members(person.0) {
            add_links(session, Some(member), known_at, &mut kept_of)?;
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

    /// The person as whom any entry is read today, that of a linked row too; none when its link was taken back.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reader(&self, session: &mut Session, entry: i64) -> Result<Option<PersonId>, RegistryError> {
        if entry > 0 {
            return Ok(Some(self.person(PersonId(entry))));
        }
        let row = session.query_opt(include_str!("../../sql/row_link_reads.sql"), &[(-entry).into()])?;
        row.map(|row| Ok(self.person(PersonId(row.int(0)?)))).transpose()
    }

    /// An entry and those that are read as it, in the order of their ids: the order in which a snapshot reads them.
    #[must_use]
    pub fn members(&self, root: i64) -> Vec<i64> {
        let mut all = vec![root];
        all.extend(self.members.get(&root).into_iter().flatten());
        all.sort_unstable();
        all
    }

    /// All entries that are read as some people, ascending.
    #[must_use]
    pub fn entries(&self, roots: &[i64]) -> Vec<i64> {
        let members = |root: &i64| self.members.get(root).into_iter().flatten();
        let mut all: Vec<i64> =
            roots.iter().flat_map(|root| std::iter::once(root).chain(members(root))).copied().collect();
        all.sort_unstable();
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

/// Whether something holds that began and perhaps ended, as known on a day.
fn in_effect(begun: Option<Date>, ended: Option<Date>, known_at: Option<Date>) -> bool {
    let by_then = |day: Date| known_at.is_none_or(|known| day <= known);
    begun.is_some_and(by_then) && !ended.is_some_and(by_then)
}

fn merges(session: &mut Session, known_at: Option<Date>) -> Result<BTreeMap<i64, i64>, RegistryError> {
    let mut kept_of = BTreeMap::new();
    for row in session.query(include_str!("../../sql/person_merge_all.sql"), &[])? {
        if in_effect(row.opt_date(2)?, row.opt_date(3)?, known_at) {
            kept_of.insert(row.int(1)?, row.int(0)?);
        }
    }
    Ok(kept_of)
}

/// Adds the entries of rows linked to one person, or to all.
fn add_links(
    session: &mut Session,
    person: Option<i64>,
    known_at: Option<Date>,
    kept_of: &mut BTreeMap<i64, i64>,
) -> Result<(), RegistryError> {
    let rows = match person {
        Some(person) => session.query(include_str!("../../sql/row_link_of_person.sql"), &[person.into()])?,
        None => session.query(include_str!("../../sql/row_link_all.sql"), &[])?,
    };
    for row in rows {
        if in_effect(row.opt_date(2)?, row.opt_date(3)?, known_at) {
            kept_of.insert(-row.int(0)?, row.int(1)?);
        }
    }
    Ok(())
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
        let linked = Aliases::of(&BTreeMap::from([(-7, 2), (2, 1)]));
        assert_eq!((linked.root(-7), linked.members(1)), (1, vec![-7, 1, 2]), "a linked row follows its person");
    }
}
