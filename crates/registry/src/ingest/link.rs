//! Who is who during a night: people by the blind index of their ID number, things by their key.

use std::collections::{BTreeMap, HashMap};
use std::hash::RandomState;
use std::sync::mpsc::sync_channel;
use std::thread;

use foldhash::fast::RandomState as Fold;
use kernel::DivisionCode;
use store::{Keys, Session};

use super::layout::{self, Layout};
use super::prepare::{Blind, name_hash};
use crate::RegistryError;
use crate::linking::many_at_once;
use crate::people;
use crate::rows::SEPARATOR;
use crate::sources::{Catalogue, Entity, ScopeBy, Source};

/// Everyone and everything known, held over the lists of one night.
pub(crate) struct LinkIndex {
    person_of: HashMap<Blind, i64, Fold>,
    /// By person id.
    digests: Vec<Blind>,
    /// Hashes of names within this process, by person id; 0: not known.
    names: Vec<u64>,
    pub names_complete: bool,
    /// Residence and hukou, by person id.
    homes: Vec<Homes>,
    /// Identities that tonight's lists brought, for linking.
    brought: HashMap<i64, Box<str>>,
    /// Entries of linked rows, below zero, and the person each is read as.
    linked: HashMap<i64, i64>,
    things: BTreeMap<String, HashMap<String, i64>>,
}

/// Identities kept at hand: some 60 MB.
const MOST_BROUGHT: usize = 1 << 19;

/// People handed over at once.
const AT_ONCE: usize = 2048;

/// Where fewer than one name in so many is unknown, only these are read.
const FEW_NAMES: usize = 16;

#[derive(Clone, Copy, Default)]
struct Homes {
    residence: Option<DivisionCode>,
    hukou: Option<DivisionCode>,
}

/// Where a layout's statements say where someone lives.
#[derive(Clone, Copy)]
pub(crate) struct HomeAt {
    residence: Option<usize>,
    hukou: Option<usize>,
}

impl HomeAt {
    pub fn of(layout: &Layout) -> Self {
        let place = |key: &str| layout.plain.iter().position(|plain| plain == key);
        Self { residence: place("residence_division"), hukou: place("hukou_division") }
    }
}

impl LinkIndex {
    pub fn load(session: &mut Session, catalogue: &Catalogue) -> Result<Self, RegistryError> {
        let mut index = Self::load_people(session)?;
        for layout in layout::all(session)? {
            if catalogue.get(&layout.source).is_some_and(says_where) {
                index.load_homes(session, &layout)?;
            }
        }
        Ok(index)
    }

    /// The same for a list that is about to read all that its source said before: where that is the one source that says
    /// where people live, their homes come with it.
    pub fn load_before(
        session: &mut Session,
        catalogue: &Catalogue,
        source: &Source,
    ) -> Result<(Self, bool), RegistryError> {
        let mut others = catalogue.sources().iter().filter(|other| says_where(other) && other.id != source.id);
        if !says_where(source) || others.next().is_some() {
            return Ok((Self::load(session, catalogue)?, false));
        }
        Ok((Self::load_people(session)?, true))
    }

    fn load_people(session: &mut Session) -> Result<Self, RegistryError> {
        let mut index = Self {
            person_of: HashMap::default(),
            digests: Vec::new(),
            names: Vec::new(),
            names_complete: false,
            homes: Vec::new(),
            brought: HashMap::new(),
            linked: HashMap::new(),
            things: BTreeMap::new(),
        };
        for row in session.query(include_str!("../../sql/row_link_all.sql"), &[])? {
            if row.opt_text(3)?.is_none() {
                index.linked.insert(-row.int(0)?, row.int(1)?);
            }
        }
        let people = session.query_one(include_str!("../../sql/person_last.sql"), &[])?.int(0)?;
        index.make_room(place(people) + 1);
        // Entered beside: reading them is half of it.
        thread::scope(|scope| {
            let (read, enter) = sync_channel::<Vec<(i64, Blind, Blind)>>(4);
            let index = &mut index;
            scope.spawn(move || {
                enter.into_iter().flatten().for_each(|(id, blind, digest)| index.add_person(id, blind, digest, 0));
            });
            let mut some = Vec::with_capacity(AT_ONCE);
            session.query_each(include_str!("../../sql/person_index.sql"), &[], |row| {
                some.push((row.int(0)?, read_blind(row.blob(1)?)?, read_blind(row.blob(2)?)?));
                if some.len() == AT_ONCE {
                    // Whoever enters them leaves by a panic alone, which the scope passes on.
                    let _ = read.send(std::mem::replace(&mut some, Vec::with_capacity(AT_ONCE)));
                }
                Ok::<_, RegistryError>(())
            })?;
            let _ = read.send(some);
            Ok::<_, RegistryError>(())
        })?;
        Ok(index)
    }

    /// For people up to a place.
    fn make_room(&mut self, places: usize) {
        self.person_of.reserve(places);
        self.digests.reserve(places);
        self.names.reserve(places);
        self.homes.reserve(places);
    }

    fn load_homes(&mut self, session: &mut Session, layout: &Layout) -> Result<(), RegistryError> {
        let sql = include_str!("../../sql/statement_current.sql");
        let home_at = HomeAt::of(layout);
        session.query_each(sql, &[layout.id.into()], |row| {
            self.move_person(row.int(1)?, home_at, row.text(3)?);
            Ok::<_, RegistryError>(())
        })
    }

    pub fn person(&self, blind: &Blind) -> Option<i64> {
        self.person_of.get(blind).copied()
    }

    pub fn digest(&self, person: i64) -> Option<&Blind> {
        self.digests.get(place(person))
    }

    pub fn add_person(&mut self, id: i64, blind: Blind, digest: Blind, name: u64) {
        let at = place(id);
        if self.digests.len() <= at {
            self.digests.resize(at + 1, [0; store::keys::BLIND]);
            self.names.resize(at + 1, 0);
            self.homes.resize(at + 1, Homes::default());
        }
        self.digests[at] = digest;
        self.names[at] = name;
        self.person_of.insert(blind, id);
    }

    /// A row was linked: what its entry says is said of the person.
    pub fn link(&mut self, entry: i64, person: i64) {
        self.linked.insert(entry, person);
    }

    /// The person of whom an entry speaks: itself, or whom its row was linked to; none when that was taken back.
    pub fn person_of(&self, entry: i64) -> Option<i64> {
        if entry < 0 { self.linked.get(&entry).copied() } else { Some(entry) }
    }

    fn place_of(&self, entry: i64) -> usize {
        self.person_of(entry).map_or(usize::MAX, place)
    }

    /// Keeps an identity at hand, while they are not too many.
    pub fn bring(&mut self, id: i64, identity: &str) {
        if self.brought.len() < MOST_BROUGHT {
            self.brought.insert(id, identity.into());
        } else {
            self.brought.remove(&id);
        }
    }

    /// The identity that tonight's lists gave a person, if it is at hand.
    pub fn brought(&self, id: i64) -> Option<&str> {
        self.brought.get(&id).map(AsRef::as_ref)
    }

    /// The id the next person gets: they count up from 1 without a gap.
    pub fn next_person(&self) -> i64 {
        i64::try_from(self.digests.len().max(1)).unwrap_or(i64::MAX)
    }

    pub fn rename_person(&mut self, id: i64, digest: Blind, name: u64) {
        self.digests[place(id)] = digest;
        self.names[place(id)] = name;
    }

    /// Takes a person's divisions from a statement of the population.
    pub fn move_person(&mut self, id: i64, home_at: HomeAt, payload: &str) {
        let value = |at: Option<usize>| at.and_then(|at| layout::values(payload).nth(at)?.parse().ok());
        let homes = Homes { residence: value(home_at.residence), hukou: value(home_at.hukou) };
        let at = self.place_of(id);
        if let Some(slot) = self.homes.get_mut(at) {
            *slot = homes;
        }
    }

    /// The same as its row said it.
    pub fn settle_person(&mut self, id: i64, (residence, hukou): (Option<DivisionCode>, Option<DivisionCode>)) {
        if let Some(slot) = self.homes.get_mut(place(id)) {
            *slot = Homes { residence, hukou };
        }
    }

    /// A person whom the population no longer names.
    pub fn leave(&mut self, id: i64) {
        let at = self.place_of(id);
        if let Some(slot) = self.homes.get_mut(at) {
            *slot = Homes::default();
        }
    }

    /// The division that puts a person in or out of a list's scope.
    pub fn division(&self, person: i64, by: ScopeBy) -> Option<DivisionCode> {
        let homes = self.homes.get(self.place_of(person)).copied().unwrap_or_default();
        match by {
            ScopeBy::Hukou => homes.hukou.or(homes.residence),
            ScopeBy::Residence | ScopeBy::Division | ScopeBy::None => homes.residence.or(homes.hukou),
        }
    }

    /// Whether a list writes a person's name as the registry does; true when either has none.
    pub fn same_name(&self, person: i64, name: u64) -> bool {
        let known = self.names.get(self.place_of(person)).copied().unwrap_or(0);
        name == 0 || known == 0 || known == name
    }

    /// The hash of a person's name within this process; 0: not known.
    pub fn name(&self, person: i64) -> u64 {
        self.names.get(place(person)).copied().unwrap_or(0)
    }

    /// Opens the names of people who came in earlier nights, once.
    pub fn complete_names(
        &mut self,
        session: &mut Session,
        keys: &Keys,
        hasher: &RandomState,
    ) -> Result<(), RegistryError> {
        if self.names_complete {
            return Ok(());
        }
        let unknown: Vec<i64> = (1..self.next_person()).filter(|person| self.names[place(*person)] == 0).collect();
        if unknown.len() < self.names.len() / FEW_NAMES {
            self.complete_names_of(session, (keys, hasher), &unknown)?;
            self.names_complete = true;
            return Ok(());
        }
        session.query_each(include_str!("../../sql/person_identities.sql"), &[], |row| {
            let id = row.int(0)?;
            if let Some(slot) = self.names.get_mut(place(id)).filter(|slot| **slot == 0) {
                let identity = people::open_identity(keys, id, row.blob(1)?)?;
                let name = identity.split(SEPARATOR).nth(1).unwrap_or("");
                *slot = name_hash(hasher, name);
            }
            Ok::<_, RegistryError>(())
        })?;
        self.names_complete = true;
        Ok(())
    }

    /// The same of some people.
    pub fn complete_names_of(
        &mut self,
        session: &mut Session,
        (keys, hasher): (&Keys, &RandomState),
        persons: &[i64],
    ) -> Result<(), RegistryError> {
        let unknown = |person: &i64| self.names.get(place(*person)).is_some_and(|name| *name == 0);
        let unknown: Vec<i64> = persons.iter().copied().filter(unknown).collect();
        for some in many_at_once(&unknown) {
            session.query_each(include_str!("../../sql/person_identities_of.sql"), &some, |row| {
                let id = row.int(0)?;
                if let Some(slot) = self.names.get_mut(place(id)) {
                    let identity = people::open_identity(keys, id, row.blob(1)?)?;
                    *slot = name_hash(hasher, identity.split(SEPARATOR).nth(1).unwrap_or(""));
                }
                Ok::<_, RegistryError>(())
            })?;
        }
        Ok(())
    }

    /// Reads the things of a source's entity, once.
    pub fn load_things(&mut self, session: &mut Session, source: &Source) -> Result<(), RegistryError> {
        let entity = source.entity.name();
        if !self.things.contains_key(entity) {
            let mut known = HashMap::new();
            session.query_each(include_str!("../../sql/thing_list.sql"), &[entity.into()], |row| {
                known.insert(row.text(1)?.to_owned(), row.int(0)?);
                Ok::<_, RegistryError>(())
            })?;
            self.things.insert(entity.to_owned(), known);
        }
        Ok(())
    }

    /// The things of a source's entity by key, as loaded and added to.
    pub fn things(&mut self, source: &Source) -> &mut HashMap<String, i64> {
        self.things.entry(source.entity.name().to_owned()).or_default()
    }
}

/// Whether a source says who lives where.
fn says_where(source: &Source) -> bool {
    source.creates && source.entity == Entity::Person
}

pub(crate) fn read_blind(blob: &[u8]) -> Result<Blind, RegistryError> {
    blob.try_into().map_err(|_| RegistryError::Damaged { table: "person", cause: "a blind index of another length" })
}

fn place(person: i64) -> usize {
    usize::try_from(person).unwrap_or(usize::MAX)
}
