//! Loading, changing and deleting many rows: a prepared loop on SQLite, binary COPY on PostgreSQL.
//!
//! Both give the same result; a contract test holds them to it. A bulk call joins the open transaction
//! or makes its own, so that it is done wholly or not at all.

use crate::backend::Backend;
use crate::backend::postgres::{CopySink, Postgres};
use crate::backend::sqlite::{Sqlite, bind, fault_of, unstorable};
use crate::error::label;
use crate::{Dialect, Session, StoreError, Value, ValueRef};

/// Takes the rows of one bulk load.
pub struct BulkSink<'s> {
    target: Target<'s>,
    columns: usize,
    changed: u64,
    sql: &'s str,
}

enum Target<'s> {
    Loop(rusqlite::CachedStatement<'s>),
    Copy(Box<CopySink<'s>>),
}

impl BulkSink<'_> {
    /// Adds a row of borrowed values, in the order of the columns.
    ///
    /// # Errors
    /// Every `StoreError` of an insert. PostgreSQL tells of a refused row at the end of the load.
    pub fn push(&mut self, row: &[ValueRef<'_>]) -> Result<(), StoreError> {
        self.row(row.len(), row.iter().copied())
    }

    /// Adds a row of owned values.
    ///
    /// # Errors
    /// As [`BulkSink::push`].
    pub fn push_values(&mut self, row: &[Value]) -> Result<(), StoreError> {
        self.row(row.len(), row.iter().map(Value::as_ref))
    }

    fn row<'v>(&mut self, width: usize, values: impl Iterator<Item = ValueRef<'v>>) -> Result<(), StoreError> {
        if width != self.columns {
            let cause = format!("{} columns named, {width} values given", self.columns);
            return Err(StoreError::Statement { cause, statement: label(self.sql) });
        }
        match &mut self.target {
            Target::Copy(sink) => sink.row(values),
            Target::Loop(statement) => {
                for (index, value) in values.enumerate() {
                    if !value.is_storable() {
                        return Err(unstorable(index + 1, self.sql));
                    }
                    bind(statement, index + 1, value).map_err(|e| fault_of(&e, self.sql))?;
                }
                self.changed += statement.raw_execute().map_err(|e| fault_of(&e, self.sql))? as u64;
                Ok(())
            }
        }
    }
}

impl Session {
    /// Inserts all rows, each in the order of `columns`; returns how many.
    ///
    /// # Errors
    /// Every `StoreError` of an insert; nothing is inserted then.
    pub fn bulk_insert<R: AsRef<[Value]>>(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64, StoreError> {
        self.bulk_insert_with(table, columns, |sink| {
            rows.into_iter().try_for_each(|row| sink.push_values(row.as_ref()))
        })
    }

    /// Inserts the rows that `fill` pushes, without an allocation per cell; returns how many.
    ///
    /// # Errors
    /// As [`Session::bulk_insert`], and whatever `fill` returns.
    pub fn bulk_insert_with<E: From<StoreError>>(
        &mut self,
        table: &str,
        columns: &[&str],
        fill: impl FnOnce(&mut BulkSink<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        check_names(table, columns)?;
        self.joined(|session| {
            let loaded = session.on_backend(|backend| match backend {
                Backend::Sqlite(sqlite) => {
                    let slots: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
                    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), slots.join(", "));
                    run_loop(sqlite, &sql, columns.len(), fill)
                }
                Backend::Postgres(postgres) => run_copy(postgres, table, columns, fill),
            })?;
            if session.dialect() == Dialect::Postgres {
                session.note_loaded(table, loaded);
            }
            Ok(loaded)
        })
    }

    /// Sets `columns` of the rows found by `keys`; each row gives the keys, then the columns.
    /// The keys of two rows must differ. Returns how many rows were found.
    ///
    /// # Errors
    /// Every `StoreError` of an update; nothing is changed then.
    pub fn bulk_update<R: AsRef<[Value]>>(
        &mut self,
        table: &str,
        keys: &[&str],
        columns: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64, StoreError> {
        check_names(table, &[keys, columns].concat())?;
        let set = |value: &dyn Fn(usize, &str) -> String| {
            let sets = columns.iter().enumerate().map(|(i, c)| format!("{c} = {}", value(i + keys.len() + 1, c)));
            sets.collect::<Vec<_>>().join(", ")
        };
        let looped = format!("UPDATE {table} SET {} WHERE {}", set(&|n, _| format!("?{n}")), by_slot(keys));
        let joined = format!(
            "UPDATE {table} SET {} FROM yilian_bulk WHERE {}",
            set(&|_, c| format!("yilian_bulk.{c}")),
            by_column(table, keys)
        );
        self.bulk_by_key(table, &[keys, columns].concat(), (&looped, &joined), rows)
    }

    /// Deletes the rows found by `keys`; returns how many.
    ///
    /// # Errors
    /// Every `StoreError` of a delete; nothing is deleted then.
    pub fn bulk_delete<R: AsRef<[Value]>>(
        &mut self,
        table: &str,
        keys: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64, StoreError> {
        check_names(table, keys)?;
        let looped = format!("DELETE FROM {table} WHERE {}", by_slot(keys));
        let joined = format!("DELETE FROM {table} USING yilian_bulk WHERE {}", by_column(table, keys));
        self.bulk_by_key(table, keys, (&looped, &joined), rows)
    }

    fn bulk_by_key<R: AsRef<[Value]>>(
        &mut self,
        table: &str,
        columns: &[&str],
        (looped, joined): (&str, &str),
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64, StoreError> {
        let fill = |sink: &mut BulkSink<'_>| rows.into_iter().try_for_each(|row| sink.push_values(row.as_ref()));
        self.joined(|session| {
            session.on_backend(|backend| match backend {
                Backend::Sqlite(sqlite) => run_loop(sqlite, looped, columns.len(), fill),
                Backend::Postgres(postgres) => {
                    let names = columns.join(", ");
                    postgres.batch(&format!(
                        "CREATE TEMP TABLE yilian_bulk ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
                    ))?;
                    run_copy(postgres, "yilian_bulk", columns, fill)?;
                    postgres.batch("ANALYZE yilian_bulk")?;
                    let changed = postgres.exec(joined, &[])?;
                    postgres.batch("DROP TABLE yilian_bulk")?;
                    Ok(changed)
                }
            })
        })
    }
}

fn run_loop<E: From<StoreError>>(
    sqlite: &mut Sqlite,
    sql: &str,
    columns: usize,
    fill: impl FnOnce(&mut BulkSink<'_>) -> Result<(), E>,
) -> Result<u64, E> {
    let statement = sqlite.connection().prepare_cached(sql).map_err(|e| fault_of(&e, sql))?;
    let mut sink = BulkSink { target: Target::Loop(statement), columns, changed: 0, sql };
    fill(&mut sink)?;
    Ok(sink.changed)
}

fn run_copy<E: From<StoreError>>(
    postgres: &mut Postgres,
    table: &str,
    columns: &[&str],
    fill: impl FnOnce(&mut BulkSink<'_>) -> Result<(), E>,
) -> Result<u64, E> {
    let sql = format!("COPY {table}");
    let copy = Box::new(postgres.copy(table, &columns.join(", "))?);
    let mut sink = BulkSink { target: Target::Copy(copy), columns: columns.len(), changed: 0, sql: &sql };
    fill(&mut sink)?;
    match sink.target {
        Target::Copy(copy) => Ok(copy.finish()?),
        Target::Loop(_) => Ok(sink.changed),
    }
}

/// In the loop the keys are the first parameters. SQLite counts `?N` as written, `$N` as they appear.
fn by_slot(keys: &[&str]) -> String {
    let terms: Vec<String> = keys.iter().enumerate().map(|(i, k)| format!("{k} = ?{}", i + 1)).collect();
    terms.join(" AND ")
}

fn by_column(table: &str, keys: &[&str]) -> String {
    let terms: Vec<String> = keys.iter().map(|k| format!("{table}.{k} = yilian_bulk.{k}")).collect();
    terms.join(" AND ")
}

/// Names come from our own code; anything but plain words is a fault in it.
fn check_names(table: &str, columns: &[&str]) -> Result<(), StoreError> {
    let plain = |name: &&str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let fault = |cause: &str| StoreError::Statement { cause: cause.to_owned(), statement: format!("bulk {table}") };
    match [table].iter().chain(columns).find(|name| !plain(name)) {
        Some(_) => Err(fault("a table or column name is no plain word")),
        None if columns.is_empty() => Err(fault("no column is named")),
        None => Ok(()),
    }
}
