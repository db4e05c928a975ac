//! The database handle and its small pool of connections.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::backend::{Backend, postgres::Postgres, sqlite::Sqlite};
use crate::migrate::{MigrateError, Migration, migrate};
use crate::{DatabaseUrl, Dialect, Session, StoreError};

/// An open database; clones share its connections.
///
/// Everything here blocks. Async code uses it, and drops it, on a thread for blocking work only: a PostgreSQL
/// connection brings its own small runtime, which must not be dropped inside another one.
#[derive(Clone)]
pub struct Database {
    pool: Arc<Pool>,
}

/// How a database is used.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// At most this many connections; who wants another waits.
    pub connections: usize,
    /// How long to wait for a lock or a free connection before `StoreError::Busy`.
    pub busy: Duration,
}

/// Connections of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connected {
    pub open: usize,
    /// Of them, those that nobody uses at this moment.
    pub idle: usize,
    pub most: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 12, busy: Duration::from_secs(15) }
    }
}

impl Database {
    /// Opens the database with the usual options; an SQLite file is created when absent.
    ///
    /// # Errors
    /// `Open` when it can't be reached, `Damaged` when the file is no database, `Busy` when it is locked.
    pub fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::open_with(url, Options::default())
    }

    /// # Errors
    /// As [`Database::open`].
    pub fn open_with(url: &DatabaseUrl, options: Options) -> Result<Self, StoreError> {
        let temporary = match url {
            DatabaseUrl::Temporary => Some(Temporary::new()?),
            _ => None,
        };
        let pool = Pool {
            url: temporary.as_ref().map_or_else(|| url.clone(), |t| DatabaseUrl::Sqlite(t.0.clone())),
            options,
            state: Mutex::new(Connections { idle: Vec::new(), open: 0, known: false }),
            freed: Condvar::new(),
            writing: Mutex::new(false),
            written: Condvar::new(),
            uncounted: Mutex::default(),
            _temporary: temporary,
        };
        let database = Self { pool: Arc::new(pool) };
        database.session()?.query("SELECT 1", &[])?;
        Ok(database)
    }

    /// Borrows a connection, waiting for one if all are in use.
    ///
    /// # Errors
    /// `Busy` when none becomes free in time, `Open` when a new one can't be made.
    pub fn session(&self) -> Result<Session, StoreError> {
        Ok(Session::new(self.pool.take()?, Arc::clone(&self.pool)))
    }

    /// Brings the schema up to date: the store's own migrations first, then `migrations` in their order.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub fn migrate<'m>(&self, migrations: impl IntoIterator<Item = &'m Migration>) -> Result<usize, MigrateError> {
        migrate(&mut self.session()?, migrations)
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.pool.url {
            DatabaseUrl::Postgres(_) => Dialect::Postgres,
            _ => Dialect::Sqlite,
        }
    }

    /// How many connections stand open, for those who watch the service.
    #[must_use]
    pub fn pool(&self) -> Connected {
        let state = self.pool.lock();
        Connected { open: state.open, idle: state.idle.len(), most: self.pool.options.connections }
    }

    /// The address; its printed form holds no password.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.pool.url
    }
}

pub(crate) struct Pool {
    url: DatabaseUrl,
    options: Options,
    state: Mutex<Connections>,
    freed: Condvar,
    /// Somebody of this process writes to the file.
    writing: Mutex<bool>,
    written: Condvar,
    /// Rows loaded into a table of a server since it was told to count it.
    uncounted: Mutex<BTreeMap<String, u64>>,
    _temporary: Option<Temporary>,
}

struct Connections {
    /// With the moment each was given back.
    idle: Vec<(Backend, Instant)>,
    open: usize,
    /// Someone has been let in before: from then on a server that does not answer is waited for.
    known: bool,
}

/// Rows after which a table is worth counting anew: that takes some hundred milliseconds.
const UNCOUNTED: u64 = 50_000;
/// A connection that lay idle this long is asked whether its server is still there.
const RESTED: Duration = Duration::from_secs(2);
/// How long to wait before a server that went away is tried again.
const AGAIN: Duration = Duration::from_millis(100);

impl Pool {
    pub(crate) fn take(&self) -> Result<Backend, StoreError> {
        let mut waited = Duration::ZERO;
        let mut state = self.lock();
        loop {
            if let Some((mut backend, since)) = state.idle.pop() {
                drop(state);
                if backend.is_usable() && (since.elapsed() < RESTED || backend.answers()) {
                    return Ok(backend);
                }
                drop(backend);
                self.forget();
                state = self.lock();
                continue;
            }
            if state.open < self.options.connections {
                state.open += 1;
                drop(state);
                return self.connect_patiently().inspect_err(|_| self.forget());
            }
            if waited >= self.options.busy {
                return Err(StoreError::Busy { statement: "waiting for a free connection".to_owned() });
            }
            let since = Instant::now();
            state =
                self.freed.wait_timeout(state, self.options.busy - waited).unwrap_or_else(PoisonError::into_inner).0;
            waited += since.elapsed();
        }
    }

    /// A new connection; to a server that was there before and is being restarted, as soon as it is back.
    pub(crate) fn connect_patiently(&self) -> Result<Backend, StoreError> {
        let since = Instant::now();
        loop {
            match self.connect() {
                Ok(backend) => {
                    self.lock().known = true;
                    return Ok(backend);
                }
                Err(StoreError::Open { .. } | StoreError::Lost { .. })
                    if self.lock().known && since.elapsed() < self.options.busy =>
                {
                    std::thread::sleep(AGAIN);
                }
                Err(fault) => return Err(fault),
            }
        }
    }

    fn connect(&self) -> Result<Backend, StoreError> {
        Ok(match &self.url {
            DatabaseUrl::Postgres(address) => {
                Backend::Postgres(Box::new(Postgres::open(address, &self.url.to_string(), self.options.busy)?))
            }
            DatabaseUrl::Sqlite(path) => Backend::Sqlite(Box::new(Sqlite::open(path, self.options.busy)?)),
            DatabaseUrl::Temporary => Backend::Sqlite(Box::new(Sqlite::open(Path::new(""), self.options.busy)?)),
        })
    }

    /// Waits for one's turn to write to an SQLite file. Writers of one process queue here, each woken when the one before
    /// is done; at the file's own lock they would look again now and then, and some would never find it free. None on
    /// PostgreSQL, which lets many write.
    pub(crate) fn turn(self: &Arc<Self>) -> Result<Option<Turn>, StoreError> {
        if matches!(self.url, DatabaseUrl::Postgres(_)) {
            return Ok(None);
        }
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.written.wait_timeout_while(writing, self.options.busy, |writing| *writing);
        let (mut writing, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return Err(StoreError::Busy { statement: "waiting for one's turn to write".to_owned() });
        }
        *writing = true;
        Ok(Some(Turn(Arc::clone(self))))
    }

    pub(crate) fn note_loaded(&self, table: &str, rows: u64) {
        let mut uncounted = self.uncounted.lock().unwrap_or_else(PoisonError::into_inner);
        *uncounted.entry(table.to_owned()).or_default() += rows;
    }

    /// Whether so much was loaded into a table that it is to be counted; whoever is told so counts it.
    pub(crate) fn take_uncounted(&self, table: &str) -> bool {
        let mut uncounted = self.uncounted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_much = uncounted.get(table).is_some_and(|rows| *rows >= UNCOUNTED);
        is_much && uncounted.remove(table).is_some()
    }

    pub(crate) fn give_back(&self, backend: Backend) {
        if backend.is_usable() {
            self.lock().idle.push((backend, Instant::now()));
            self.freed.notify_one();
        } else {
            drop(backend);
            self.forget();
        }
    }

    fn forget(&self) {
        self.lock().open -= 1;
        self.freed.notify_one();
    }

    /// The list of connections stays sound when a thread panics between two steps.
    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn to write, until it is dropped.
pub(crate) struct Turn(Arc<Pool>);

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.writing.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.written.notify_one();
    }
}

/// A database file that goes with its last handle.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Result<Self, StoreError> {
        let fault = |cause: String| StoreError::Open { database: "temporary file".to_owned(), cause };
        let mut name = [0; 12];
        getrandom::fill(&mut name).map_err(|e| fault(e.to_string()))?;
        Ok(Self(std::env::temp_dir().join(format!("yilian-{}.db", hex::encode(name)))))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            if let Err(e) = std::fs::remove_file(&path)
                && e.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(error = %e, "could not remove a temporary database");
            }
        }
    }
}
