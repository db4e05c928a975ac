//! Rows on their way into the database, written in bulk.

use kernel::Date;
use store::{Keys, Session, Value, ValueRef, counter};

use super::held::HeldRow;
use super::prepare::{Blind, Identity};
use crate::RegistryError;
use crate::people;

/// Rows collected before they are written.
const BATCH: usize = 8192;

pub(crate) struct NewStatement {
    pub subject: i64,
    pub sub_key: String,
    pub payload: Box<str>,
    /// Plaintext of the sealed values; empty: none.
    pub sealed: String,
    pub digest: Option<Blind>,
    pub from: Date,
    pub until: Option<Date>,
    pub row: u64,
    /// Set for a late list: the day from which newer lists speak.
    pub closed_on: Option<Date>,
}

pub(crate) struct NewPerson {
    pub id: i64,
    pub blind: Blind,
    pub identity: Identity,
    pub row: u64,
}

pub(crate) struct NewThing {
    pub id: i64,
    pub key: String,
    pub row: u64,
}

/// A visit as a row tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NewVisit {
    pub person: i64,
    pub on: String,
    pub kind: String,
    pub by: String,
    pub row: u64,
}

#[derive(Default)]
pub(crate) struct Pending {
    pub statements: Vec<NewStatement>,
    pub persons: Vec<NewPerson>,
    /// Identities a list changed: person, new one.
    pub renamed: Vec<(i64, Identity)>,
    pub things: Vec<NewThing>,
    pub held: Vec<HeldRow>,
    /// Statements to close, and from when.
    pub closed: Vec<(i64, Date)>,
}

/// What the rows belong to.
pub(crate) struct Target<'t> {
    pub keys: &'t Keys,
    pub list: i64,
    pub layout: i64,
    pub entity: &'t str,
}

impl Pending {
    pub fn is_full(&self) -> bool {
        self.statements.len() >= BATCH || self.held.len() >= BATCH || self.persons.len() >= BATCH
    }

    pub fn flush(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        self.write_persons(tx, target)?;
        self.write_renamed(tx, target)?;
        self.write_things(tx, target)?;
        self.write_statements(tx, target)?;
        self.write_held(tx, target)?;
        if !self.closed.is_empty() {
            self.closed.sort_unstable();
            let rows = self.closed.drain(..).map(|(id, on)| [id.into(), on.into(), target.list.into()]);
            tx.bulk_update("statement", &["id"], &["closed_on", "closed_by"], rows)?;
        }
        Ok(())
    }

    fn write_persons(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        let Some(first) = self.persons.first().map(|p| p.id) else { return Ok(()) };
        if ids(tx, "person", self.persons.len())? != first {
            return Err(RegistryError::Damaged { table: "person", cause: "its counter and its rows part ways" });
        }
        let columns = ["id", "list", "row_no", "identity", "id_blind", "phone_blind", "digest"];
        tx.bulk_insert_with("person", &columns, |sink| {
            for person in self.persons.drain(..) {
                let sealed = people::seal_identity(target.keys, person.id, &person.identity.text);
                sink.push(&[
                    ValueRef::Int(person.id),
                    ValueRef::Int(target.list),
                    int(person.row),
                    ValueRef::Blob(&sealed),
                    ValueRef::Blob(&person.blind),
                    blob(person.identity.phone.as_ref()),
                    ValueRef::Blob(&person.identity.digest),
                ])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }

    /// Keeps the identity as it was, then writes the new one.
    fn write_renamed(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        for (person, identity) in self.renamed.drain(..) {
            let old = tx.query_one(include_str!("../../sql/person_identity.sql"), &[person.into()])?;
            let text = people::open_identity(target.keys, person, old.blob(0)?)?;
            let id = ids(tx, "person_past", 1)?;
            let past = people::seal_past(target.keys, id, &text);
            let values = [id.into(), person.into(), past.into(), target.list.into()];
            tx.exec(include_str!("../../sql/person_past_insert.sql"), &values)?;
            let sealed = people::seal_identity(target.keys, person, &identity.text);
            let phone = identity.phone.map_or(Value::Null, Value::from);
            let values = [person.into(), sealed.into(), phone, identity.digest.into()];
            tx.exec(include_str!("../../sql/person_update.sql"), &values)?;
        }
        Ok(())
    }

    fn write_things(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        let rows = self.things.drain(..).map(|thing| {
            [thing.id.into(), target.entity.into(), thing.key.into(), target.list.into(), int(thing.row).to_value()]
        });
        tx.bulk_insert("thing", &["id", "entity", "thing_key", "list", "row_no"], rows)?;
        Ok(())
    }

    fn write_statements(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        if self.statements.is_empty() {
            return Ok(());
        }
        let mut id = ids(tx, "statement", self.statements.len())?;
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
            for new in self.statements.drain(..) {
                let sealed = (!new.sealed.is_empty()).then(|| target.keys.seal(&statement(id), new.sealed.as_bytes()));
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
                id += 1;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }

    fn write_held(&mut self, tx: &mut Session, target: &Target<'_>) -> Result<(), RegistryError> {
        if self.held.is_empty() {
            return Ok(());
        }
        let mut id = ids(tx, "held_row", self.held.len())?;
        let columns = ["id", "list", "row_no", "state", "subject", "codes", "sealed", "link_blind"];
        tx.bulk_insert_with("held_row", &columns, |sink| {
            for held in self.held.drain(..) {
                let (codes, sealed) = (held.codes(), held.seal(target.keys, id));
                sink.push(&[
                    ValueRef::Int(id),
                    ValueRef::Int(target.list),
                    int(held.row),
                    ValueRef::Text(held.state()),
                    held.subject.map_or(ValueRef::Null, ValueRef::Int),
                    ValueRef::Text(&codes),
                    ValueRef::Blob(&sealed),
                    blob(held.link.as_ref()),
                ])?;
                id += 1;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }
}

/// Writes visits in the order of their rows.
pub(crate) fn write_visits(tx: &mut Session, list: i64, visits: &[NewVisit]) -> Result<(), RegistryError> {
    if visits.is_empty() {
        return Ok(());
    }
    let mut id = ids(tx, "visit", visits.len())?;
    let columns = ["id", "person", "kind", "happened_on", "visitor", "list", "row_no"];
    tx.bulk_insert_with("visit", &columns, |sink| {
        for visit in visits {
            sink.push(&[
                ValueRef::Int(id),
                ValueRef::Int(visit.person),
                ValueRef::Text(&visit.kind),
                ValueRef::Text(&visit.on),
                ValueRef::Text(&visit.by),
                ValueRef::Int(list),
                int(visit.row),
            ])?;
            id += 1;
        }
        Ok::<_, RegistryError>(())
    })?;
    Ok(())
}

/// The sealing context of a statement.
pub(crate) fn statement(id: i64) -> String {
    format!("statement {id}")
}

/// The same, for key rotation.
pub(crate) fn statement_of(key: &[Value]) -> String {
    statement(super::held::first_int(key))
}

pub(crate) fn ids(tx: &mut Session, name: &str, count: usize) -> Result<i64, RegistryError> {
    Ok(counter::next_ids(tx, name, u32::try_from(count).unwrap_or(u32::MAX))?.start)
}

fn int<'v>(number: u64) -> ValueRef<'v> {
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
