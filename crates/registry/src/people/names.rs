//! Names in memory, for searching: built by opening sealed identities, never written anywhere.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{DivisionCode, PersonId};
use policy::column::Table;
use store::{Keys, Session};

use super::open_identity;
use super::pinyin::{initials, syllables};
use crate::RegistryError;
use crate::ingest::prepare::plain_name;
use crate::linking::{Aliases, nobody};
use crate::rows::SEPARATOR;

/// Everyone's name, pinyin, initials and the end of their ID number, sorted for prefix search.
#[derive(Default)]
pub struct NameIndex {
    people: Vec<Entry>,
    /// Text → place in `people`, sorted by text.
    keys: Vec<(Box<str>, u32)>,
    by_person: HashMap<PersonId, u32>,
    /// People who have several entries.
    merged: HashSet<PersonId>,
    /// What was searched for: one letter is the beginning of hundreds of thousands of names, and many type it.
    kept: Mutex<Kept>,
}

/// Places in `people` that an answer names, in person order.
pub type Places = Arc<Vec<u32>>;

#[derive(Default)]
struct Kept {
    answers: HashMap<(String, Vec<DivisionCode>), Places>,
    places: usize,
}

/// Places kept at most: 16 MiB.
const MOST_KEPT: usize = 1 << 22;

struct Entry {
    person: PersonId,
    /// Its name is the person's own, not that of a merged entry.
    own: bool,
    name: Box<str>,
    tail: Box<str>,
    division: Option<DivisionCode>,
}

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'n> {
    pub person: PersonId,
    pub name: &'n str,
    /// The last four characters of the ID number.
    pub last_four: &'n str,
    pub division: Option<DivisionCode>,
}

impl NameIndex {
    /// Opens every name once. `population` tells where people live, for scoped searches.
    ///
    /// # Errors
    /// Those of the database and the keys.
    pub fn build(session: &mut Session, keys: &Keys, population: Option<&Table>) -> Result<Self, RegistryError> {
        let mut people = Vec::new();
        let aliases = Aliases::of_persons(session)?;
        let nobody = nobody(session)?;
        session.query_each(include_str!("../../sql/person_identities.sql"), &[], |row| {
            let id = row.int(0)?;
            if nobody.contains(&id) {
                return Ok(());
            }
            let identity = open_identity(keys, id, row.blob(1)?)?;
            let mut parts = identity.split(SEPARATOR);
            let (number, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let tail = number.get(number.len().saturating_sub(4)..).unwrap_or("");
            // A merged entry is found under the person it is read as.
            let root = aliases.root(id);
            let division = population.and_then(|table| home(table, root));
            people.push(Entry {
                person: PersonId(root),
                own: root == id,
                name: name.into(),
                tail: tail.into(),
                division,
            });
            Ok::<_, RegistryError>(())
        })?;
        Ok(Self::of(people))
    }

    fn of(people: Vec<Entry>) -> Self {
        let mut keys: Vec<(Box<str>, u32)> = Vec::with_capacity(people.len() * 4);
        let mut by_person = HashMap::with_capacity(people.len());
        for (at, entry) in people.iter().enumerate() {
            let place = u32::try_from(at).expect("fewer than 2^32 people");
            if entry.own {
                by_person.insert(entry.person, place);
            }
            let name = plain_name(&entry.name);
            let mut add = |text: String| {
                if !text.is_empty() {
                    keys.push((text.into_boxed_str(), place));
                }
            };
            // A transliterated name is found by each of its parts, with the dots or without.
            for (start, _) in name.char_indices().filter(|(i, _)| *i == 0 || name[..*i].ends_with('·')) {
                let rest = &name[start..];
                let spoken = syllables(rest);
                add(rest.replace('·', "").to_lowercase());
                add(initials(&spoken));
                add(spoken.concat());
            }
            add(entry.tail.to_lowercase());
        }
        keys.sort_unstable();
        keys.dedup();
        let merged = people.iter().filter(|entry| !entry.own).map(|entry| entry.person).collect();
        Self { people, keys, by_person, merged, kept: Mutex::default() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Someone's name.
    #[must_use]
    pub fn name(&self, person: PersonId) -> Option<&str> {
        self.by_person.get(&person).map(|at| &*self.people[*at as usize].name)
    }

    /// Someone's place, as a search would tell it.
    #[must_use]
    pub fn place_of(&self, person: PersonId) -> Option<u32> {
        self.by_person.get(&person).copied()
    }

    /// Places of the people whose name, pinyin, initials or last four characters begin with `text`, in person order.
    /// `scope` empty: everywhere; else only who lives in one of the divisions.
    #[must_use]
    pub fn search(&self, text: &str, scope: &[DivisionCode]) -> Places {
        let wanted = plain_name(text).replace('·', "").to_lowercase();
        if wanted.is_empty() {
            return Places::default();
        }
        let question = (wanted, scope.to_vec());
        if let Some(known) = self.kept().answers.get(&question) {
            return Arc::clone(known);
        }
        let places = Arc::new(self.places(&question.0, scope));
        let mut kept = self.kept();
        if kept.places + places.len() > MOST_KEPT {
            *kept = Kept::default();
        }
        if kept.answers.insert(question, Arc::clone(&places)).is_none() {
            kept.places += places.len() + 1;
        }
        places
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn places(&self, wanted: &str, scope: &[DivisionCode]) -> Vec<u32> {
        let start = self.keys.partition_point(|(key, _)| **key < *wanted);
        let hits = self.keys[start..].partition_point(|(key, _)| key.starts_with(wanted));
        let inside = |at: &u32| {
            let division = self.people[*at as usize].division;
            scope.is_empty() || division.is_some_and(|d| scope.iter().any(|s| s.contains(d)))
        };
        let mut places: Vec<u32> = self.keys[start..start + hits].iter().map(|(_, at)| *at).filter(inside).collect();
        places.sort_unstable();
        places.dedup();
        let mut seen = HashSet::new();
        places.retain(|at| {
            let person = self.people[*at as usize].person;
            !self.merged.contains(&person) || seen.insert(person)
        });
        places
    }

    /// Who stands at a place of a search.
    ///
    /// # Panics
    /// When the place is of another index.
    #[must_use]
    pub fn found(&self, at: u32) -> Found<'_> {
        let entry = &self.people[at as usize];
        Found { person: entry.person, name: &entry.name, last_four: &entry.tail, division: entry.division }
    }
}

fn home(table: &Table, id: i64) -> Option<DivisionCode> {
    let row = table.row_of(id)?;
    let read = |key: &str| table.column(key).and_then(|c| c.text(row)).and_then(|text| text.parse().ok());
    read("residence_division").or_else(|| read("hukou_division"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> NameIndex {
        let entry = |id, name: &str, tail: &str, home: &str| Entry {
            person: PersonId(id),
            own: true,
            name: name.into(),
            tail: tail.into(),
            division: home.parse().ok(),
        };
        NameIndex::of(vec![
            entry(1, "周桂兰", "0028", "653001100201"),
            entry(2, "阿不都热合曼·买买提", "281X", "653022100201"),
            entry(3, "周贵", "1235", "653022100201"),
        ])
    }

    fn ids(index: &NameIndex, text: &str, scope: &[DivisionCode]) -> Vec<i64> {
        let twice = [index.search(text, scope), index.search(text, scope)];
        assert_eq!(twice[0], twice[1], "what is kept is what was found");
        twice[0].iter().map(|at| index.found(*at).person.0).collect()
    }

    #[test]
    fn names_are_found_as_people_type_them() {
        let index = index();
        for (typed, wanted) in [
            ("周", vec![1, 3]),
            ("周桂", vec![1]),
            ("zhougui", vec![1, 3]),
            ("zgl", vec![1]),
            ("阿不都热合曼买买提", vec![2]),
            ("阿不都热合曼•买", vec![2]),
            ("买买提", vec![2]),
            ("maimaiti", vec![2]),
            ("281x", vec![2]),
            ("兰", vec![]),
            ("·", vec![]),
        ] {
            assert_eq!(ids(&index, typed, &[]), wanted, "{typed}");
        }
    }

    #[test]
    fn searches_stay_in_their_divisions() {
        let index = index();
        assert_eq!(ids(&index, "周", &["653022".parse().unwrap()]), [3]);
        assert_eq!(ids(&index, "周", &[]), [1, 3]);
        assert_eq!(index.name(PersonId(3)), Some("周贵"));
    }
}
