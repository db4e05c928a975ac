//! Visits: the last of each kind as facts of the person, and the recent ones as a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::Arc;

use kernel::PersonId;
use policy::column::{Column, ColumnBuilder, Table, TableBuilder};
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

/// A visit and the person whose row it stands in.
type OfPerson<'v> = (&'v Visit, i64);

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
                recent.push((visit, rows.ids[at]));
            }
        }
        count_once(&mut recent, &of_others);
        let mut of_people = BTreeMap::new();
        for ((fact, _), days) in facts.iter().zip(found) {
            let mut column = ColumnBuilder::new(ValueType::Date);
            column.resize(days.len());
            for (row, day) in days.into_iter().enumerate().filter(|(_, day)| *day != i32::MIN) {
                column.set_days(row, day).expect("a date column");
            }
            of_people.insert(fact.key.clone(), column.finish());
        }
        (of_people, self.table(dictionary, &recent))
    }

    fn table(&self, dictionary: &Dictionary, visits: &[OfPerson<'_>]) -> Table {
        let columns: Vec<(String, ValueType)> = dictionary.of("visit").map(|f| (f.key.clone(), f.value_type)).collect();
        let mut builder = TableBuilder::with_ids("visit", columns, visits.iter().map(|(visit, _)| visit.id).collect());
        let [person_id, kind, on, by] = ["person_id", "kind", "on", "by"].map(|key| builder.field(key));
        let mut put = |field: Option<usize>, set: &mut dyn FnMut(&mut ColumnBuilder, usize, OfPerson<'_>)| {
            if let Some(field) = field {
                let column = builder.column_mut(field);
                visits.iter().enumerate().for_each(|(row, visit)| set(column, row, *visit));
            }
        };
        const TYPED: &str = "the visit table's columns have these types";
        let mut text = String::new();
        put(person_id, &mut |column, row, (_, person)| {
            text.clear();
            write!(text, "{}", PersonId(person)).expect("a text takes any text");
            column.set_text(row, &text).expect(TYPED);
        });
        put(kind, &mut |column, row, (visit, _)| column.set_text(row, self.word(visit.kind)).expect(TYPED));
        put(on, &mut |column, row, (visit, _)| column.set_days(row, visit.day).expect(TYPED));
        put(by, &mut |column, row, (visit, _)| {
            let by = self.word(visit.by);
            if !by.is_empty() {
                column.set_text(row, by).expect(TYPED);
            }
        });
        builder.finish()
    }

    fn word(&self, place: u32) -> &str {
        &self.words[place as usize]
    }
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
    let people: BTreeSet<i64> = visits.iter().filter(|(v, _)| of_others.contains(&v.id)).map(|(_, p)| *p).collect();
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
