//! Visits: the last of each kind as facts of the person, and the recent ones as a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::PersonId;
use policy::column::{Bits, Column, ColumnBuilder, ColumnData, Table};
use policy::model::{Dictionary, Fact};
use policy::value::{ValueType, days_of};
use store::Session;

use super::Moment;
use super::known::Known;
use super::source_table::{Rows, days};
use crate::RegistryError;

/// Every visit up to a day that counts by the lists of a moment, in the order of their numbers: read once for all days of
/// a night.
#[derive(Clone, Debug)]
pub struct Visits {
    moment: Moment,
    all: Vec<Visit>,
    /// Kinds and visitors.
    words: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug)]
struct Visit {
    id: i64,
    person: i64,
    /// Since 1970-01-01.
    day: i32,
    /// By their places among the words.
    kind: u32,
    by: u32,
}

/// A visit and the row of its person.
type OfPerson<'v> = (&'v Visit, usize);

impl Visits {
    pub(super) fn read(session: &mut Session, known: &Known, moment: &Moment) -> Result<Self, RegistryError> {
        let mut all = Vec::new();
        let mut words = Words::default();
        session.query_each(include_str!("../../sql/visit_until.sql"), &[moment.as_of.into()], |row| {
            let taken_back = row.opt_int(6)?.is_some_and(|list| known.lists.contains_key(&list));
            if !taken_back && known.lists.contains_key(&row.int(5)?) {
                let day = days(row.text(3)?).unwrap_or(i32::MIN);
                let (kind, by) = (words.place(row.text(2)?), words.place(row.text(4)?));
                all.push(Visit { id: row.int(0)?, person: row.int(1)?, day, kind, by });
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(Self { moment: *moment, all, words: words.all })
    }

    /// Whether what counts on that day is among them: of the same lists, and not later.
    pub(super) fn hold(&self, moment: &Moment) -> bool {
        let lists = |moment: &Moment| (moment.last_list, moment.known_at);
        moment.last_list.is_some() && lists(moment) == lists(&self.moment) && moment.as_of <= self.moment.as_of
    }

    /// The columns of facts taken from visits up to the moment's day, and the recent ones as a table.
    pub(super) fn columns(
        &self,
        dictionary: &Dictionary,
        rows: &Rows,
        moment: &Moment,
    ) -> (BTreeMap<String, Column>, Table) {
        let (since, until) = (days_of(moment.visits_since()), days_of(moment.as_of));
        let facts: Vec<(&Fact, bool)> = dictionary
            .of("person")
            .filter_map(|fact| fact.from_events.as_ref().map(|events| (fact, events.take != "first")))
            .collect();
        let tells = |fact: &Fact, kind: &str| {
            fact.from_events.as_ref().is_some_and(|events| events.kinds.iter().any(|told| told == kind))
        };
        let told: Vec<Vec<usize>> =
            self.words.iter().map(|word| (0..facts.len()).filter(|at| tells(facts[*at].0, word)).collect()).collect();
        let mut found: Vec<Vec<i32>> = facts.iter().map(|_| vec![i32::MIN; rows.ids.len()]).collect();
        let mut recent: Vec<OfPerson<'_>> = Vec::new();
        // Visits that rows of merged or linked entries report: the same one may stand under the person already.
        let mut of_others: BTreeSet<i64> = BTreeSet::new();
        for visit in self.all.iter().filter(|visit| visit.day <= until) {
            let Some(at) = rows.row(visit.person) else { continue };
            for fact in &told[visit.kind as usize] {
                let (slot, last) = (&mut found[*fact][at], facts[*fact].1);
                if *slot == i32::MIN || if last { visit.day > *slot } else { visit.day < *slot } {
                    *slot = visit.day;
                }
            }
            if visit.day >= since {
                if rows.ids[at] != visit.person {
                    of_others.insert(visit.id);
                }
                recent.push((visit, at));
            }
        }
        count_once(&mut recent, &of_others);
        let of_people = facts.iter().zip(found).map(|((fact, _), mut days)| {
            let known = Bits::from_bools(days.iter().map(|day| *day != i32::MIN));
            days.iter_mut().filter(|day| **day == i32::MIN).for_each(|day| *day = 0);
            (fact.key.clone(), column(ValueType::Date, ColumnData::Date(days), Some(known)))
        });
        (of_people.collect(), self.table(dictionary, rows, &recent))
    }

    fn table(&self, dictionary: &Dictionary, rows: &Rows, visits: &[OfPerson<'_>]) -> Table {
        let person = |at: usize| PersonId(rows.ids[at]).to_string().into();
        let word = |at: usize| Arc::clone(&self.words[at]);
        let columns = dictionary.of("visit").map(|fact| {
            let made = match (fact.key.as_str(), fact.value_type) {
                ("person_id", ValueType::Text) => texts(visits.iter().map(|(_, at)| Some(*at)), rows.ids.len(), person),
                ("kind", ValueType::Text) => {
                    texts(visits.iter().map(|(visit, _)| Some(visit.kind as usize)), self.words.len(), word)
                }
                ("by", ValueType::Text) => {
                    let by = |visit: &Visit| Some(visit.by as usize).filter(|by| !self.words[*by].is_empty());
                    texts(visits.iter().map(|(visit, _)| by(visit)), self.words.len(), word)
                }
                ("on", ValueType::Date) => {
                    let days = visits.iter().map(|(visit, _)| visit.day).collect();
                    column(ValueType::Date, ColumnData::Date(days), None)
                }
                (_, ty) => {
                    let mut unknown = ColumnBuilder::new(ty);
                    unknown.resize(visits.len());
                    unknown.finish()
                }
            };
            (fact.key.clone(), made)
        });
        let ids = visits.iter().map(|(visit, _)| visit.id).collect();
        Table::new("visit", ids, columns.collect()).expect("every column has the table's rows")
    }
}

fn column(ty: ValueType, data: ColumnData, known: Option<Bits>) -> Column {
    Column::new(ty, data, known).expect("lanes were made for the type")
}

/// A column of texts that lie at so many places, of which each is made once; none: not known.
fn texts(places: impl Iterator<Item = Option<usize>> + Clone, all: usize, text: impl Fn(usize) -> Arc<str>) -> Column {
    let (mut code_of, mut dictionary) = (vec![u32::MAX; all], Vec::new());
    let known = Bits::from_bools(places.clone().map(|place| place.is_some()));
    let codes = places.map(|place| {
        let Some(place) = place else { return 0 };
        if code_of[place] == u32::MAX {
            code_of[place] = u32::try_from(dictionary.len()).expect("fewer than 2^32 different texts");
            dictionary.push(text(place));
        }
        code_of[place]
    });
    let codes = codes.collect();
    column(ValueType::Text, ColumnData::Text { dictionary: dictionary.into(), codes }, Some(known))
}

/// Texts that come again and again.
#[derive(Default)]
struct Words {
    all: Vec<Arc<str>>,
    place_of: HashMap<Arc<str>, u32>,
}

impl Words {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.place_of.get(text) {
            return *place;
        }
        let place = u32::try_from(self.all.len()).expect("fewer than 2^32 kinds and visitors");
        let word: Arc<str> = text.into();
        self.all.push(Arc::clone(&word));
        self.place_of.insert(word, place);
        place
    }
}

/// One visit of a person, though two of their entries report it.
fn count_once(visits: &mut Vec<OfPerson<'_>>, of_others: &BTreeSet<i64>) {
    if of_others.is_empty() {
        return;
    }
    let people: BTreeSet<usize> = visits.iter().filter(|(v, _)| of_others.contains(&v.id)).map(|(_, p)| *p).collect();
    let mut seen = BTreeSet::new();
    let mut again = BTreeSet::new();
    let theirs = visits.iter().filter(|(_, person)| people.contains(person));
    let (others, own): (Vec<_>, Vec<_>) = theirs.partition(|(visit, _)| of_others.contains(&visit.id));
    for (visit, person) in own.into_iter().chain(others) {
        if !seen.insert((person, visit.kind, visit.day)) && of_others.contains(&visit.id) {
            again.insert(visit.id);
        }
    }
    visits.retain(|(visit, _)| !again.contains(&visit.id));
}
