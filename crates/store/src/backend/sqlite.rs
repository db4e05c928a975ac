//! SQLite: one file, write-ahead log, one writer at a time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::ffi::{self, ErrorCode};
use rusqlite::{CachedStatement, Connection, OpenFlags, Statement};

use crate::error::{Constraint, StoreError, label};
use crate::{Row, Value, ValueRef};

/// How many prepared statements a connection keeps.
const PREPARED: usize = 256;

const ONLY_READING: &str = "writing where only reading is allowed";

pub(crate) struct Sqlite {
    connection: Connection,
    /// Of statements that were bound: SQLite is asked for its parameters' names once.
    positions: RefCell<HashMap<String, Arc<[usize]>>>,
    reading: bool,
}

impl Sqlite {
    /// Opens or creates the file, readable by its owner only.
    pub(crate) fn open(path: &Path, busy: Duration) -> Result<Self, StoreError> {
        let fault = |cause: String| StoreError::Open { database: path.display().to_string(), cause };
        create_private(path).map_err(|e| fault(e.to_string()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| fault(code_of(&e)))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        let setup = || -> rusqlite::Result<String> {
            connection.busy_timeout(busy)?;
            let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
            // As PostgreSQL has it: LIKE tells capitals from small letters, "x" is a name and never a text.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
            // A plan does not hang on the values bound: with partial indexes each new value would be planned anew.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            // Of a file up to the most that SQLite maps nothing is copied to be read. The log is written back once for all
            // that a usual night changes, and not again and again.
            connection.execute_batch(
                "PRAGMA case_sensitive_like = ON;
                 PRAGMA synchronous = NORMAL;
                 PRAGMA foreign_keys = ON;
                 PRAGMA cache_size = -32768;
                 PRAGMA mmap_size = 2147418112;
                 PRAGMA temp_store = MEMORY;
                 PRAGMA wal_autocheckpoint = 16000;
                 PRAGMA journal_size_limit = 67108864;
                 PRAGMA trusted_schema = OFF;",
            )?;
            Ok(mode)
        };
        match setup() {
            Ok(mode) if mode == "wal" => Ok(Self { connection, positions: RefCell::default(), reading: false }),
            Ok(_) => Err(fault("this file system can't hold a write-ahead log: use a local disk".to_owned())),
            Err(e) => Err(match fault_of(&e, "open") {
                StoreError::Statement { .. } | StoreError::Refused { .. } => fault(code_of(&e)),
                other => other,
            }),
        }
    }

    /// Whoever only reads is held to it here: `PRAGMA query_only` would make SQLite prepare every statement anew.
    fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        let statement = self.connection.prepare_cached(sql).map_err(|e| fault_of(&e, sql))?;
        if self.reading && !statement.readonly() {
            return Err(StoreError::Statement { cause: ONLY_READING.to_owned(), statement: label(sql) });
        }
        Ok(statement)
    }

    fn bind_all(&self, statement: &mut Statement<'_>, params: &[Value], sql: &str) -> Result<(), StoreError> {
        let positions = self.positions_of(statement, sql)?;
        let wanted = positions.iter().max().copied().unwrap_or(0);
        if wanted != params.len() {
            let cause = format!("{wanted} parameters in the text, {} given", params.len());
            return Err(StoreError::Statement { cause, statement: label(sql) });
        }
        for (slot, number) in positions.iter().enumerate() {
            let value = params[number - 1].as_ref();
            if !value.is_storable() {
                return Err(unstorable(*number, sql));
            }
            bind(statement, slot + 1, value).map_err(|e| fault_of(&e, sql))?;
        }
        Ok(())
    }

    fn positions_of(&self, statement: &Statement<'_>, sql: &str) -> Result<Arc<[usize]>, StoreError> {
        let mut known = self.positions.borrow_mut();
        if let Some(positions) = known.get(sql) {
            return Ok(Arc::clone(positions));
        }
        if known.len() >= PREPARED {
            known.clear();
        }
        let positions: Arc<[usize]> = positions(statement, sql)?.into();
        known.insert(sql.to_owned(), Arc::clone(&positions));
        Ok(positions)
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.prepared(sql)?;
        self.bind_all(&mut statement, params, sql)?;
        let mut rows = statement.raw_query();
        while rows.next().map_err(|e| fault_of(&e, sql))?.is_some() {}
        drop(rows);
        // After a schema change SQLite still reports the last count of changed rows.
        Ok(if statement.readonly() || !changes_rows(sql) { 0 } else { self.connection.changes() })
    }

    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepared(sql)?;
        self.bind_all(&mut statement, params, sql)?;
        let name: Arc<str> = label(sql).into();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| fault_of(&e, sql))? {
            if each(Row::sqlite(row, &name)).is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn check(&mut self, sql: &str) -> Result<(), StoreError> {
        let statement = self.connection.prepare(sql).map_err(|e| fault_of(&e, sql))?;
        positions(&statement, sql).map(drop)
    }

    pub(crate) fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        self.batch(if write { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
        self.reading = !write;
        Ok(())
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT")?;
        self.reading = false;
        Ok(())
    }

    pub(crate) fn rollback(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(e) = self.batch("ROLLBACK")
        {
            tracing::warn!(error = %e, "could not roll back");
        }
        self.reading = false;
    }

    pub(crate) fn is_usable(&self) -> bool {
        self.connection.is_autocommit() && !self.reading
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// `None` for text that is not UTF-8.
pub(crate) fn from_sqlite(value: rusqlite::types::ValueRef<'_>) -> Option<ValueRef<'_>> {
    use rusqlite::types::ValueRef as V;
    Some(match value {
        V::Null => ValueRef::Null,
        V::Integer(n) => ValueRef::Int(n),
        V::Real(x) => ValueRef::Real(x),
        V::Text(t) => ValueRef::Text(std::str::from_utf8(t).ok()?),
        V::Blob(b) => ValueRef::Blob(b),
    })
}

pub(crate) fn bind(statement: &mut Statement<'_>, slot: usize, value: ValueRef<'_>) -> rusqlite::Result<()> {
    use rusqlite::types::{ToSqlOutput, ValueRef as V};
    let value = match value {
        ValueRef::Null => V::Null,
        ValueRef::Int(n) => V::Integer(n),
        ValueRef::Real(x) => V::Real(x),
        ValueRef::Text(t) => V::Text(t.as_bytes()),
        ValueRef::Blob(b) => V::Blob(b),
    };
    statement.raw_bind_parameter(slot, ToSqlOutput::Borrowed(value))
}

pub(crate) fn unstorable(parameter: usize, sql: &str) -> StoreError {
    let cause = "a text with a zero byte or a number that is none".to_owned();
    StoreError::Unstorable { parameter, cause, statement: label(sql) }
}

fn changes_rows(sql: &str) -> bool {
    let label = label(sql);
    let word = label.split(' ').next().unwrap_or("");
    ["insert", "update", "delete", "with", "replace"].iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// For each slot, in SQLite's order of first appearance, the N of its `$N`.
fn positions(statement: &Statement<'_>, sql: &str) -> Result<Vec<usize>, StoreError> {
    (1..=statement.parameter_count())
        .map(|slot| {
            let name = statement.parameter_name(slot).unwrap_or("?");
            let number = name.strip_prefix('$').and_then(|n| n.parse().ok()).filter(|n| *n > 0);
            number.ok_or_else(|| StoreError::Statement {
                cause: format!("parameter {name} is not of the form $1; write a cast as CAST($1 AS BIGINT)"),
                statement: label(sql),
            })
        })
        .collect()
}

/// A new database is readable by its owner alone; SQLite gives its side files the same mode. A file that is there is not
/// opened: closing it would drop every lock this process has on it, and another process that leaves would take itself for
/// the last one and remove the log from under us.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

fn code_of(error: &rusqlite::Error) -> String {
    error
        .sqlite_error()
        .map_or_else(|| "unexpected answer".to_owned(), |e| ffi::code_to_str(e.extended_code).to_owned())
}

/// Translates by code. SQLite's texts name tables and columns, never values.
pub(crate) fn fault_of(error: &rusqlite::Error, sql: &str) -> StoreError {
    let statement = label(sql);
    let (failure, message) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => (*failure, message.clone().unwrap_or_default()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (*error, msg.clone()),
        rusqlite::Error::MultipleStatement => {
            return StoreError::Statement { cause: "several statements in one text".to_owned(), statement };
        }
        other => return StoreError::Statement { cause: kind_of(other).to_owned(), statement },
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { statement },
        ErrorCode::DiskFull => StoreError::Full { statement },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged { statement },
        ErrorCode::SystemIoFailure => StoreError::Lost { statement },
        ErrorCode::ConstraintViolation => constraint(failure.extended_code, &message, statement),
        ErrorCode::ReadOnly => StoreError::Statement { cause: ONLY_READING.to_owned(), statement },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            StoreError::Open { database: statement, cause: ffi::code_to_str(failure.extended_code).to_owned() }
        }
        ErrorCode::Unknown => StoreError::Statement { cause: message, statement },
        _ => StoreError::Refused { code: format!("sqlite {}", failure.extended_code), statement },
    }
}

fn kind_of(error: &rusqlite::Error) -> &'static str {
    match error {
        rusqlite::Error::InvalidParameterCount(..) => "wrong number of parameters",
        rusqlite::Error::NulError(_) => "a zero byte in the text",
        _ => "unexpected answer of the driver",
    }
}

fn constraint(extended: i32, message: &str, statement: String) -> StoreError {
    let name = message.rsplit(": ").next().unwrap_or("").to_owned();
    let kind = match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Constraint::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => {
            return StoreError::Constraint { kind: Constraint::ForeignKey, name: String::new(), statement };
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => Constraint::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => Constraint::Check,
        _ => return StoreError::Refused { code: format!("sqlite {extended}"), statement },
    };
    StoreError::Constraint { kind, name, statement }
}
