//! A waiting row that is about nobody in the registry becomes someone, where its source may say so (`below = "new"`).
//!
//! Such a person has no ID number. What the row says lies with an entry of its own, as that of every linked row, so
//! taking the decision back leaves nobody behind. When the number comes at last, its list makes the entry with the
//! number, and the night's look for one person under two numbers merges the two.

use std::collections::BTreeSet;

use kernel::{Date, parse_date};
use store::{Session, Value};

use super::FIELDS;
use super::keeping::Keeping;
use super::waiting::Waiting;
use crate::RegistryError;
use crate::ingest::Ingester;
use crate::ingest::link::LinkIndex;
use crate::people::{self, Unnumbered};

/// Whether a row says enough to be known again: a name, a day of birth, where they live.
pub(super) fn says_enough(row: &Waiting) -> bool {
    born(row).is_some() && ["name", "residence_division"].iter().all(|field| !of(row, field).is_empty())
}

/// Makes someone of a row; gives the person's id.
pub(super) fn register(
    ingester: &Ingester<'_>,
    keeping: &mut Keeping<'_>,
    index: &mut LinkIndex,
    row: &Waiting,
) -> i64 {
    let id = index.next_person();
    let keys = ingester.keys();
    let born = born(row).map(|day| day.to_string()).unwrap_or_default();
    let own = Unnumbered {
        name: of(row, "name"),
        phone: of(row, "phone"),
        address: of(row, "address"),
        birth_date: &born,
        sex: of(row, "sex"),
        written: of(row, "id_number"),
    };
    let text = own.text(id);
    let digest = keys.blind("identity", &text);
    let blind = keys.blind("id_number", &people::no_number(id));
    let phone = people::phone_blind(keys, own.phone);
    keeping.person([
        id.into(),
        row.list.into(),
        Value::Int(i64::try_from(row.row).unwrap_or(i64::MAX)),
        people::seal_identity(keys, id, &text).into(),
        blind.into(),
        phone.map_or(Value::Null, Value::from),
        digest.into(),
        0.into(),
    ]);
    index.add_person(id, blind, digest, ingester.name_hash(own.name));
    index.bring(id, &text);
    id
}

/// Everyone without a number.
pub(super) fn all(tx: &mut Session) -> Result<BTreeSet<i64>, RegistryError> {
    ids(tx, include_str!("../../sql/person_unnumbered.sql"))
}

/// Whether anyone has no number.
///
/// # Errors
/// Those of the database.
pub fn are_unnumbered(session: &mut Session) -> Result<bool, RegistryError> {
    Ok(!all(session)?.is_empty())
}

/// Those of them whose rows were all taken back: nobody.
pub(crate) fn nobody(tx: &mut Session) -> Result<BTreeSet<i64>, RegistryError> {
    ids(tx, include_str!("../../sql/person_nobody.sql"))
}

fn ids(tx: &mut Session, sql: &str) -> Result<BTreeSet<i64>, RegistryError> {
    let rows = tx.query(sql, &[])?;
    rows.iter().map(|row| Ok(row.int(0)?)).collect()
}

/// Whether a person has a number.
pub(super) fn is_numbered(tx: &mut Session, person: i64) -> Result<bool, RegistryError> {
    let row = tx.query_opt(include_str!("../../sql/person_numbered.sql"), &[person.into()])?;
    Ok(row.map(|row| row.int(0)).transpose()?.is_none_or(|numbered| numbered != 0))
}

fn of<'r>(row: &'r Waiting, field: &str) -> &'r str {
    FIELDS.iter().position(|name| *name == field).map_or("", |at| &row.fields[at])
}

fn born(row: &Waiting) -> Option<Date> {
    parse_date(of(row, "birth_date")).ok()
}
