//! Of whom a full list with one row a person speaks already: nobody is named by it twice.

use std::collections::{BTreeMap, BTreeSet};

use store::Session;

use super::alias::Aliases;
use super::rules::{RowsOf, Rules};
use crate::RegistryError;
use crate::ingest::layout;
use crate::sources::{Catalogue, Entity, Mode};

/// Questions to the database about one source before the whole of it is read.
const ONE_BY_ONE: usize = 200;
/// A source with more statements is asked about people one by one however many are in question.
const AT_MOST: i64 = 300_000;

/// Asks the database about the few who are in question, or reads who stands in a list when they are many.
pub(super) struct Taken<'t> {
    aliases: &'t Aliases,
    /// Sources that name each person once.
    sources: BTreeMap<String, Names>,
}

/// Whom one source names.
#[derive(Default)]
struct Names {
    layouts: Vec<i64>,
    /// Persons asked about, one by one, with the entries under which the source speaks of them.
    known: BTreeMap<i64, Vec<i64>>,
    is_large: bool,
    /// Every entry it speaks of.
    all: Option<BTreeSet<i64>>,
}

impl<'t> Taken<'t> {
    pub fn load(
        tx: &mut Session,
        catalogue: &Catalogue,
        rules: &Rules,
        aliases: &'t Aliases,
    ) -> Result<Self, RegistryError> {
        let mut sources: BTreeMap<String, Names> = BTreeMap::new();
        for layout in layout::all(tx)? {
            let names_once = catalogue.get(&layout.source).is_some_and(|source| {
                source.entity == Entity::Person && source.mode == Mode::Full && rules.rows_of(source) == RowsOf::One
            });
            if names_once {
                sources.entry(layout.source.clone()).or_default().layouts.push(layout.id);
            }
        }
        Ok(Self { aliases, sources })
    }

    /// Whether the source's list in force speaks of the person, under any of their entries, those of linked rows
    /// included; not counting `own`, the entries that the row itself had when its list came before.
    pub fn is_taken(
        &mut self,
        tx: &mut Session,
        source: &str,
        person: i64,
        own: &[i64],
    ) -> Result<bool, RegistryError> {
        let Some(names) = self.sources.get_mut(source) else { return Ok(false) };
        let root = self.aliases.root(person);
        let others = |entry: &i64| !own.contains(entry);
        names.read_all(tx)?;
        if let Some(all) = &names.all {
            return Ok(self.aliases.members(root).iter().any(|entry| all.contains(entry) && others(entry)));
        }
        if let Some(known) = names.known.get(&root) {
            return Ok(known.iter().any(others));
        }
        let mut taken = Vec::new();
        for entry in self.aliases.members(root) {
            for layout in &names.layouts {
                let params = [(*layout).into(), entry.into()];
                if !tx.query(include_str!("../../sql/link_taken.sql"), &params)?.is_empty() {
                    taken.push(entry);
                }
            }
        }
        let is_taken = taken.iter().any(others);
        names.known.insert(root, taken);
        Ok(is_taken)
    }
}

impl Names {
    /// Reads everyone the source names, once it has been asked about many and unless they are too many.
    fn read_all(&mut self, tx: &mut Session) -> Result<(), RegistryError> {
        if self.all.is_some() || self.is_large || self.known.len() < ONE_BY_ONE {
            return Ok(());
        }
        let mut all = BTreeSet::new();
        for layout in &self.layouts {
            let params = [(*layout).into(), AT_MOST.into()];
            if tx.query_one(include_str!("../../sql/link_taken_many.sql"), &params)?.int(0)? >= AT_MOST {
                self.is_large = true;
                return Ok(());
            }
            tx.query_each(include_str!("../../sql/link_taken_all.sql"), &[(*layout).into()], |row| {
                all.insert(row.int(0)?);
                Ok::<_, RegistryError>(())
            })?;
        }
        self.all = Some(all);
        Ok(())
    }
}
