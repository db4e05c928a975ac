//! Loading a verified return: its files are kept beside, its figures go into the tables, in one transaction.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode};
use policy::column::Table;
use policy::value::Value;
use store::audit::Entry;
use store::{Keys, Session, Value as Stored};

use crate::make::{clear, file};
use crate::tables::{INDICATOR_COLUMNS, RULE_COLUMNS};
use crate::{ReturnError, Verified};

/// What became of a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub county: DivisionCode,
    pub as_of: Date,
    pub revision: u32,
    /// It had been loaded before; nothing changed.
    pub known: bool,
}

/// Keeps the files below `kept` and writes the figures; the same return twice changes nothing.
///
/// # Errors
/// `Older` when a later revision of the day is loaded; those of the store; nothing was loaded then.
pub fn load(
    session: &mut Session,
    keys: &Keys,
    verified: &Verified,
    kept: &Path,
    (on, at, by): (Date, DateTime<Utc>, &str),
) -> Result<Loaded, ReturnError> {
    let manifest = &verified.manifest;
    let done = |known| Loaded { county: manifest.county, as_of: manifest.as_of, revision: manifest.revision, known };
    let (county, day) = (manifest.county.to_string(), manifest.as_of);
    if is_known(session, verified)? {
        return Ok(done(true));
    }
    keep(verified, kept)?;
    session.transaction(|tx| {
        if is_known(tx, verified)? {
            return Ok(done(true));
        }
        tx.exec(include_str!("../sql/load_supersede.sql"), &[county.as_str().into(), day.into()])?;
        let id = store::next_ids(tx, "return_load", 1)?.start;
        let count = |n: u64| Stored::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let values = [
            id.into(),
            county.as_str().into(),
            day.into(),
            manifest.revision.into(),
            manifest.pack.as_str().into(),
            manifest.pack_version.as_str().into(),
            verified.digest.as_str().into(),
            manifest.public_key.as_str().into(),
            manifest.made_at.as_str().into(),
            on.into(),
            count(manifest.people),
            count(manifest.places),
        ];
        tx.exec(include_str!("../sql/load_insert.sql"), &values)?;
        insert(tx, id, "return_indicator", &INDICATOR_COLUMNS.map(|(key, _)| key), &verified.indicators)?;
        insert(tx, id, "return_rule", &RULE_COLUMNS.map(|(key, _)| key), &verified.rules)?;
        let detail = serde_json::json!({ "as_of": day, "revision": manifest.revision, "digest": verified.digest });
        let entry = Entry { at, actor: by, action: "return.load", subject: &county, detail: &detail };
        store::audit::append(tx, keys, &entry)?;
        Ok(done(false))
    })
}

/// Whether this very return is loaded; a later one in its place is a fault.
fn is_known(session: &mut Session, verified: &Verified) -> Result<bool, ReturnError> {
    let manifest = &verified.manifest;
    let key = [manifest.county.to_string().into(), manifest.as_of.into()];
    let Some(row) = session.query_opt(include_str!("../sql/load_of_day.sql"), &key)? else { return Ok(false) };
    let (standing, digest) = (row.int(0)?, row.text(1)?);
    if digest == verified.digest {
        return Ok(true);
    }
    if i64::from(manifest.revision) <= standing {
        let (county, as_of, revision) = (manifest.county, manifest.as_of, manifest.revision);
        return Err(ReturnError::Older { county, as_of, revision, standing });
    }
    Ok(false)
}

fn insert(tx: &mut Session, load: i64, table: &str, keys: &[&str], rows: &Table) -> Result<(), ReturnError> {
    let columns: Vec<&str> = std::iter::once("load").chain(keys.iter().copied()).collect();
    let stored = |value: Value| match value {
        Value::Null => Stored::Null,
        Value::Bool(yes) => Stored::Int(i64::from(yes)),
        Value::Int(n) | Value::Fen(n) => Stored::Int(n),
        Value::Float(x) => Stored::Real(x),
        Value::Decimal { .. } | Value::Date(_) | Value::Text(_) => Stored::Text(value.to_string()),
    };
    let line = |row: usize| -> Vec<Stored> {
        std::iter::once(Stored::Int(load)).chain(keys.iter().map(|key| stored(rows.get(row, key)))).collect()
    };
    tx.bulk_insert(table, &columns, (0..rows.rows()).map(line))?;
    Ok(())
}

/// The files as they came, for tables that pages don't show: `county=…/as_of=…/revision=…`.
fn keep(verified: &Verified, kept: &Path) -> Result<(), ReturnError> {
    let manifest = &verified.manifest;
    let day = kept.join(format!("county={}", manifest.county)).join(format!("as_of={}", manifest.as_of));
    fs::create_dir_all(&day).map_err(file("create", &day))?;
    let (place, staging) = (day.join(format!("revision={}", manifest.revision)), day.join(".staging"));
    clear(&staging)?;
    fs::create_dir(&staging).map_err(file("create", &staging))?;
    for entry in fs::read_dir(&verified.folder).map_err(file("list", &verified.folder))? {
        let from = entry.map_err(file("list", &verified.folder))?.path();
        let to = staging.join(from.file_name().unwrap_or_default());
        fs::copy(&from, &to).map_err(file("write", &to))?;
    }
    clear(&place)?;
    fs::rename(&staging, &place).map_err(file("publish", &place))
}
