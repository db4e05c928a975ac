//! Of whom a full list with one row a person speaks already: nobody is named by it twice.

use std::collections::{BTreeMap, BTreeSet};

use store::Session;

use super::alias::Aliases;
use super::many::many_at_once;
use super::rules::{RowsOf, Rules};
use crate::RegistryError;
use crate::ingest::layout;
use crate::sources::{Catalogue, Entity, Mode};

/// Questions to the database about one person each before all of them are asked together, or the whole source is read.
const ONE_BY_ONE: usize = 200;
/// When more people than these are in question, in all the rounds of a night, the whole source is read.
const TOGETHER: usize = 1 << 12;
/// A source with more statements is never read as a whole.
const AT_MOST: i64 = 300_000;

/// Asks the database about the few who are in question, or reads who stands in a list when they are many.
pub(super) struct Taken<'t> {
    aliases: &'t Aliases,
    /// Sources that name each person once.
    sources: BTreeMap<String, Names>,
    read: Read,
    /// Statements that a waiting row keeps open. They are not the list's word on the person: that row may be theirs.
    kept_open: BTreeSet<i64>,
}

/// What is known from one round of linking to the next.
#[derive(Default)]
pub(super) struct Read {
    /// Registered people of whom layouts speak, ascending, once they were read: linking takes none of them away, for what
    /// linked rows say lies with entries of their own. Whom it adds is read again.
    people: BTreeMap<i64, Vec<i64>>,
    /// About how many people each source was asked together.
    together: BTreeMap<String, usize>,
    /// Whether sources have more statements than are read as a whole, once they were counted: linking adds few.
    are_large: BTreeMap<String, bool>,
}

/// Whom one source names.
#[derive(Default)]
struct Names {
    layouts: Vec<i64>,
    /// Persons asked about, with the entries under which the source speaks of them.
    known: BTreeMap<i64, Vec<i64>>,
    /// How many of them alone.
    alone: usize,
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
        let mut kept_open = BTreeSet::new();
        tx.query_each(include_str!("../../sql/held_row_keeping.sql"), &[], |row| {
            kept_open.insert(row.int(0)?);
            Ok::<_, RegistryError>(())
        })?;
        Ok(Self { aliases, sources, read, kept_open })
    }

    /// What was read, for the next who asks after rows were linked.
    pub fn into_read(self) -> Read {
        self.read
    }

    /// Asks together about people who will be asked about, where they are neither few nor so many that the whole source is
    /// read instead.
    pub fn look_up(
        &mut self,
        tx: &mut Session,
        source: &str,
        people: impl Iterator<Item = i64>,
    ) -> Result<(), RegistryError> {
        let Some(names) = self.sources.get_mut(source) else { return Ok(()) };
        let people: BTreeSet<i64> = people.map(|person| self.aliases.root(person)).collect();
        let people: Vec<i64> = people.into_iter().filter(|person| !names.known.contains_key(person)).collect();
        if names.linked.is_some() || people.len() < ONE_BY_ONE {
            return Ok(());
        }
        if !names.is_large(tx, (source, &mut self.read))? {
            let together = self.read.together.entry(source.to_owned()).or_default();
            *together += people.len();
            if *together > TOGETHER {
                return names.read_all(tx, &mut self.read);
            }
        }
        let entries: Vec<i64> = people.iter().flat_map(|person| self.aliases.members(*person)).collect();
        let mut named = BTreeSet::new();
        for layout in &names.layouts {
            for mut params in many_at_once(&entries) {
                params.insert(0, (*layout).into());
                tx.query_each(include_str!("../../sql/statement_current_some.sql"), &params, |row| {
                    if !self.kept_open.contains(&row.int(0)?) {
                        named.insert(row.int(1)?);
                    }
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
        if let Some(known) = names.known.get(&root) {
            return Ok(known.iter().any(others));
        }
        if names.alone >= ONE_BY_ONE && names.linked.is_none() && !names.is_large(tx, (source, &mut self.read))? {
            names.read_all(tx, &mut self.read)?;
        }
        if let Some(linked) = &names.linked {
            let speaks_of = |entry: &i64| linked.contains(entry) || self.read.names(&names.layouts, *entry);
            return Ok(self.aliases.members(root).iter().any(|entry| speaks_of(entry) && others(entry)));
        }
        let mut taken = Vec::new();
        for entry in self.aliases.members(root) {
            for layout in &names.layouts {
                let params = [(*layout).into(), entry.into()];
                let statements = tx.query(include_str!("../../sql/link_taken.sql"), &params)?;
                let is_kept = |row: &store::Row<'_>| row.int(0).is_ok_and(|id| self.kept_open.contains(&id));
                if !statements.iter().all(is_kept) {
                    taken.push(entry);
                }
            }
        }
        let is_taken = taken.iter().any(others);
        names.known.insert(root, taken);
        names.alone += 1;
        Ok(is_taken)
    }
}

impl Read {
    fn names(&self, layouts: &[i64], entry: i64) -> bool {
        layouts.iter().filter_map(|layout| self.people.get(layout)).any(|people| people.binary_search(&entry).is_ok())
    }
}

impl Names {
    /// Reads everyone the source names.
    fn read_all(&mut self, tx: &mut Session, read: &mut Read) -> Result<(), RegistryError> {
        let mut linked = BTreeSet::new();
        for layout in &self.layouts {
            let again = read.people.contains_key(layout);
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
            read.people.entry(*layout).or_insert_with(|| {
                people.sort_unstable();
                people
            });
        }
        self.linked = Some(linked);
        Ok(())
    }

    fn is_large(&self, tx: &mut Session, (source, read): (&str, &mut Read)) -> Result<bool, RegistryError> {
        if let Some(is_large) = read.are_large.get(source) {
            return Ok(*is_large);
        }
        let mut is_large = false;
        for layout in &self.layouts {
            let params = [(*layout).into(), AT_MOST.into()];
            is_large |= tx.query_one(include_str!("../../sql/link_taken_many.sql"), &params)?.int(0)? >= AT_MOST;
        }
        read.are_large.insert(source.to_owned(), is_large);
        Ok(is_large)
    }
}
