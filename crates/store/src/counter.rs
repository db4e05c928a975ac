//! Ids, handed out in blocks within the caller's transaction: no gap after a rollback, none given twice.

use std::ops::Range;

use crate::{Session, StoreError};

/// The next `count` ids of the kind `name`; the first ever is 1.
///
/// # Errors
/// Every `StoreError` of an insert.
pub fn next_ids(session: &mut Session, name: &str, count: u32) -> Result<Range<i64>, StoreError> {
    let row = session.query_one(include_str!("../sql/counter_next.sql"), &[name.into(), count.into()])?;
    let end = row.int(0)?;
    Ok(end - i64::from(count)..end)
}

/// How many ids of the kind `name` were handed out.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn handed_out(session: &mut Session, name: &str) -> Result<i64, StoreError> {
    let row = session.query_opt(include_str!("../sql/counter_last.sql"), &[name.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}
