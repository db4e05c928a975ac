//! Moving everything sealed from old keys to the newest one, so that the old ones can be thrown away.
//!
//! 1. A new key is added to the ring: new data are sealed with it at once, old data still open.
//! 2. [`rotate`] re-seals old blobs in batches, a transaction each. Killed, it is simply run again: a blob
//!    names its key, so what is done is not done twice.
//! 3. Its last transaction, with all blobs on the newest key, recomputes every blind index with that key's index
//!    key, hands the audit chain over and forgets the old keys. The indexes change in one step, because a lookup
//!    with one key can't find a row indexed with another: it would make a second person of someone known.
//!    A running service keeps the index key it started with, so it and the cycle are stopped for step 3.
//! 4. The old keys are removed from the ring.

use super::attach::INDEX_KEY;
use super::{KeyError, Keys, SealError};
use crate::{Dialect, Row, Session, StoreError, Value, audit, setting};

/// Rows of one transaction.
const BATCH: usize = 2_000;

/// Where a context keeps sealed blobs, and how to seal them anew.
#[derive(Clone, Copy, Debug)]
pub struct Resealer {
    pub table: &'static str,
    /// The columns of the primary key.
    pub key: &'static [&'static str],
    /// The column of the blob; null is left alone.
    pub blob: &'static str,
    /// The sealing context of the row with this key.
    pub context: fn(&[Value]) -> String,
    /// Blind indexes that are made of what the blob holds.
    pub indexes: &'static [IndexColumn],
}

/// A blind index column.
#[derive(Clone, Copy, Debug)]
pub struct IndexColumn {
    pub column: &'static str,
    /// As given to [`Keys::blind`].
    pub kind: &'static str,
    /// The normalised text, from the opened blob; `None` leaves the column null.
    pub text: fn(&[u8]) -> Option<String>,
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    pub resealed: u64,
    pub indexed: u64,
}

/// Moves every blob, blind index and the audit chain to the newest key of the (attached) ring.
/// `progress` is told the table and the number of its rows looked at so far.
///
/// # Errors
/// `Blob` when one does not open: nothing is forgotten then; `Unfinished` when someone sealed with an old key
/// meanwhile.
pub fn rotate(
    session: &mut Session,
    keys: &Keys,
    resealers: &[Resealer],
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Rotation, KeyError> {
    let mut rotation = Rotation::default();
    for resealer in resealers {
        let (mut after, mut seen) = (None, 0);
        loop {
            let batch = session.transaction(|tx| reseal_batch(tx, keys, resealer, after.as_deref()))?;
            rotation.resealed += batch.changed;
            seen += batch.seen;
            progress(resealer.table, seen);
            after = batch.last;
            if after.is_none() {
                break;
            }
        }
    }
    rotation.indexed = session.transaction(|tx| finish(tx, keys, resealers))?;
    Ok(rotation)
}

struct Batch {
    seen: u64,
    changed: u64,
    /// The last key; `None` at the end of the table.
    last: Option<Vec<Value>>,
}

fn reseal_batch(
    tx: &mut Session,
    keys: &Keys,
    resealer: &Resealer,
    after: Option<&[Value]>,
) -> Result<Batch, KeyError> {
    let rows = read_batch(tx, resealer, after)?;
    let mut anew = Vec::new();
    for row in &rows {
        let blob = row.blob(resealer.key.len())?;
        if Keys::sealed_with(blob).map_err(|e| resealer.fault(e))? != keys.newest_id() {
            let mut values = resealer.key_of(row)?;
            let context = (resealer.context)(&values);
            let plaintext = keys.open(&context, blob).map_err(|e| resealer.fault(e))?;
            values.push(keys.seal(&context, &plaintext).into());
            anew.push(values);
        }
    }
    let changed = tx.bulk_update(resealer.table, resealer.key, &[resealer.blob], anew)?;
    let last = rows.last().filter(|_| rows.len() == BATCH).map(|row| resealer.key_of(row)).transpose()?;
    Ok(Batch { seen: rows.len() as u64, changed, last })
}

/// The step that can't be done by halves.
fn finish(tx: &mut Session, keys: &Keys, resealers: &[Resealer]) -> Result<u64, KeyError> {
    let mut indexed = 0;
    let anew = keys.indexing_with_newest();
    for resealer in resealers {
        let mut after = None;
        loop {
            let rows = read_batch(tx, resealer, after.as_deref())?;
            indexed += index_batch(tx, &anew, resealer, &rows)?;
            match rows.last().filter(|_| rows.len() == BATCH) {
                Some(last) => after = Some(resealer.key_of(last)?),
                None => break,
            }
        }
    }
    audit::hand_over(tx, keys)?;
    setting::set(tx, INDEX_KEY, &keys.newest_id().to_string())?;
    tx.exec(include_str!("../../sql/key_mark_forget.sql"), &[keys.newest_id().to_string().into()])?;
    Ok(indexed)
}

fn index_batch(tx: &mut Session, keys: &Keys, resealer: &Resealer, rows: &[Row<'_>]) -> Result<u64, KeyError> {
    let mut changes = Vec::new();
    for row in rows {
        let blob = row.blob(resealer.key.len())?;
        if Keys::sealed_with(blob).map_err(|e| resealer.fault(e))? != keys.newest_id() {
            return Err(KeyError::Unfinished { table: resealer.table.to_owned() });
        }
        if resealer.indexes.is_empty() {
            continue;
        }
        let mut values = resealer.key_of(row)?;
        let plaintext = keys.open(&(resealer.context)(&values), blob).map_err(|e| resealer.fault(e))?;
        for index in resealer.indexes {
            values.push((index.text)(&plaintext).map(|text| keys.blind(index.kind, &text)).into());
        }
        changes.push(values);
    }
    if changes.is_empty() {
        return Ok(0);
    }
    let columns: Vec<&str> = resealer.indexes.iter().map(|index| index.column).collect();
    Ok(tx.bulk_update(resealer.table, resealer.key, &columns, changes)?)
}

fn read_batch(tx: &mut Session, resealer: &Resealer, after: Option<&[Value]>) -> Result<Vec<Row<'static>>, StoreError> {
    let keys = resealer.key.join(", ");
    let Resealer { table, blob, .. } = resealer;
    let beyond = after.map_or_else(String::new, |after| {
        let slots: Vec<String> = (1..=after.len()).map(|n| format!("${n}")).collect();
        format!("AND ({keys}) > ({})", slots.join(", "))
    });
    // SQLite's write transaction shuts others out already.
    let lock = if tx.dialect() == Dialect::Postgres { "FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT {keys}, {blob} FROM {table} WHERE {blob} IS NOT NULL {beyond} ORDER BY {keys} LIMIT {BATCH} {lock}"
    );
    tx.query(&sql, after.unwrap_or(&[]))
}

impl Resealer {
    fn key_of(&self, row: &Row<'_>) -> Result<Vec<Value>, StoreError> {
        (0..self.key.len()).map(|column| row.value(column)).collect()
    }

    fn fault(&self, cause: SealError) -> KeyError {
        KeyError::Blob { table: self.table.to_owned(), cause }
    }
}
