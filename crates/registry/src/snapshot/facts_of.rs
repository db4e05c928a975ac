//! Everything that is said of one subject, with source, list, date and row: what a person's page shows.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, ListId, PersonId, PlaceId, parse_date};
use policy::Pack;
use policy::model::Sensitivity;
use policy::value::Value;
use store::{Keys, Session};

use super::Moment;
use super::heard::Heard;
use super::known::{Known, Times};
use super::listed;
use super::source_table::{open_text, value_of};
use crate::RegistryError;
use crate::ingest::layout::{self, Layout, values};
use crate::linking::Aliases;
use crate::rows::SEPARATOR;
use crate::sources::{Catalogue, Entity, Source};

/// Whom or what a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Person(PersonId),
    Thing(PlaceId),
}

/// One fact as one row of one list says it.
#[derive(Clone, Debug, PartialEq)]
pub struct FactLine {
    pub key: String,
    pub value: Value,
    pub source: String,
    pub list: ListId,
    pub list_date: Date,
    /// 0: by absence from the list.
    pub row: u64,
    pub valid_from: Date,
    /// First day on which it holds no more, as far as known.
    pub valid_until: Option<Date>,
    /// In force on the day, and the source's newest word.
    pub in_force: bool,
    /// What the snapshot shows.
    pub current: bool,
    /// Another source in force says something else.
    pub disputed: bool,
    /// By absence from a full list rather than by a row.
    pub absent: bool,
    pub sensitivity: Sensitivity,
    /// Who entered it here; none: it came with a list.
    pub actor: Option<String>,
}

/// One visit on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitLine {
    pub kind: String,
    pub on: Date,
    pub by: String,
    pub source: String,
    pub list: ListId,
    pub list_date: Date,
    pub row: u64,
}

/// Every fact of a subject: current ones first within a key, then newest first. Keys in dictionary order; what
/// lists say of identity (`name` where it differs, `phone`, `address`) comes last.
///
/// # Errors
/// Those of the database and of the keys.
pub fn facts_of(
    session: &mut Session,
    keys: &Keys,
    (catalogue, pack): (&Catalogue, &Pack),
    subject: Subject,
    moment: &Moment,
) -> Result<Vec<FactLine>, RegistryError> {
    let mut known = Known::nothing(moment);
    let members = match subject {
        Subject::Person(person) => Aliases::around(session, person, moment.known_at)?.members(person.0),
        Subject::Thing(_) => Vec::new(),
    };
    let entries: Vec<Subject> = match subject {
        Subject::Person(_) => members.iter().map(|id| Subject::Person(PersonId(*id))).collect(),
        Subject::Thing(_) => vec![subject],
    };
    let mut lines = Vec::new();
    for layout in layout::all(session)? {
        let Some(source) = catalogue.get(&layout.source) else { continue };
        if is_about(&source.entity, subject) {
            for subject in &entries {
                read_lines(session, keys, pack, &mut known, source, &layout, *subject, &mut lines)?;
            }
        }
    }
    let mut about = None;
    for entry in &entries {
        if let Subject::Person(entry) = entry {
            name_actors(session, *entry, &mut lines)?;
        }
    }
    if let Subject::Person(person) = subject {
        let division = home(&lines, catalogue);
        let heard = Heard::about(session, &mut known, &pack.roots, (person.0, &members))?;
        for source in catalogue.of(&Entity::Person) {
            let speaks = lines.iter().any(|line| line.source == source.id && line.in_force);
            if !speaks || source.creates {
                known.hear_newest(session, source, division, &pack.roots)?;
            }
            if !speaks {
                add_absent(&known, &heard, pack, source, (moment, division, person), &mut lines);
            }
        }
        about = Some((heard, (moment.as_of, division, person)));
    }
    mark(&mut lines, catalogue, pack);
    if let Some((heard, person)) = about {
        listed::add_line(&known, &heard, catalogue, person, &mut lines);
    }
    Ok(lines)
}

/// A person's visits, oldest first.
///
/// # Errors
/// Those of the database.
pub fn visits_of(session: &mut Session, person: PersonId) -> Result<Vec<VisitLine>, RegistryError> {
    let mut rows = Vec::new();
    for entry in Aliases::around(session, person, None)?.members(person.0) {
        rows.extend(session.query(include_str!("../../sql/visit_of_person.sql"), &[entry.into()])?);
    }
    let line = |row: &store::Row<'_>| -> Result<VisitLine, RegistryError> {
        Ok(VisitLine {
            kind: row.text(1)?.to_owned(),
            on: row.date(2)?,
            by: row.text(3)?.to_owned(),
            row: u64::try_from(row.int(4)?).unwrap_or(0),
            list: ListId(row.int(5)?),
            source: row.text(6)?.to_owned(),
            list_date: row.date(7)?,
        })
    };
    let mut visits: Vec<VisitLine> = rows.iter().map(line).collect::<Result<_, _>>()?;
    visits.sort_by_key(|visit| visit.on);
    Ok(visits)
}

fn is_about(entity: &Entity, subject: Subject) -> bool {
    match subject {
        Subject::Person(_) => *entity == Entity::Person,
        Subject::Thing(_) => matches!(entity, Entity::Thing(_)),
    }
}

#[expect(clippy::too_many_arguments, reason = "the loop over layouts taken out of `facts_of`")]
fn read_lines(
    session: &mut Session,
    keys: &Keys,
    pack: &Pack,
    known: &mut Known,
    source: &Source,
    layout: &Layout,
    subject: Subject,
    lines: &mut Vec<FactLine>,
) -> Result<(), RegistryError> {
    let id = match subject {
        Subject::Person(id) => id.0,
        Subject::Thing(id) => id.0,
    };
    let params = [layout.id.into(), id.into()];
    for row in session.query(include_str!("../../sql/statement_with_lists.sql"), &params)? {
        let times = Times::read(&row, 3)?;
        known.hear(&row, 15)?;
        let Some(list) = known.hear(&row, 9)?.and_then(|id| known.lists.get(&id)) else { continue };
        let blank = FactLine {
            key: String::new(),
            value: Value::Null,
            source: source.id.clone(),
            list: ListId(times.list),
            list_date: list.date,
            row: u64::try_from(row.int(8)?).unwrap_or(0),
            valid_from: parse_date(times.from).unwrap_or(list.date),
            valid_until: known.ends(&times).and_then(|d| parse_date(&d).ok()),
            in_force: known.is_in_force(&times),
            current: false,
            disputed: false,
            absent: false,
            sensitivity: Sensitivity::Class,
            actor: None,
        };
        let sealed = row.opt_blob(2)?.map(|blob| open_text(keys, row.int(0)?, blob)).transpose()?.unwrap_or_default();
        let plain = layout.plain.iter().zip(values(row.text(1)?));
        let opened = layout.sealed.iter().zip(sealed.split(SEPARATOR));
        let entity = source.entity.name();
        for (key, form) in plain.chain(opened).filter(|(_, form)| !form.is_empty()) {
            let Some(fact) = pack.dictionary.get(entity, key) else { continue };
            if let Some(value) = value_of(fact.value_type, form) {
                lines.push(FactLine { key: key.clone(), value, sensitivity: fact.sensitivity, ..blank.clone() });
            }
        }
        for fact in &source.presence {
            let sensitivity = pack.dictionary.get(entity, &fact.key).map_or(Sensitivity::Class, |f| f.sensitivity);
            let value = fact.always.clone().unwrap_or(Value::Null);
            lines.push(FactLine { key: fact.key.clone(), value, sensitivity, ..blank.clone() });
        }
    }
    Ok(())
}

/// Says who entered what was entered here.
fn name_actors(session: &mut Session, entry: PersonId, lines: &mut [FactLine]) -> Result<(), RegistryError> {
    for row in session.query(include_str!("../../sql/act_of_person.sql"), &[entry.into()])? {
        let (list, at) = (ListId(row.int(0)?), u64::try_from(row.int(1)?).unwrap_or(0));
        for line in lines.iter_mut().filter(|line| line.list == list && line.row == at) {
            line.actor = Some(row.text(2)?.to_owned());
        }
    }
    Ok(())
}

/// Residence, else hukou, by the sources' precedence.
fn home(lines: &[FactLine], catalogue: &Catalogue) -> Option<DivisionCode> {
    let find = |key: &str| {
        let candidates = lines.iter().filter(|l| l.key == key && l.in_force);
        let best = candidates.max_by_key(|l| precedence(catalogue, l))?;
        best.value.as_text().and_then(|text| text.parse().ok())
    };
    find("residence_division").or_else(|| find("hukou_division"))
}

fn precedence(catalogue: &Catalogue, line: &FactLine) -> i64 {
    let source = catalogue.get(&line.source);
    source.and_then(|s| s.facts().find(|f| f.key == line.key)).map_or(i64::MIN, |f| f.precedence)
}

/// What a full list says by its silence.
fn add_absent(
    known: &Known,
    heard: &Heard,
    pack: &Pack,
    source: &Source,
    (moment, division, person): (&Moment, Option<DivisionCode>, PersonId),
    lines: &mut Vec<FactLine>,
) {
    let Some(speaks) = heard.latest(known, source, moment.as_of, division, person.0) else { return };
    for fact in source.facts() {
        let Some(described) = pack.dictionary.get("person", &fact.key) else { continue };
        if let Some(absent) = &described.absent {
            lines.push(FactLine {
                key: fact.key.clone(),
                value: absent.clone(),
                source: source.id.clone(),
                list: ListId(speaks.list),
                list_date: speaks.date,
                row: 0,
                valid_from: speaks.date,
                valid_until: None,
                in_force: true,
                current: false,
                disputed: false,
                absent: true,
                sensitivity: described.sensitivity,
                actor: None,
            });
        }
    }
}

/// Says which line is current and which are disputed, and puts all in order.
fn mark(lines: &mut [FactLine], catalogue: &Catalogue, pack: &Pack) {
    let mut best: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.in_force) {
        let slot = best.entry((line.key.clone(), line.source.clone())).or_insert(at);
        if (lines[*slot].valid_from, *slot) < (line.valid_from, at) {
            *slot = at;
        }
    }
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for ((key, _), at) in best {
        by_key.entry(key).or_default().push(at);
    }
    for line in lines.iter_mut() {
        line.in_force = false;
    }
    for voices in by_key.values_mut() {
        // A row outweighs silence; then precedence counts, then who spoke last, then the order of reading.
        let order = |at: &usize| {
            let line = &lines[*at];
            let source = catalogue.sources().iter().position(|s| s.id == line.source);
            (line.absent, -precedence(catalogue, line), std::cmp::Reverse(line.valid_from), source)
        };
        voices.sort_by_key(order);
        let said = voices.iter().filter(|at| !lines[**at].absent);
        let disputed = said.clone().any(|at| lines[*at].value != lines[voices[0]].value);
        for (rank, at) in voices.iter().enumerate() {
            lines[*at].in_force = true;
            lines[*at].current = rank == 0;
            lines[*at].disputed = disputed && !lines[*at].absent;
        }
    }
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, fact) in pack.dictionary.iter().enumerate() {
        place.entry(&fact.key).or_insert(at);
    }
    lines.sort_by_key(|line| {
        let identity = line.sensitivity == Sensitivity::Identity;
        let key = place.get(line.key.as_str()).copied().unwrap_or(usize::MAX);
        (identity, key, !line.current, !line.in_force, std::cmp::Reverse((line.valid_from, line.list, line.row)))
    });
}
