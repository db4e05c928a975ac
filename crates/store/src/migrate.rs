//! Schema changes: each applied once, in order, and never changed afterwards.
//!
//! On a loaded PostgreSQL nobody waits long for one. A step that is one index is built beside readers and writers
//! (`CONCURRENTLY`). Any other takes its locks only when it gets them at once, and else steps aside and tries again, so
//! that nobody queues behind a step that queues behind a long question.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::dialect::schema_for;
use crate::{Dialect, Session, StoreError};

/// One step of a context's schema. `sql` uses the types of the dialect table in `dialect.rs`:
/// BIGINT, TEXT, DOUBLE PRECISION, BYTEA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The room that owns the tables.
    pub context: &'static str,
    /// Counts up from 1 within the context.
    pub id: u32,
    pub name: &'static str,
    pub sql: &'static str,
}

/// Why the schema could not be brought up to date. Nothing of the failed step remains.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrateError {
    #[error("migration {context} {id} was changed after it had been applied: add a new one instead")]
    Changed { context: String, id: u32 },
    #[error("the database was written by a newer version: it has migration {context} {id}, this program does not")]
    Newer { context: String, id: u32 },
    #[error("migration {context} {id} stands twice or after a higher one in the program")]
    Order { context: String, id: u32 },
    #[error("migration {context} {id} {name} failed: {cause}")]
    Step { context: String, id: u32, name: String, cause: StoreError },
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The store's own tables.
pub const MIGRATIONS: &[Migration] = &[
    own(1, "counters and settings", include_str!("../sql/migrations/0001_base.sql")),
    own(2, "keys and audit", include_str!("../sql/migrations/0002_keys_and_audit.sql")),
    own(3, "jobs", include_str!("../sql/migrations/0003_job.sql")),
];

const fn own(id: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { context: "store", id, name, sql }
}

/// Applies what is missing: the store's own steps, then `migrations` in the given order, each in a transaction.
/// Contexts come in the order in which their tables may refer to each other; ids rise within a context.
/// Two programs may start at once: the second waits. Returns the number of steps applied.
///
/// # Errors
/// `Changed`, `Newer` and `Order` before anything is done; `Step` with the cause.
pub fn migrate<'m>(
    session: &mut Session,
    migrations: impl IntoIterator<Item = &'m Migration>,
) -> Result<usize, MigrateError> {
    let wanted: Vec<&Migration> = MIGRATIONS.iter().chain(migrations).collect();
    check_order(&wanted)?;
    session.transaction(|tx| {
        lock(tx)?;
        tx.exec_batch(&schema_for(tx.dialect(), include_str!("../sql/migrations/0000_migration.sql")))
    })?;
    let mut applied = 0;
    for (at, step) in wanted.iter().enumerate() {
        applied += usize::from(apply(session, step, &wanted, at == 0)?);
    }
    Ok(applied)
}

fn check_order(wanted: &[&Migration]) -> Result<(), MigrateError> {
    for (at, step) in wanted.iter().enumerate() {
        if wanted[..at].iter().any(|earlier| earlier.context == step.context && earlier.id >= step.id) {
            return Err(MigrateError::Order { context: step.context.to_owned(), id: step.id });
        }
    }
    Ok(())
}

/// How long a step waits for a lock before it lets others pass, and for how long it tries again.
const IMPATIENT: &str = "SET LOCAL lock_timeout = 300";
const PAUSE: Duration = Duration::from_millis(200);
const PERSISTENT: Duration = Duration::from_secs(120);

fn apply(session: &mut Session, step: &Migration, wanted: &[&Migration], first: bool) -> Result<bool, MigrateError> {
    let index = index_of(session.dialect(), step.sql);
    let since = Instant::now();
    loop {
        let done = match &index {
            Some(index) => apply_beside(session, step, (wanted, first), index),
            None => session.transaction(|tx| {
                lock(tx)?;
                if is_known(tx, step, (wanted, first))? {
                    return Ok(false);
                }
                if tx.dialect() == Dialect::Postgres {
                    tx.exec_batch(IMPATIENT)?;
                }
                let sql = schema_for(tx.dialect(), step.sql);
                tx.exec_batch(&sql).map_err(failed(step))?;
                record(tx, step)?;
                Ok(true)
            }),
        };
        match done {
            Err(MigrateError::Step { cause: StoreError::Busy { .. }, .. })
                if session.dialect() == Dialect::Postgres && since.elapsed() < PERSISTENT =>
            {
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Builds an index without keeping anyone from reading or writing. What a broken-off attempt left is removed first.
fn apply_beside(
    session: &mut Session,
    step: &Migration,
    wanted: (&[&Migration], bool),
    index: &Index,
) -> Result<bool, MigrateError> {
    if session.transaction(|tx| is_known(tx, step, wanted))? {
        return Ok(false);
    }
    while !session.query_one("SELECT pg_try_advisory_lock(7954212)", &[])?.bool(0)? {
        std::thread::sleep(PAUSE);
    }
    let build = |session: &mut Session| {
        if session.transaction(|tx| is_known(tx, step, wanted))? {
            return Ok(false);
        }
        session.exec_batch(&format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index.name))?;
        session.exec_batch(&index.concurrently).map_err(failed(step))?;
        session.transaction(|tx| record(tx, step))?;
        Ok(true)
    };
    let done = build(session);
    session.query("SELECT pg_advisory_unlock(7954212)", &[])?;
    done
}

/// A step that is nothing but one index, as PostgreSQL builds it beside others.
struct Index {
    name: String,
    concurrently: String,
}

fn index_of(dialect: Dialect, sql: &str) -> Option<Index> {
    if dialect != Dialect::Postgres {
        return None;
    }
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or(""));
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.trim().trim_end_matches(';').trim_end();
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    let (opening, name) = match words.as_slice() {
        ["CREATE", "INDEX", name, ..] => ("CREATE INDEX", *name),
        ["CREATE", "UNIQUE", "INDEX", name] => ("CREATE UNIQUE INDEX", *name),
        _ => return None,
    };
    if text.contains(';') {
        return None;
    }
    let rest = schema_for(dialect, text.split_once(name)?.1);
    Some(Index { name: name.to_owned(), concurrently: format!("{opening} CONCURRENTLY {name}{rest}") })
}

fn is_known(tx: &mut Session, step: &Migration, (wanted, first): (&[&Migration], bool)) -> Result<bool, MigrateError> {
    if first {
        check_recorded(tx, wanted)?;
    }
    let known = "SELECT 1 FROM migration WHERE context = $1 AND id = $2";
    Ok(tx.query_opt(known, &[step.context.into(), step.id.into()])?.is_some())
}

fn record(tx: &mut Session, step: &Migration) -> Result<(), MigrateError> {
    let record = "INSERT INTO migration (context, id, name, digest) VALUES ($1, $2, $3, $4)";
    tx.exec(record, &[step.context.into(), step.id.into(), step.name.into(), digest(step).into()])?;
    Ok(())
}

fn failed(step: &Migration) -> impl Fn(StoreError) -> MigrateError {
    |cause| MigrateError::Step { context: step.context.to_owned(), id: step.id, name: step.name.to_owned(), cause }
}

/// Everything recorded must still be as it was, and known to this program if its context is.
fn check_recorded(tx: &mut Session, wanted: &[&Migration]) -> Result<(), MigrateError> {
    let recorded = "SELECT context, id, digest FROM migration ORDER BY context, id";
    for row in tx.query(recorded, &[])? {
        let (context, id) = (row.text(0)?, row.int(1)?);
        let mut of_context = wanted.iter().filter(|step| step.context == context).peekable();
        if of_context.peek().is_none() {
            continue;
        }
        let id = u32::try_from(id).unwrap_or(u32::MAX);
        match of_context.find(|step| step.id == id) {
            None => return Err(MigrateError::Newer { context: context.to_owned(), id }),
            Some(step) if digest(step) != row.text(2)? => {
                return Err(MigrateError::Changed { context: context.to_owned(), id });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn digest(step: &Migration) -> String {
    hex::encode(Sha256::digest(step.sql.as_bytes()))
}

/// SQLite's write transaction excludes others already.
fn lock(tx: &mut Session) -> Result<(), StoreError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        // Waiting inside a statement would be waited for by an index that is built beside.
        Dialect::Postgres => {
            while !tx.query_one("SELECT pg_try_advisory_xact_lock(7954212)", &[])?.bool(0)? {
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
    }
}
