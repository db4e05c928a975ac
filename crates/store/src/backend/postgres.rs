//! PostgreSQL, and what speaks its protocol.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, TryStreamExt};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, CopyInSink, NoTls, Statement};

use super::postgres_types::{encode, misfit};
use super::sqlite::unstorable;
use crate::error::{Constraint, StoreError, label};
use crate::{Row, Value, ValueRef};

/// How many prepared statements a connection keeps before it starts afresh.
const PREPARED: usize = 256;
/// Rows are gathered to this many bytes before they are sent.
const COPY_CHUNK: usize = 256 * 1024;
/// Rows taken from the driver at a time: entering its runtime for each row costs more than the row.
const ROWS: usize = 512;

/// However the server is set: what was committed must outlast its crash, for files go once they are taken; and statements
/// that read whole tables plainly are not compiled first.
const SETTLED: &str = "SELECT set_config(s.name, w.wanted, false) \
    FROM pg_settings s JOIN (VALUES ('synchronous_commit', 'off', 'on'), ('jit', 'on', 'off')) AS w(name, set, wanted) \
    ON s.name = w.name AND s.setting = w.set";

pub(crate) struct Postgres {
    client: Client,
    /// Drives the connection while someone waits for it, on the waiting thread.
    runtime: Runtime,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    pub(crate) fn open(address: &str, shown: &str, busy: Duration) -> Result<Self, StoreError> {
        let fault = |cause: String| StoreError::Open { database: shown.to_owned(), cause };
        let mut config: Config = address.parse().map_err(|_| fault("the address can't be read".to_owned()))?;
        config.application_name("yilian").connect_timeout(Duration::from_secs(10));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| fault(e.kind().to_string()))?;
        let (client, connection) = runtime.block_on(config.connect(NoTls)).map_err(|e| fault(connect_cause(&e)))?;
        // Whoever waits on the client is told when the connection ends.
        runtime.spawn(async { drop(connection.await) });
        let setup = format!(
            "SET lock_timeout = {}; SET client_min_messages = warning; SET TimeZone = 'UTC'; {SETTLED}",
            busy.as_millis().max(1)
        );
        runtime.block_on(client.batch_execute(&setup)).map_err(|e| fault(connect_cause(&e)))?;
        Ok(Self { client, runtime, prepared: HashMap::new() })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.runtime.block_on(self.client.prepare(sql)).map_err(|e| fault_of(&e, sql))?;
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        check_params(&statement, params, sql)?;
        let run = async {
            let mut rows = pin!(self.client.query_raw(&statement, params).await?);
            while rows.try_next().await?.is_some() {}
            Ok(rows.rows_affected())
        };
        let changed = self.runtime.block_on(run).map_err(|e| fault_of(&e, sql))?;
        Ok(changed.filter(|_| !is_select(sql)).unwrap_or(0))
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
        let asked = self.runtime.block_on(self.client.query_raw(&statement, params));
        let mut rows = pin!(asked.map_err(|e| fault_of(&e, sql))?);
        let mut some = Vec::with_capacity(ROWS);
        loop {
            let fill = async {
                while some.len() < ROWS {
                    match rows.try_next().await? {
                        Some(row) => some.push(row),
                        None => break,
                    }
                }
                Ok(())
            };
            self.runtime.block_on(fill).map_err(|e| fault_of(&e, sql))?;
            let is_last = some.len() < ROWS;
            for row in some.drain(..) {
                if each(Row::postgres(row, &name)).is_break() {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.prepared.clear();
        self.run(sql)
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn check(&mut self, sql: &str) -> Result<(), StoreError> {
        self.runtime.block_on(self.client.prepare(sql)).map(drop).map_err(|e| fault_of(&e, sql))
    }

    pub(crate) fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        let sql = if write { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
        self.run(sql)
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.run("COMMIT")
    }

    pub(crate) fn rollback(&mut self) {
        if let Err(error) = self.run("ROLLBACK") {
            tracing::warn!(%error, "could not roll back");
        }
    }

    pub(crate) fn answers(&mut self) -> bool {
        let asked = async { timeout(Duration::from_secs(2), self.client.batch_execute("")).await };
        matches!(self.runtime.block_on(asked), Ok(Ok(())))
    }

    pub(crate) fn is_usable(&self) -> bool {
        !self.client.is_closed()
    }

    /// Begins a binary COPY for rows of exactly these columns.
    pub(crate) fn copy(&mut self, table: &str, columns: &str) -> Result<CopySink<'_>, StoreError> {
        let shape = format!("SELECT {columns} FROM {table} LIMIT 0");
        let types = self.prepared(&shape)?.columns().iter().map(|c| c.type_().clone()).collect();
        let sql = format!("COPY {table} ({columns}) FROM STDIN BINARY");
        let sink = self.runtime.block_on(self.client.copy_in(&sql)).map_err(|e| fault_of(&e, &sql))?;
        let mut buffer = BytesMut::with_capacity(COPY_CHUNK * 2);
        buffer.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
        Ok(CopySink { runtime: &self.runtime, sink: Box::pin(sink), types, buffer, sql })
    }
}

/// Takes rows for one COPY.
pub(crate) struct CopySink<'c> {
    runtime: &'c Runtime,
    sink: Pin<Box<CopyInSink<Bytes>>>,
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
        self.runtime.block_on(self.sink.as_mut().finish()).map_err(|e| fault_of(&e, &self.sql))
    }

    fn send(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::replace(&mut self.buffer, BytesMut::with_capacity(COPY_CHUNK * 2)).freeze();
        self.runtime.block_on(self.sink.send(rows)).map_err(|e| fault_of(&e, &self.sql))
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
fn connect_cause(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return db.message().to_owned();
    }
    let unreachable = std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>());
    if unreachable { "no server answers at that address".to_owned() } else { error.to_string() }
}

/// Translates by SQLSTATE. The server's texts may quote values; only those of class 42, which speak of the
/// statement's own words, are passed on.
pub(crate) fn fault_of(error: &tokio_postgres::Error, sql: &str) -> StoreError {
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
