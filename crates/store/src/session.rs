//! One connection, used by one thread at a time.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::backend::Backend;
use crate::backend::postgres::is_select;
use crate::database::Pool;
use crate::{Dialect, Row, StoreError, Value};

/// A connection borrowed from the pool; dropping it gives it back.
///
/// SQL is the same text for both databases: parameters are `$1`, `$2` …, a cast is `CAST($1 AS BIGINT)`.
/// Statements are prepared once and kept. Where nulls may be sorted, say `NULLS FIRST` or `NULLS LAST`: the two
/// databases differ. Truth is written as a comparison (`flag = 1`) and read as 0/1.
pub struct Session {
    backend: Option<Backend>,
    pool: Arc<Pool>,
    transaction: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    None,
    Open,
    /// A statement failed: PostgreSQL refuses everything until the rollback, so SQLite does too.
    Failed,
}

impl Session {
    pub(crate) fn new(backend: Backend, pool: Arc<Pool>) -> Self {
        Self { backend: Some(backend), pool, transaction: State::None }
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.backend.as_ref().expect("held until drop").dialect()
    }

    /// Another connection to the same database, for work beside this one's. It sees what is committed.
    ///
    /// # Errors
    /// As [`crate::Database::session`].
    pub fn another(&self) -> Result<Self, StoreError> {
        Ok(Self::new(self.pool.take()?, Arc::clone(&self.pool)))
    }

    #[must_use]
    pub fn in_transaction(&self) -> bool {
        self.transaction != State::None
    }

    /// Runs a statement; returns the number of rows it changed.
    ///
    /// # Errors
    /// Every `StoreError` of a statement; inside a transaction it is then lost and must be rolled back.
    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.on_backend(|b| b.exec(sql, params))
    }

    /// Runs several statements without parameters, for schemas. No statement may hold a person's data.
    ///
    /// # Errors
    /// As [`Session::exec`].
    pub fn exec_batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.on_backend(|b| b.batch(sql))
    }

    /// Checks that the statement can run here, without running it.
    ///
    /// # Errors
    /// `Statement` when it can't.
    pub fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        self.on_backend(|b| b.prepare(sql))
    }

    /// All rows of a result, in memory.
    ///
    /// # Errors
    /// As [`Session::exec`].
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row<'static>>, StoreError> {
        let mut rows = Vec::new();
        let mut fault = None;
        self.asking(sql, |b| {
            rows.clear();
            b.query(sql, params, &mut |row| match row.into_owned() {
                Ok(row) => {
                    rows.push(row);
                    ControlFlow::Continue(())
                }
                Err(e) => {
                    fault = Some(e);
                    ControlFlow::Break(())
                }
            })
        })?;
        fault.map_or(Ok(rows), Err)
    }

    /// Each row as it arrives, without holding the result; texts are borrowed from the row.
    ///
    /// # Errors
    /// As [`Session::exec`], and whatever `each` returns, which ends the reading.
    pub fn query_each<E: From<StoreError>>(
        &mut self,
        sql: &str,
        params: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut fault = None;
        self.on_backend(|b| {
            b.query(sql, params, &mut |row| match each(&row) {
                Ok(()) => ControlFlow::Continue(()),
                Err(e) => {
                    fault = Some(e);
                    ControlFlow::Break(())
                }
            })
        })?;
        fault.map_or(Ok(()), Err)
    }

    /// The one row of a result.
    ///
    /// # Errors
    /// `RowCount` when there is none or several.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row<'static>, StoreError> {
        let found = self.query_opt(sql, params)?;
        found.ok_or_else(|| StoreError::RowCount { found: 0, statement: crate::error::label(sql) })
    }

    /// The one row of a result, if there is one.
    ///
    /// # Errors
    /// `RowCount` when there are several.
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row<'static>>, StoreError> {
        let mut rows = self.query(sql, params)?;
        if rows.len() > 1 {
            return Err(StoreError::RowCount { found: rows.len(), statement: crate::error::label(sql) });
        }
        Ok(rows.pop())
    }

    /// Writes back what lies in a log before the database's file, while others go on reading and writing; nothing where
    /// there is no such log. Sooner or later it happens anyway, to whoever writes then or leaves last.
    ///
    /// # Errors
    /// Every `StoreError` of a statement; nothing is lost by it.
    pub fn write_log_back(&mut self) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Sqlite => self.exec_batch("PRAGMA wal_checkpoint(PASSIVE)"),
            Dialect::Postgres => Ok(()),
        }
    }

    /// Has the database count a table anew when this process has loaded tens of thousands of rows into it since; nothing
    /// where questions are not planned by such counts. PostgreSQL counts by itself sooner or later, and until then takes
    /// what it has never counted, such as a new source's statements, for one row: a question about some people of them
    /// then reads all of them.
    ///
    /// # Errors
    /// Every `StoreError` of a statement.
    pub fn count_anew(&mut self, table: &'static str) -> Result<(), StoreError> {
        if self.pool.take_uncounted(table) {
            self.exec_batch(&format!("ANALYZE {table}"))?;
        }
        Ok(())
    }

    /// Does the work in one transaction: committed when it returns `Ok`, rolled back when it fails or panics.
    ///
    /// Takes the write lock at once on SQLite, so that it can't fail half-way for want of it.
    ///
    /// # Errors
    /// `Nested` inside another transaction; `Aborted` when the work swallowed a statement's failure.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run_in_transaction(true, work)
    }

    /// Reads one unchanging state of the database; writing fails.
    ///
    /// # Errors
    /// As [`Session::transaction`].
    pub fn reading<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.run_in_transaction(false, work)
    }

    fn run_in_transaction<T, E: From<StoreError>>(
        &mut self,
        write: bool,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.in_transaction() {
            return Err(StoreError::Nested.into());
        }
        // Given up after the commit or the undoing: what is declared first goes last.
        let _turn = if write { self.pool.turn()? } else { None };
        let undo = UndoOnDrop(self);
        undo.0.begin(write)?;
        undo.0.transaction = State::Open;
        let done = work(undo.0)?;
        if undo.0.transaction == State::Failed {
            return Err(StoreError::Aborted.into());
        }
        undo.0.backend().commit()?;
        undo.0.transaction = State::None;
        Ok(done)
    }

    /// Begins a transaction; on a new connection when the old one turns out to be dead, for nothing was done on it yet.
    fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        match self.backend().begin(write) {
            Err(StoreError::Lost { .. }) => {
                self.renew()?;
                self.backend().begin(write)
            }
            done => done,
        }
    }

    /// Asks outside a transaction: once more on a new connection when the old one is lost. What changes anything is not
    /// asked twice.
    fn asking<T>(
        &mut self,
        sql: &str,
        mut ask: impl FnMut(&mut Backend) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.on_backend(&mut ask) {
            Err(StoreError::Lost { .. }) if self.transaction == State::None && is_select(sql) => {
                self.renew()?;
                self.on_backend(ask)
            }
            done => done,
        }
    }

    /// A new connection in place of one that was lost.
    fn renew(&mut self) -> Result<(), StoreError> {
        tracing::warn!("the connection to the database was lost; connecting anew");
        self.backend = Some(self.pool.connect_patiently()?);
        Ok(())
    }

    pub(crate) fn note_loaded(&self, table: &str, rows: u64) {
        self.pool.note_loaded(table, rows);
    }

    /// Joins the open transaction or makes one.
    pub(crate) fn joined<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.in_transaction() { work(self) } else { self.transaction(work) }
    }

    /// Runs on the driver; a failure inside a transaction dooms it.
    pub(crate) fn on_backend<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Backend) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.transaction == State::Failed {
            return Err(StoreError::Aborted.into());
        }
        let result = work(self.backend());
        if result.is_err() && self.transaction == State::Open {
            self.transaction = State::Failed;
        }
        result
    }

    fn backend(&mut self) -> &mut Backend {
        self.backend.as_mut().expect("held until drop")
    }
}

/// Rolls back on every way out but the committed one, panics included.
struct UndoOnDrop<'s>(&'s mut Session);

impl Drop for UndoOnDrop<'_> {
    fn drop(&mut self) {
        if self.0.transaction != State::None {
            self.0.backend().rollback();
            self.0.transaction = State::None;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(backend) = self.backend.take() {
            self.pool.give_back(backend);
        }
    }
}
