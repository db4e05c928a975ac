//! Sealed rows, numbered and ready, and their writing in bulk. Sealing needs the row's id, so ids are foretold
//! where rows are taken and claimed from the database's counters where they are written.

use std::collections::HashMap;

use kernel::Date;
use store::{Keys, Session, Value, ValueRef, counter};

use super::pending::{Pending, statement};
use super::prepare::Blind;
use crate::RegistryError;
use crate::linking::many_at_once;
use crate::people;

/// The ids the next rows get.
pub(crate) struct NextIds {
    statement: i64,
    held: i64,
    thing: i64,
}

impl NextIds {
    /// As the counters stand; true until someone else takes ids within the transaction.
    pub fn read(tx: &mut Session) -> Result<Self, RegistryError> {
        let mut next = |name| counter::next_ids(tx, name, 0).map(|none| none.start);
        Ok(Self { statement: next("statement")?, held: next("held_row")?, thing: next("thing")? })
    }

    pub fn thing(&mut self) -> i64 {
        take(&mut self.thing, 1)
    }
}

fn take(next: &mut i64, count: usize) -> i64 {
    let first = *next;
    *next += i64::try_from(count).unwrap_or(i64::MAX);
    first
}

/// What the rows belong to.
pub(crate) struct Target<'t> {
    pub keys: &'t Keys,
    pub list: i64,
    pub layout: i64,
    pub entity: &'t str,
}

/// Rows and, in the same order, their sealed parts.
pub(crate) struct Batch {
    rows: Pending,
    first_statement: i64,
    first_held: i64,
    persons: Vec<Vec<u8>>,
    statements: Vec<Option<Vec<u8>>>,
    held: Vec<Vec<u8>>,
}

impl Pending {
    /// Gives every row its id and seals what identifies or concerns a person.
    pub fn seal(self, keys: &Keys, next: &mut NextIds) -> Batch {
        let first_statement = take(&mut next.statement, self.statements.len());
        let first_held = take(&mut next.held, self.held.len());
        let persons = self.persons.iter().map(|p| people::seal_identity(keys, p.id, &p.identity.text)).collect();
        let statements = self
            .statements
            .iter()
            .zip(first_statement..)
            .map(|(new, id)| (!new.sealed.is_empty()).then(|| keys.seal(&statement(id), new.sealed.as_bytes())));
        let statements = statements.collect();
        let held = self.held.iter().zip(first_held..).map(|(held, id)| held.seal(keys, id)).collect();
        Batch { rows: self, first_statement, first_held, persons, statements, held }
    }
}

impl Batch {
    /// Writes everything.
    ///
    /// # Errors
    /// `Damaged` when a foretold id is not the one the database gives; those of the database.
    pub fn write(mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        self.write_persons(tx, target)?;
        self.write_renamed(tx, target)?;
        self.write_things(tx, target)?;
        self.write_statements(tx, target)?;
        self.write_held(tx, target)?;
        if !self.rows.closed.is_empty() {
            self.rows.closed.sort_unstable();
            let rows = self.rows.closed.drain(..).map(|(id, on)| [id.into(), on.into(), target.list.into()]);
            tx.bulk_update("statement", &["id"], &["closed_on", "closed_by"], rows)?;
        }
        Ok(())
    }

    fn write_persons(&self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        let Some(first) = self.rows.persons.first() else { return Ok(()) };
        claim(tx, "person", first.id, self.rows.persons.len())?;
        let columns = ["id", "list", "row_no", "identity", "id_blind", "phone_blind", "digest"];
        tx.bulk_insert_with("person", &columns, |sink| {
            for (person, sealed) in self.rows.persons.iter().zip(&self.persons) {
                sink.push(&[
                    ValueRef::Int(person.id),
                    ValueRef::Int(target.list),
                    int(person.row),
                    ValueRef::Blob(sealed),
                    ValueRef::Blob(&person.blind),
                    blob(person.identity.phone.as_ref()),
                    ValueRef::Blob(&person.identity.digest),
                ])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }

    /// Keeps the identities as they were, then writes the new ones. Nobody is renamed twice by one list.
    fn write_renamed(&self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        if self.rows.renamed.is_empty() {
            return Ok(());
        }
        let keys = target.keys;
        let people: Vec<i64> = self.rows.renamed.iter().map(|(person, _)| *person).collect();
        let mut before: HashMap<i64, String> = HashMap::with_capacity(people.len());
        for some in many_at_once(&people) {
            tx.query_each(include_str!("../../sql/person_identities_of.sql"), &some, |row| {
                let person = row.int(0)?;
                before.insert(person, people::open_identity(keys, person, row.blob(1)?)?);
                Ok::<_, RegistryError>(())
            })?;
        }
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let past = counter::next_ids(tx, "person_past", count)?;
        tx.bulk_insert_with("person_past", &["id", "person", "identity", "until_list"], |sink| {
            for (id, person) in past.zip(&people) {
                let text =
                    before.get(person).ok_or(RegistryError::Damaged { table: "person", cause: "it lacks someone" })?;
                let sealed = people::seal_past(keys, id, text);
                let values =
                    [ValueRef::Int(id), ValueRef::Int(*person), ValueRef::Blob(&sealed), ValueRef::Int(target.list)];
                sink.push(&values)?;
            }
            Ok::<_, RegistryError>(())
        })?;
        let new = self.rows.renamed.iter().map(|(person, identity)| -> [Value; 4] {
            let sealed = people::seal_identity(keys, *person, &identity.text);
            let phone = identity.phone.map_or(Value::Null, Value::from);
            [(*person).into(), sealed.into(), phone, identity.digest.into()]
        });
        tx.bulk_update("person", &["id"], &["identity", "phone_blind", "digest"], new)?;
        Ok(())
    }

    fn write_things(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        let Some(first) = self.rows.things.first() else { return Ok(()) };
        claim(tx, "thing", first.id, self.rows.things.len())?;
        let rows = self.rows.things.drain(..).map(|thing| {
            [thing.id.into(), target.entity.into(), thing.key.into(), target.list.into(), int(thing.row).to_value()]
        });
        tx.bulk_insert("thing", &["id", "entity", "thing_key", "list", "row_no"], rows)?;
        Ok(())
    }

    fn write_statements(&self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        if self.rows.statements.is_empty() {
            return Ok(());
        }
        claim(tx, "statement", self.first_statement, self.rows.statements.len())?;
        let columns = [
            "id",
            "layout",
            "subject",
            "sub_key",
            "payload",
            "sealed",
            "sealed_digest",
            "valid_from",
            "valid_until",
            "list",
            "row_no",
            "closed_on",
            "closed_by",
        ];
        let mut dates = Dates::default();
        tx.bulk_insert_with("statement", &columns, |sink| {
            for ((new, sealed), id) in self.rows.statements.iter().zip(&self.statements).zip(self.first_statement..) {
                let from = dates.text(new.from);
                let until = new.until.map(|d| d.to_string());
                let closed_on = new.closed_on.map(|d| d.to_string());
                sink.push(&[
                    ValueRef::Int(id),
                    ValueRef::Int(target.layout),
                    ValueRef::Int(new.subject),
                    ValueRef::Text(&new.sub_key),
                    ValueRef::Text(&new.payload),
                    sealed.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
                    blob(new.digest.as_ref()),
                    ValueRef::Text(from),
                    until.as_deref().map_or(ValueRef::Null, ValueRef::Text),
                    ValueRef::Int(target.list),
                    int(new.row),
                    closed_on.as_deref().map_or(ValueRef::Null, ValueRef::Text),
                    new.closed_on.map_or(ValueRef::Null, |_| ValueRef::Int(target.list)),
                ])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }

    fn write_held(&self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        if self.rows.held.is_empty() {
            return Ok(());
        }
        claim(tx, "held_row", self.first_held, self.rows.held.len())?;
        let columns = ["id", "list", "row_no", "state", "subject", "codes", "sealed", "link_blind", "division"];
        tx.bulk_insert_with("held_row", &columns, |sink| {
            for ((held, sealed), id) in self.rows.held.iter().zip(&self.held).zip(self.first_held..) {
                let (codes, place) = (held.codes(), held.place());
                sink.push(&[
                    ValueRef::Int(id),
                    ValueRef::Int(target.list),
                    int(held.row),
                    ValueRef::Text(held.state()),
                    held.subject.map_or(ValueRef::Null, ValueRef::Int),
                    ValueRef::Text(&codes),
                    ValueRef::Blob(sealed),
                    blob(held.link.as_ref()),
                    ValueRef::Text(&place),
                ])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }
}

/// Takes the foretold ids from the counter.
pub(crate) fn claim(tx: &mut Session, name: &'static str, first: i64, count: usize) -> Result<(), RegistryError> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if counter::next_ids(tx, name, count)?.start == first {
        Ok(())
    } else {
        Err(RegistryError::Damaged { table: name, cause: "its counter and its rows part ways" })
    }
}

pub(crate) fn int<'v>(number: u64) -> ValueRef<'v> {
    ValueRef::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn blob(blind: Option<&Blind>) -> ValueRef<'_> {
    blind.map_or(ValueRef::Null, |b| ValueRef::Blob(b))
}

/// The same date is written again and again.
#[derive(Default)]
struct Dates {
    last: Option<(Date, String)>,
}

impl Dates {
    fn text(&mut self, date: Date) -> &str {
        if self.last.as_ref().is_none_or(|(last, _)| *last != date) {
            self.last = Some((date, date.to_string()));
        }
        self.last.as_ref().map_or("", |(_, text)| text)
    }
}
