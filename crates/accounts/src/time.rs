//! Moments as the database keeps them.

use chrono::{DateTime, Utc};
use store::Row;

use crate::error::AccountsError;

/// A moment; null is none.
pub(crate) fn opt(row: &Row<'_>, column: usize) -> Result<Option<DateTime<Utc>>, AccountsError> {
    let Some(text) = row.opt_text(column)? else { return Ok(None) };
    let parsed = DateTime::parse_from_rfc3339(text);
    let damaged = |_| AccountsError::Damaged { table: "a table of accounts", cause: "a moment can't be read" };
    parsed.map(|at| Some(at.with_timezone(&Utc))).map_err(damaged)
}

/// A moment.
pub(crate) fn at(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>, AccountsError> {
    opt(row, column)?.ok_or(AccountsError::Damaged { table: "a table of accounts", cause: "a moment is missing" })
}
