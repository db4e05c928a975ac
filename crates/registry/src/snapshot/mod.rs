//! The population of a date as columns: what was in force on `as_of`, as far as it was known by `known_at`.
//!
//! Reads statements, decides between departments by precedence, and gives absence its meaning where a full list
//! has spoken. Facts that rules can derive are left to the rules.

mod assessed;
mod facts_of;
mod filling;
mod heard;
mod kept;
mod known;
mod listed;
mod merge;
mod present;
mod source_table;
mod tables;
mod things;
mod visits;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use kernel::{Date, DivisionCode, DivisionLevel, ListId, PersonId};
use policy::Pack;
use policy::column::{Column, ColumnBuilder, Population, Table};
use policy::model::Fact;
use policy::value::Value;
use store::{Keys, Session};

pub use facts_of::{FactLine, Subject, VisitLine, facts_of, visits_of};
pub(crate) use kept::{context_of as kept_context, note_astray};

use crate::RegistryError;
use crate::ingest::layout::{self, Layout};
use crate::linking::Aliases;
use crate::sources::{Catalogue, Entity, Source};
use filling::Filling;
use heard::Heard;
use kept::{Keeper, Kept};
use known::Known;
use merge::Voices;
use source_table::{Rows, SourceTable};
pub use tables::Reuse;
pub use visits::Visits;

/// Which state of the world, and which state of knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub as_of: Date,
    /// Only lists received by this day count; none: all of them.
    pub known_at: Option<Date>,
    /// Only lists up to this one count, as a night found them; none: all of them.
    pub last_list: Option<ListId>,
    /// Visits from this day on are rows of the `visit` table; none: the month before that of `as_of`.
    pub visits_from: Option<Date>,
}

/// A date's population and where its sources disagree.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub population: Population,
    /// By person, then fact.
    pub conflicts: Vec<Conflict>,
    /// Of how many people of each township each source says anything.
    pub spoken: BTreeMap<String, BTreeMap<Option<DivisionCode>, u64>>,
    pub reuse: Reuse,
    /// Where they were wanted: for the other days of a night.
    pub visits: Option<Arc<Visits>>,
}

/// Departments that say different things of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    pub person: PersonId,
    /// A fact, or `name`: then the values are sealed and empty here.
    pub key: String,
    /// Source and value; the current one first.
    pub values: Vec<(String, Value)>,
}

impl Moment {
    /// A day with everything known today.
    #[must_use]
    pub const fn on(as_of: Date) -> Self {
        Self { as_of, known_at: None, last_list: None, visits_from: None }
    }

    fn visits_since(&self) -> Date {
        let first = |date: Date| chrono::Datelike::with_day(&date, 1).unwrap_or(date);
        self.visits_from.unwrap_or_else(|| {
            let month = first(self.as_of);
            first(month.pred_opt().unwrap_or(month))
        })
    }
}

/// Loads the tables person, visit, place, housing_project, training and division.
///
/// People are those of whom the population list speaks on the day, and the dead. Reads one unchanging state; what is kept
/// since an earlier day is not read from statements again.
///
/// # Errors
/// Those of the database and of the keys.
pub fn load(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    pack: &Pack,
    moment: &Moment,
) -> Result<Snapshot, RegistryError> {
    load_with(session, Given { keys, catalogue, pack, only: None, visits: None }, moment, None)
}

/// The same; keeps what it says for later days where too little of what is kept holds. That this fails changes nothing.
/// What was kept before stays until [`keep_only`].
///
/// # Errors
/// As [`load`].
pub fn load_and_keep(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    pack: &Pack,
    moment: &Moment,
) -> Result<Snapshot, RegistryError> {
    keep_with(session, Given { keys, catalogue, pack, only: None, visits: None }, moment)
}

/// The same with only some facts, by entity and key; visits are a table where these are facts of visits, taken from
/// `visits` where these hold. Nobody is told where sources disagree.
///
/// # Errors
/// As [`load`].
pub fn load_some_and_keep(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    pack: &Pack,
    (moment, only): (&Moment, &FactKeys),
    visits: Option<&Arc<Visits>>,
) -> Result<Population, RegistryError> {
    Ok(keep_with(session, Given { keys, catalogue, pack, only: Some(only), visits }, moment)?.population)
}

fn keep_with(session: &mut Session, given: Given<'_>, moment: &Moment) -> Result<Snapshot, RegistryError> {
    let Given { keys, catalogue, pack, .. } = given;
    let reading = kept::reading(keys, catalogue, &facts(pack));
    let Some(head) = kept::Head::next(session, catalogue, reading, moment)? else {
        return load_with(session, given, moment, None);
    };
    let Ok(mut writing) = session.another() else { return load_with(session, given, moment, None) };
    // So many that reading goes on while the largest source is written: a hundred megabytes for 3.7 million people.
    let (sheets, coming) = sync_channel(16);
    let keeper = Keeper { keys, made: head.made, sheets };
    let loaded = thread::scope(|scope| {
        let writer = scope.spawn(|| kept::write(&mut writing, coming, &head));
        let loaded = load_with(session, given, moment, Some(&keeper));
        // No more comes.
        drop(keeper);
        let written = writer.join().unwrap_or_else(|panic| resume_unwind(panic));
        if let (Ok(_), Err(fault)) = (&loaded, written) {
            tracing::warn!(%fault, "what sources say could not be kept; the next night reads it again");
        }
        loaded
    })?;
    if let Some(damaged) = loaded.reuse.damaged {
        kept::forget(session, damaged)?;
    }
    Ok(loaded)
}

/// Of what [`load_and_keep`] put away only what snapshots of these days would take stays.
///
/// # Errors
/// Those of the database.
pub fn keep_only(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    pack: &Pack,
    days: &[Date],
) -> Result<(), RegistryError> {
    kept::forget_but(session, &kept::reading(keys, catalogue, &facts(pack)), days)
}

/// Where people live and are registered: every snapshot has these.
const HOMES: [&str; 2] = ["residence_division", "hukou_division"];

/// Facts by entity and key.
pub type FactKeys = BTreeSet<(String, String)>;

/// With what is read, and which facts; none: all of them.
#[derive(Clone, Copy)]
struct Given<'g> {
    keys: &'g Keys,
    catalogue: &'g Catalogue,
    pack: &'g Pack,
    only: Option<&'g FactKeys>,
    /// Visits as another day's snapshot found them.
    visits: Option<&'g Arc<Visits>>,
}

impl Given<'_> {
    /// Whether a fact of a person is to be there.
    fn wants(&self, key: &str) -> bool {
        let is_it = |(entity, fact): &(String, String)| entity == "person" && fact == key;
        self.only.is_none_or(|only| only.iter().any(is_it))
    }

    /// Whether visits, or what people's facts say of them, are to be there.
    fn wants_visits(&self) -> bool {
        let of_events =
            |key: &str| self.pack.dictionary.get("person", key).is_some_and(|fact| fact.from_events.is_some());
        self.only.is_none_or(|only| only.iter().any(|(entity, key)| entity == "visit" || of_events(key)))
    }
}

fn load_with(
    session: &mut Session,
    given: Given<'_>,
    moment: &Moment,
    keeper: Option<&Keeper<'_>>,
) -> Result<Snapshot, RegistryError> {
    if session.in_transaction() {
        return load_within(session, None, given, moment, None);
    }
    if moment.last_list.is_none() {
        return session.reading(|session| load_within(session, None, given, moment, None));
    }
    // What a later list says or ends does not count: another connection tells the same.
    let mut beside = session.another()?;
    session.reading(|session| beside.reading(|beside| load_within(session, Some(beside), given, moment, keeper)))
}

fn load_within(
    session: &mut Session,
    mut beside: Option<&mut Session>,
    given: Given<'_>,
    moment: &Moment,
    keeper: Option<&Keeper<'_>>,
) -> Result<Snapshot, RegistryError> {
    let Given { keys, catalogue, pack, .. } = given;
    let known = Known::load(session, moment)?;
    let layouts = layout::all(session)?;
    let aliases = Aliases::load(session, moment.known_at)?;
    let mut kept = if moment.last_list.is_some() {
        let reading = kept::reading(keys, catalogue, &facts(pack));
        Kept::load(session, keys, (moment, &reading), (&known, &layouts, &aliases))?
    } else {
        None
    };
    let rows = present::people(session, beside.as_deref_mut(), catalogue, (&known, &layouts, &aliases), kept.as_ref())?;
    if let Some(kept) = &mut kept {
        kept.settle(&rows);
    }
    let keeper = keeper.filter(|_| kept.is_none());
    if let Some(keeper) = keeper {
        keeper.begin(&rows, &aliases, &known);
    }
    let of_things = (catalogue, &pack.dictionary);
    let divisions = things::divisions(session, keys, of_things, &known, &layouts, &pack.divisions)?;
    let (known, layouts, rows, aliases) = (&known, &layouts, &rows, &aliases);
    let mut loading = Loading { given, moment, known, layouts, aliases, rows, divisions: &divisions };
    let facts = facts(pack);
    let sources: Vec<&Source> = catalogue.of(&Entity::Person).collect();
    let (tables, reuse) =
        loading.tables(session, beside.as_deref_mut(), (&facts, &sources), (kept.as_ref(), keeper))?;
    drop(kept);
    let wanted: Vec<&Fact> = facts.into_iter().filter(|fact| given.wants(&fact.key)).collect();
    let events = |session: &mut Session| {
        let visits = given.wants_visits().then(|| match given.visits.filter(|visits| visits.hold(moment)) {
            Some(visits) => Ok(Arc::clone(visits)),
            None => Visits::read(session, known, moment).map(Arc::new),
        });
        let visits = visits.transpose()?;
        let columns = visits.as_ref().map(|visits| visits.columns(&pack.dictionary, rows, moment));
        let mut entities: Vec<&str> = catalogue.sources().iter().map(|s| &s.entity).filter_map(thing).collect();
        entities.sort_unstable();
        entities.dedup();
        let things = entities.into_iter().filter(|entity| *entity != "division");
        let things = things.map(|entity| things::load(session, keys, of_things, known, layouts, entity));
        Ok::<_, RegistryError>((columns, visits, things.collect::<Result<Vec<_>, _>>()?))
    };
    // Beside the people, what happened to them and where; on the other connection where there is one.
    let (person, events) = match beside {
        None => (loading.person(session, (&wanted, &sources), tables)?, events(session)?),
        Some(beside) => thread::scope(|scope| {
            let events = scope.spawn(|| events(beside));
            let person = loading.person(session, (&wanted, &sources), tables)?;
            Ok::<_, RegistryError>((person, events.join().unwrap_or_else(|panic| resume_unwind(panic))?))
        })?,
    };
    let ((mut person, conflicts, spoken), (columns, visits, things)) = (person, events);
    let mut population = Population::default();
    if let Some((of_visits, visit)) = columns {
        for (key, column) in of_visits.into_iter().filter(|(key, _)| given.wants(key)) {
            put(&mut person, &key, column);
        }
        population.insert(visit);
    }
    population.insert(person);
    things.into_iter().for_each(|table| population.insert(table));
    population.insert(divisions);
    Ok(Snapshot { population, conflicts, spoken, reuse, visits })
}

/// A person's facts that lists give.
fn facts(pack: &Pack) -> Vec<&Fact> {
    pack.dictionary.of("person").filter(|f| f.derive.is_none()).collect()
}

fn thing(entity: &Entity) -> Option<&str> {
    if let Entity::Thing(name) = entity { Some(name) } else { None }
}

fn put(table: &mut Table, key: &str, column: Column) {
    table.put(key, column).expect("every column has the table's rows");
}

struct Loading<'l> {
    given: Given<'l>,
    moment: &'l Moment,
    known: &'l Known,
    layouts: &'l [Layout],
    aliases: &'l Aliases,
    rows: &'l Rows,
    divisions: &'l Table,
}

/// People, what sources disagree on, and of how many people each speaks.
type PersonTable = (Table, Vec<Conflict>, BTreeMap<String, BTreeMap<Option<DivisionCode>, u64>>);

impl Loading<'_> {
    fn person(
        &mut self,
        session: &mut Session,
        (facts, sources): (&[&Fact], &[&Source]),
        mut tables: Vec<SourceTable>,
    ) -> Result<PersonTable, RegistryError> {
        let mut conflicts = other_names(self.rows, &tables);
        let mut table = Table::new("person", self.rows.ids.clone(), BTreeMap::new()).expect("no column, no fault");
        for key in HOMES {
            let voices = Voices::take(&mut tables, key);
            if let Some(column) = self.merged(voices, &tables, key, &mut conflicts) {
                put(&mut table, key, column.finish());
            }
        }
        let spoken = spoken(&tables, &table);
        let heard = Heard::load(session, self.known, self.moment.as_of, &self.given.pack.roots)?;
        // Facts of the division ask where people belong: they come last.
        let (of_division, of_lists): (Vec<&Fact>, Vec<&Fact>) = facts
            .iter()
            .filter(|f| f.from_statements.is_none() && f.from_events.is_none())
            .filter(|f| table.column(&f.key).is_none() && !is_identity(f))
            .partition(|fact| fact.from_division.is_some());
        for facts in [of_lists, of_division] {
            let voices: Vec<Voices> = facts.iter().map(|fact| Voices::take(&mut tables, &fact.key)).collect();
            let filling = Filling { loading: self, tables: &tables, heard: &heard, sources, person: &table };
            let columns = filling.columns(&facts, voices, &mut conflicts);
            for (fact, column) in facts.iter().zip(columns) {
                put(&mut table, &fact.key, column);
            }
        }
        self.assessments(facts, &tables, &mut table)?;
        if self.given.only.is_none() {
            conflicts.extend(self.dead_and_listed(session, &tables, &heard, &table)?);
        }
        conflicts.sort_by(|a, b| (a.person, &a.key).cmp(&(b.person, &b.key)));
        Ok((table, conflicts, spoken))
    }

    fn merged(
        &self,
        voices: Voices,
        tables: &[SourceTable],
        key: &str,
        conflicts: &mut Vec<Conflict>,
    ) -> Option<ColumnBuilder> {
        voices.merge(tables, |row, said| {
            let values = said.iter().map(|(at, value)| (tables[*at].source.clone(), value.clone())).collect();
            let person = PersonId(self.rows.ids[row]);
            conflicts.push(Conflict { person, key: key.to_owned(), values });
        })
    }

    fn assessments(&self, facts: &[&Fact], tables: &[SourceTable], person: &mut Table) -> Result<(), RegistryError> {
        for source in self.given.catalogue.departmental() {
            let of_source = |f: &Fact| f.from_statements.as_ref().is_some_and(|from| from.source == source.id);
            let mine: Vec<&Fact> = facts.iter().copied().filter(|f| of_source(f)).collect();
            let speaks = |table: &&SourceTable| {
                self.given.catalogue.get(&table.source).is_some_and(|register| register.speaks_with(&source.id))
            };
            let assessed: Vec<_> = tables.iter().filter(speaks).flat_map(|table| &table.assessed).collect();
            let given = (self.rows.ids.len(), self.moment.as_of);
            let date = |key: &str| person.column(key).cloned();
            let columns =
                assessed::columns(self.given.pack, self.given.keys, self.layouts, &assessed, &mine, given, date)?;
            for (key, column) in columns {
                put(person, &key, column);
            }
        }
        Ok(())
    }
}

/// Of how many people each source speaks, by the township they live in, else are registered in.
fn spoken(tables: &[SourceTable], person: &Table) -> BTreeMap<String, BTreeMap<Option<DivisionCode>, u64>> {
    let homes = HOMES.map(|key| person.column(key));
    let mut townships: Vec<Option<DivisionCode>> = vec![None];
    let mut place_of: HashMap<&str, usize> = HashMap::new();
    let mut place = |row: usize| {
        let Some(text) = homes.iter().find_map(|column| (*column)?.text(row)) else { return 0 };
        *place_of.entry(text).or_insert_with(|| {
            let code = text.parse().ok().map(|code: DivisionCode| code.at(DivisionLevel::Township).unwrap_or(code));
            let known = townships.iter().position(|known| *known == code);
            known.unwrap_or_else(|| {
                townships.push(code);
                townships.len() - 1
            })
        })
    };
    let places: Vec<usize> = (0..person.rows()).map(&mut place).collect();
    let of_source = |table: &SourceTable| {
        let mut people = vec![0_u64; townships.len()];
        table.spoken.ones().for_each(|row| people[places[row]] += 1);
        let counted = townships.iter().copied().zip(people).filter(|(_, people)| *people > 0);
        (table.source.clone(), counted.collect())
    };
    tables.iter().map(of_source).collect()
}

fn is_identity(fact: &Fact) -> bool {
    fact.sensitivity == policy::model::Sensitivity::Identity
}

fn other_names(rows: &Rows, tables: &[SourceTable]) -> Vec<Conflict> {
    let mut sources_of: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for table in tables {
        for row in &table.other_name {
            sources_of.entry(*row).or_default().push(table.source.clone());
        }
    }
    let conflict = |(row, sources): (u32, Vec<String>)| Conflict {
        person: PersonId(rows.ids[row as usize]),
        key: "name".into(),
        values: sources.into_iter().map(|source| (source, Value::Null)).collect(),
    };
    sources_of.into_iter().map(conflict).collect()
}
