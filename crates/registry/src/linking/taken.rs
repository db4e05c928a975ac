//! Of whom a full list with one row a person speaks already: nobody is named by it twice.

use std::collections::BTreeMap;

use store::Session;

use super::alias::Aliases;
use super::rules::{RowsOf, Rules};
use crate::RegistryError;
use crate::ingest::layout;
use crate::ingest::link::LinkIndex;
use crate::sources::{Catalogue, Entity, Mode};

/// Asks the database about the few who are in question, each once.
pub(super) struct Taken<'t> {
    aliases: &'t Aliases,
    /// Layouts of the sources that name each person once.
    layouts: BTreeMap<String, Vec<i64>>,
    /// Entries of linked rows, by the person each is read as.
    entries: BTreeMap<i64, Vec<i64>>,
    known: BTreeMap<(String, i64), bool>,
}

impl<'t> Taken<'t> {
    pub fn load(
        tx: &mut Session,
        catalogue: &Catalogue,
        rules: &Rules,
        index: &LinkIndex,
        aliases: &'t Aliases,
    ) -> Result<Self, RegistryError> {
        let mut layouts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for layout in layout::all(tx)? {
            let names_once = catalogue.get(&layout.source).is_some_and(|source| {
                source.entity == Entity::Person && source.mode == Mode::Full && rules.rows_of(source) == RowsOf::One
            });
            if names_once {
                layouts.entry(layout.source.clone()).or_default().push(layout.id);
            }
        }
        let mut entries: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        index.entries().for_each(|(entry, person)| entries.entry(person).or_default().push(entry));
        Ok(Self { aliases, layouts, entries, known: BTreeMap::new() })
    }

    /// Whether the source's list in force speaks of the person, under any of their entries.
    pub fn is_taken(&mut self, tx: &mut Session, source: &str, person: i64) -> Result<bool, RegistryError> {
        let Some(layouts) = self.layouts.get(source) else { return Ok(false) };
        let root = self.aliases.root(person);
        if let Some(known) = self.known.get(&(source.to_owned(), root)) {
            return Ok(*known);
        }
        let mut taken = false;
        for member in self.aliases.members(root) {
            for subject in std::iter::once(&member).chain(self.entries.get(&member).into_iter().flatten()) {
                for layout in layouts {
                    let params = [(*layout).into(), (*subject).into()];
                    taken = taken || !tx.query(include_str!("../../sql/link_taken.sql"), &params)?.is_empty();
                }
            }
        }
        self.known.insert((source.to_owned(), root), taken);
        Ok(taken)
    }
}
