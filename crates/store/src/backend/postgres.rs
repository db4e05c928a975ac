//! PostgreSQL, and what speaks its protocol.

use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use fallible_iterator::FallibleIterator;
use postgres::error::SqlState;
use postgres::types::Type;
use postgres::{Client, Config, NoTls, Statement};

use super::postgres_types::{encode, misfit};
use super::sqlite::unstorable;
use crate::error::{Constraint, StoreError, label};
use crate::{Row, Value, ValueRef};

/// How many prepared statements a connection keeps before it starts afresh.
const PREPARED: usize = 256;
/// Rows are gathered to this many bytes before they are sent.
const COPY_CHUNK: usize = 256 * 1024;

pub(crate) struct Postgres {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    pub(crate) fn open(address: &str, shown: &str, busy: Duration) -> Result<Self, StoreError> {
        let fault = |cause: String| StoreError::Open { database: shown.to_owned(), cause };
        let mut config: Config = address.parse().map_err(|_| fault("the address can't be read".to_owned()))?;
        config.application_name("yilian").connect_timeout(Duration::from_secs(10));
        let mut client = config.connect(NoTls).map_err(|e| fault(connect_cause(&e)))?;
        let setup = format!(
            "SET lock_timeout = {}; SET client_min_messages = warning; SET TimeZone = 'UTC'",
            busy.as_millis().max(1)
        );
        client.batch_execute(&setup).map_err(|e| fault(connect_cause(&e)))?;
        Ok(Self { client, prepared: HashMap::new() })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| fault_of(&e, sql))?;
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        check_params(&statement, params, sql)?;
        let mut rows = self.client.query_raw(&statement, params).map_err(|e| fault_of(&e, sql))?;
        while rows.next().map_err(|e| fault_of(&e, sql))?.is_some() {}
        Ok(rows.rows_affected().filter(|_| !is_select(sql)).unwrap_or(0))
    }

    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        check_params(&statement, params, sql)?;
        let name: Arc<str> = label(sql).into();
        let mut rows = self.client.query_raw(&statement, params).map_err(|e| fault_of(&e, sql))?;
        while let Some(row) = rows.next().map_err(|e| fault_of(&e, sql))? {
            if each(Row::postgres(row, &name)).is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.prepared.clear();
        self.client.batch_execute(sql).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn check(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.prepare(sql).map(drop).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        let sql = if write { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
        self.client.batch_execute(sql).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.client.batch_execute("COMMIT").map_err(|e| fault_of(&e, "COMMIT"))
    }

    pub(crate) fn rollback(&mut self) {
        if let Err(e) = self.client.batch_execute("ROLLBACK") {
            tracing::warn!(error = %fault_of(&e, "ROLLBACK"), "could not roll back");
        }
    }

    pub(crate) fn answers(&mut self) -> bool {
        self.client.is_valid(Duration::from_secs(2)).is_ok()
    }

    pub(crate) fn is_usable(&self) -> bool {
        !self.client.is_closed()
    }

    /// Begins a binary COPY for rows of exactly these columns.
    pub(crate) fn copy(&mut self, table: &str, columns: &str) -> Result<CopySink<'_>, StoreError> {
        let shape = format!("SELECT {columns} FROM {table} LIMIT 0");
        let types = self.prepared(&shape)?.columns().iter().map(|c| c.type_().clone()).collect();
        let sql = format!("COPY {table} ({columns}) FROM STDIN BINARY");
        let writer = self.client.copy_in(&sql).map_err(|e| fault_of(&e, &sql))?;
        let mut buffer = BytesMut::with_capacity(COPY_CHUNK * 2);
        buffer.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
        Ok(CopySink { writer, types, buffer, sql })
    }
}

/// Takes rows for one COPY.
pub(crate) struct CopySink<'c> {
    writer: postgres::CopyInWriter<'c>,
    types: Vec<Type>,
    buffer: BytesMut,
    sql: String,
}

impl CopySink<'_> {
    pub(crate) fn row<'v>(&mut self, values: impl Iterator<Item = ValueRef<'v>>) -> Result<(), StoreError> {
        self.buffer.put_i16(i16::try_from(self.types.len()).expect("a table has fewer than 1,600 columns"));
        for (index, (value, ty)) in values.zip(&self.types).enumerate() {
            if !value.is_storable() {
                return Err(unstorable(index + 1, &self.sql));
            }
            let unfit = |cause| StoreError::Unstorable { parameter: index + 1, cause, statement: label(&self.sql) };
            if let Some(cause) = misfit(value, ty) {
                return Err(unfit(cause));
            }
            let at = self.buffer.len();
            self.buffer.put_i32(-1);
            if !encode(value, ty, &mut self.buffer).map_err(|_| unfit("out of range".to_owned()))? {
                let length = i32::try_from(self.buffer.len() - at - 4).map_err(|_| unfit("too long".to_owned()))?;
                self.buffer[at..at + 4].copy_from_slice(&length.to_be_bytes());
            }
        }
        if self.buffer.len() >= COPY_CHUNK { self.send() } else { Ok(()) }
    }

    /// Ends the load; a sink dropped before this loads nothing.
    pub(crate) fn finish(mut self) -> Result<u64, StoreError> {
        self.buffer.put_i16(-1);
        self.send()?;
        self.writer.finish().map_err(|e| fault_of(&e, &self.sql))
    }

    fn send(&mut self) -> Result<(), StoreError> {
        let sent = self.writer.write_all(&self.buffer);
        self.buffer.clear();
        sent.map_err(|e| {
            let inner = e.get_ref().and_then(|inner| inner.downcast_ref::<postgres::Error>());
            inner.map_or_else(|| StoreError::Lost { statement: label(&self.sql) }, |e| fault_of(e, &self.sql))
        })
    }
}

fn check_params(statement: &Statement, params: &[Value], sql: &str) -> Result<(), StoreError> {
    let wanted = statement.params();
    if wanted.len() != params.len() {
        let cause = format!("{} parameters in the text, {} given", wanted.len(), params.len());
        return Err(StoreError::Statement { cause, statement: label(sql) });
    }
    for (index, (value, ty)) in params.iter().zip(wanted).enumerate() {
        if !value.as_ref().is_storable() {
            return Err(unstorable(index + 1, sql));
        }
        if let Some(cause) = misfit(value.as_ref(), ty) {
            return Err(StoreError::Unstorable { parameter: index + 1, cause, statement: label(sql) });
        }
    }
    Ok(())
}

pub(crate) fn is_select(sql: &str) -> bool {
    let label = label(sql);
    let word = label.split(' ').next().unwrap_or("");
    word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("values")
}

/// What the driver says of an address holds no data of people, and never the password.
fn connect_cause(error: &postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return db.message().to_owned();
    }
    let unreachable = std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>());
    if unreachable { "no server answers at that address".to_owned() } else { error.to_string() }
}

/// Translates by SQLSTATE. The server's texts may quote values; only those of class 42, which speak of the
/// statement's own words, are passed on.
pub(crate) fn fault_of(error: &postgres::Error, sql: &str) -> StoreError {
    let statement = label(sql);
    let Some(db) = error.as_db_error() else {
        if error.is_closed() || std::error::Error::source(error).is_some_and(|s| s.is::<std::io::Error>()) {
            return StoreError::Lost { statement };
        }
        return StoreError::Refused { code: "driver".to_owned(), statement };
    };
    let code = db.code();
    let named = |name: Option<&str>| name.unwrap_or("").to_owned();
    let constraint =
        |kind, name: Option<&str>, statement| StoreError::Constraint { kind, name: named(name), statement };
    match *code {
        SqlState::UNIQUE_VIOLATION => constraint(Constraint::Unique, db.constraint(), statement),
        SqlState::FOREIGN_KEY_VIOLATION => constraint(Constraint::ForeignKey, db.constraint(), statement),
        SqlState::NOT_NULL_VIOLATION => {
            let name = format!("{}.{}", named(db.table()), named(db.column()));
            StoreError::Constraint { kind: Constraint::NotNull, name, statement }
        }
        SqlState::CHECK_VIOLATION => constraint(Constraint::Check, db.constraint(), statement),
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::TOO_MANY_CONNECTIONS => StoreError::Busy { statement },
        SqlState::DISK_FULL => StoreError::Full { statement },
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => StoreError::Damaged { statement },
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            StoreError::Statement { cause: "writing where only reading is allowed".to_owned(), statement }
        }
        _ => match code.code().get(..2) {
            Some("08" | "57") => StoreError::Lost { statement },
            Some("42") => StoreError::Statement { cause: db.message().to_owned(), statement },
            _ => StoreError::Refused { code: code.code().to_owned(), statement },
        },
    }
}
