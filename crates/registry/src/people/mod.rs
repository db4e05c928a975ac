//! Who people are. The only way to a name, an ID number, a phone number or an address.
//!
//! Identity is one sealed blob per person. ID number and phone are found by blind index; names by an index that
//! is built in memory. What comes out of here is for a page that masks it; never for a log.

mod kin;
mod names;
mod pinyin;

use kernel::{IdNumber, ListId, PersonId};
use store::keys::{IndexColumn, Resealer};
use store::{Keys, Session, Value};

pub use kin::{Relation, kin_of};
pub use names::{Found, NameIndex, Places};

use crate::RegistryError;
use crate::ingest::held::first_int;
use crate::ingest::prepare::plain_phone;
use crate::linking::Aliases;
use crate::rows::SEPARATOR;

/// Who someone is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub person: PersonId,
    pub id_number: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    /// The list and row that first named them.
    pub list: ListId,
    pub row: u64,
}

/// Shows the id only.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Identity {
    /// `65**************28`.
    #[must_use]
    pub fn masked_id_number(&self) -> String {
        crate::rows::mask(&[crate::sources::Gives::IdNumber], &self.id_number)
    }

    /// `139******45`.
    #[must_use]
    pub fn masked_phone(&self) -> String {
        crate::rows::mask(&[crate::sources::Gives::Phone], &self.phone)
    }
}

/// Where sealed blobs stand, for key rotation.
pub(crate) const RESEALERS: [Resealer; 2] = [
    Resealer {
        table: "person",
        key: &["id"],
        blob: "identity",
        context: |key| person(first_int(key)),
        indexes: &[
            IndexColumn {
                column: "id_blind",
                kind: "id_number",
                text: |blob| part(blob, 0).or_else(|| part(blob, NO_NUMBER)),
            },
            IndexColumn {
                column: "phone_blind",
                kind: "phone",
                text: |blob| part(blob, 2).and_then(|phone| plain_phone(&phone)),
            },
            IndexColumn { column: "digest", kind: "identity", text: |blob| String::from_utf8(blob.to_vec()).ok() },
        ],
    },
    Resealer {
        table: "person_past",
        key: &["id"],
        blob: "identity",
        context: |key: &[Value]| past(first_int(key)),
        indexes: &[],
    },
];

/// Opens someone's identity.
///
/// # Errors
/// `Seal` when the key ring is another one; none found: `Ok(None)`.
pub fn identity(session: &mut Session, keys: &Keys, person: PersonId) -> Result<Option<Identity>, RegistryError> {
    let sql = include_str!("../../sql/person_identity.sql");
    let Some(row) = session.query_opt(sql, &[person.into()])? else { return Ok(None) };
    let text = open_identity(keys, person.0, row.blob(0)?)?;
    let mut parts = text.split(SEPARATOR).map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    Ok(Some(Identity {
        person,
        id_number: next(),
        name: next(),
        phone: next(),
        address: next(),
        list: ListId(row.int(1)?),
        row: u64::try_from(row.int(2)?).unwrap_or(0),
    }))
}

/// The person with an ID number.
///
/// # Errors
/// Those of the database.
pub fn by_id_number(session: &mut Session, keys: &Keys, number: &IdNumber) -> Result<Option<PersonId>, RegistryError> {
    let blind = keys.blind("id_number", number.reveal());
    let row = session.query_opt(include_str!("../../sql/person_by_id_number.sql"), &[blind.into()])?;
    let found = row.map(|row| row.int(0)).transpose()?;
    let aliases = Aliases::of_persons(session)?;
    Ok(found.map(|id| aliases.person(PersonId(id))))
}

/// Everyone with a phone number, in id order.
///
/// # Errors
/// Those of the database.
pub fn by_phone(session: &mut Session, keys: &Keys, phone: &str) -> Result<Vec<PersonId>, RegistryError> {
    let Some(phone) = plain_phone(phone) else { return Ok(Vec::new()) };
    let blind = keys.blind("phone", &phone);
    let rows = session.query(include_str!("../../sql/person_by_phone.sql"), &[blind.into()])?;
    let aliases = Aliases::of_persons(session)?;
    let mut found: Vec<PersonId> =
        rows.iter().map(|row| Ok(aliases.person(PersonId(row.int(0)?)))).collect::<Result<_, RegistryError>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Who someone is of whom no sound ID number is known.
pub(crate) struct Unnumbered<'r> {
    pub name: &'r str,
    pub phone: &'r str,
    pub address: &'r str,
    /// `YYYY-MM-DD`; with a number it would be read there, as the sex.
    pub birth_date: &'r str,
    pub sex: &'r str,
    /// The number as the row wrote it, whatever is wrong with it.
    pub written: &'r str,
}

/// The place in an identity of what stands for the number of someone without one.
const NO_NUMBER: usize = 7;

impl Unnumbered<'_> {
    /// `␟ name ␟ phone ␟ address ␟ birth date ␟ sex ␟ number as written ␟ what stands for the number`.
    pub fn text(&self, id: i64) -> String {
        let own = no_number(id);
        let parts = ["", self.name, self.phone, self.address, self.birth_date, self.sex, self.written, own.as_str()];
        parts.join(&SEPARATOR.to_string())
    }
}

/// What stands where a number would be found by; no number is written so.
pub(crate) fn no_number(id: i64) -> String {
    format!("without a number {id}")
}

pub(crate) fn phone_blind(keys: &Keys, phone: &str) -> Option<[u8; store::keys::BLIND]> {
    plain_phone(phone).map(|phone| keys.blind("phone", &phone))
}

pub(crate) fn seal_identity(keys: &Keys, id: i64, text: &str) -> Vec<u8> {
    keys.seal(&person(id), text.as_bytes())
}

pub(crate) fn seal_past(keys: &Keys, id: i64, text: &str) -> Vec<u8> {
    keys.seal(&past(id), text.as_bytes())
}

pub(crate) fn open_identity(keys: &Keys, id: i64, sealed: &[u8]) -> Result<String, RegistryError> {
    let text = keys.open(&person(id), sealed).map_err(|cause| RegistryError::Seal { table: "person", cause })?;
    String::from_utf8(text).map_err(|_| RegistryError::Damaged { table: "person", cause: "an identity is no text" })
}

fn person(id: i64) -> String {
    format!("person {id}")
}

fn past(id: i64) -> String {
    format!("person_past {id}")
}

fn part(blob: &[u8], at: usize) -> Option<String> {
    let text = std::str::from_utf8(blob).ok()?;
    text.split(SEPARATOR).nth(at).filter(|part| !part.is_empty()).map(str::to_owned)
}
