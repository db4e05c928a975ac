//! Of whom a full list with one row a person speaks already: nobody is named by it twice.

use std::collections::{BTreeMap, BTreeSet};

use store::Session;

use super::alias::Aliases;
use super::many::at_once;
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
    read: Read,
}

/// Registered people of whom layouts speak, ascending, once they were read: linking takes none of them away, for what
/// linked rows say lies with entries of their own. Whom it adds is read again.
#[derive(Default)]
pub(super) struct Read(BTreeMap<i64, Vec<i64>>);

/// Whom one source names.
#[derive(Default)]
struct Names {
    layouts: Vec<i64>,
    /// Persons asked about, with the entries under which the source speaks of them.
    known: BTreeMap<i64, Vec<i64>>,
    /// Once that was counted.
    is_large: Option<bool>,
    /// Entries of linked rows of which it speaks, and whom linking may have added, once everyone it names is read.
    linked: Option<BTreeSet<i64>>,
}

impl<'t> Taken<'t> {
    pub fn load(
        tx: &mut Session,
        (catalogue, rules): (&Catalogue, &Rules),
        aliases: &'t Aliases,
        read: Read,
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
        Ok(Self { aliases, sources, read })
    }

    /// What was read, for the next who asks after rows were linked.
    pub fn into_read(self) -> Read {
        self.read
    }

    /// Asks at once about people who will be asked about, where a source names so many that they would be asked about
    /// one by one.
    pub fn look_up(
        &mut self,
        tx: &mut Session,
        source: &str,
        people: impl Iterator<Item = i64>,
    ) -> Result<(), RegistryError> {
        let Some(names) = self.sources.get_mut(source) else { return Ok(()) };
        let people: BTreeSet<i64> = people.map(|person| self.aliases.root(person)).collect();
        let people: Vec<i64> = people.into_iter().filter(|person| !names.known.contains_key(person)).collect();
        if people.len() < ONE_BY_ONE || !names.is_large(tx)? {
            return Ok(());
        }
        let entries: Vec<i64> = people.iter().flat_map(|person| self.aliases.members(*person)).collect();
        let mut named = BTreeSet::new();
        for layout in &names.layouts {
            for mut params in at_once(&entries) {
                params.insert(0, (*layout).into());
                tx.query_each(include_str!("../../sql/link_taken_some.sql"), &params, |row| {
                    named.insert(row.int(0)?);
                    Ok::<_, RegistryError>(())
                })?;
            }
        }
        for person in people {
            let mut entries = self.aliases.members(person);
            entries.retain(|entry| named.contains(entry));
            names.known.insert(person, entries);
        }
        Ok(())
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
        names.read_all(tx, &mut self.read)?;
        if let Some(linked) = &names.linked {
            let speaks_of = |entry: &i64| linked.contains(entry) || self.read.names(&names.layouts, *entry);
            return Ok(self.aliases.members(root).iter().any(|entry| speaks_of(entry) && others(entry)));
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

impl Read {
    fn names(&self, layouts: &[i64], entry: i64) -> bool {
        layouts.iter().filter_map(|layout| self.0.get(layout)).any(|people| people.binary_search(&entry).is_ok())
    }
}

impl Names {
    /// Reads everyone the source names, once it has been asked about many and unless they are too many.
    fn read_all(&mut self, tx: &mut Session, read: &mut Read) -> Result<(), RegistryError> {
        if self.linked.is_some() || self.known.len() < ONE_BY_ONE || self.is_large(tx)? {
            return Ok(());
        }
        let mut linked = BTreeSet::new();
        for layout in &self.layouts {
            let again = read.0.contains_key(layout);
            let sql = if again {
                include_str!("../../sql/link_taken_linked.sql")
            } else {
                include_str!("../../sql/link_taken_all.sql")
            };
            let mut people = Vec::new();
            tx.query_each(sql, &[(*layout).into()], |row| {
                match row.int(0)? {
                    person if person > 0 && !again => people.push(person),
                    entry => drop(linked.insert(entry)),
                }
                Ok::<_, RegistryError>(())
            })?;
            read.0.entry(*layout).or_insert_with(|| {
                people.sort_unstable();
                people
            });
        }
        self.linked = Some(linked);
        Ok(())
    }

    fn is_large(&mut self, tx: &mut Session) -> Result<bool, RegistryError> {
        if let Some(is_large) = self.is_large {
            return Ok(is_large);
        }
        let mut is_large = false;
        for layout in &self.layouts {
            let params = [(*layout).into(), AT_MOST.into()];
            is_large |= tx.query_one(include_str!("../../sql/link_taken_many.sql"), &params)?.int(0)? >= AT_MOST;
        }
        self.is_large = Some(is_large);
        Ok(is_large)
    }
}
