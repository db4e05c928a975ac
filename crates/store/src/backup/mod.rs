//! The whole database as one file, taken while others work, and put back into an empty one.
//!
//! SQLite copies itself in one reading transaction; PostgreSQL's own `pg_dump` and `pg_restore` do the work there, on
//! the snapshot that is counted. What is sealed stays sealed: the file is worth nothing without the keys.

mod postgres;
mod sqlite;

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Database, DatabaseUrl, Dialect, Session, StoreError, audit};

/// What a file holds, to compare with what comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// Number and hash of the last entry of the audit chain.
    pub audit: Option<(i64, String)>,
}

/// Why a database can't be put away or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{path}: {cause}")]
    File { path: String, cause: std::io::Error },
    #[error("{program} can't be run: {cause}; install PostgreSQL's client tools of the server's version")]
    Program { program: &'static str, cause: std::io::Error },
    /// The program's own words, without addresses.
    #[error("{program} failed: {said}")]
    Failed { program: &'static str, said: String },
    #[error("the database is not empty: bring back into a new one")]
    NotEmpty,
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A file of one kind of database for the other.
    #[error("this backup is of the other kind of database")]
    Kind,
}

/// Writes the database into a new file.
///
/// # Errors
/// `Store`, `File`, `Program`, `Failed`.
pub fn dump(database: &Database, to: &Path) -> Result<Contents, BackupFault> {
    match database.url() {
        DatabaseUrl::Postgres(address) => postgres::dump(database, address, to),
        _ => sqlite::dump(database, to),
    }
}

/// Fills a new, empty database from a file.
///
/// # Errors
/// As [`dump`]; `NotEmpty`, `Damaged`.
pub fn restore(from: &Path, to: &DatabaseUrl) -> Result<(), BackupFault> {
    match to {
        DatabaseUrl::Postgres(address) => postgres::restore(from, address, to),
        DatabaseUrl::Sqlite(path) => sqlite::restore(from, path),
        DatabaseUrl::Temporary => Err(BackupFault::Kind),
    }
}

/// What a database holds at this moment.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn contents(session: &mut Session) -> Result<Contents, StoreError> {
    if session.in_transaction() { count(session) } else { session.reading(count) }
}

fn count(session: &mut Session) -> Result<Contents, StoreError> {
    let names = match session.dialect() {
        Dialect::Sqlite => session.query(include_str!("../../sql/table_names.sqlite.sql"), &[])?,
        Dialect::Postgres => session.query(include_str!("../../sql/table_names.postgres.sql"), &[])?,
    };
    let mut rows = BTreeMap::new();
    for name in names.iter().map(|row| row.text(0)) {
        let name = name?;
        // The catalogue's own names; a table's name can't be a parameter.
        let counted = session.query_one(&format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\"")), &[])?;
        rows.insert(name.to_owned(), counted.int(0)?);
    }
    let audit = if rows.contains_key("audit_head") { audit::end(session)? } else { None };
    Ok(Contents { rows, audit })
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> BackupFault {
    let path = path.display().to_string();
    move |cause| BackupFault::File { path, cause }
}
