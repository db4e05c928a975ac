//! What is compared, opened: names and numbers, in memory only.

use std::collections::BTreeMap;

use kernel::IdNumber;
use store::{Keys, Session};

use super::FIELDS;
use super::evidence::Evidence;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::people::open_identity;
use crate::rows::SEPARATOR;
use crate::sources::ScopeBy;

/// A record in the form in which it is compared, in the order of [`FIELDS`].
pub(super) type Record = [String; FIELDS.len()];

/// A person a record may be about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    pub person: i64,
    pub probability: f64,
    pub evidence: Evidence,
}

/// Everyone in the registry, by id; with `only`, some of them.
pub(super) fn people(
    tx: &mut Session,
    keys: &Keys,
    index: &LinkIndex,
    only: impl Fn(i64) -> bool,
) -> Result<BTreeMap<i64, Record>, RegistryError> {
    let mut people = BTreeMap::new();
    tx.query_each(include_str!("../../sql/person_identities.sql"), &[], |row| {
        let id = row.int(0)?;
        if only(id) {
            let home = index.division(id, ScopeBy::Residence).map(|code| code.to_string()).unwrap_or_default();
            people.insert(id, record(&open_identity(keys, id, row.blob(1)?)?, home));
        }
        Ok::<_, RegistryError>(())
    })?;
    Ok(people)
}

pub(super) fn record(identity: &str, home: String) -> Record {
    let mut parts = identity.split(SEPARATOR).map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (number, name, phone, address) = (next(), next(), next(), next());
    let (birth, sex, written) = (next(), next(), next());
    // Without a number the identity says itself what would be read there.
    let (number, birth, sex) = match IdNumber::parse(&number).ok() {
        Some(id) => (number, id.birth_date().to_string(), id.sex().to_string()),
        None if number.is_empty() => (written, birth, sex),
        None => (number, birth, sex),
    };
    [number, name, birth, sex, phone, address, home]
}
