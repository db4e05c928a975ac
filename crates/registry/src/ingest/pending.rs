//! Rows on their way into the database; what identifies or concerns a person is still plain.

use kernel::Date;
use store::{Session, Value, ValueRef, counter};

use super::held::HeldRow;
use super::prepare::{Blind, Identity};
use crate::RegistryError;

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

impl Pending {
    pub fn is_full(&self) -> bool {
        self.statements.len() >= BATCH || self.held.len() >= BATCH || self.persons.len() >= BATCH
    }
}

/// Writes visits in the order of their rows.
pub(crate) fn write_visits(tx: &mut Session, list: i64, visits: &[&NewVisit]) -> Result<(), RegistryError> {
    if visits.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(visits.len()).unwrap_or(u32::MAX);
    let mut id = counter::next_ids(tx, "visit", count)?.start;
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
                super::batch::int(visit.row),
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
