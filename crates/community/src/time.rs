//! Moments as the database keeps them.

use chrono::{DateTime, Utc};
use store::Row;

use crate::CommunityError;

pub(crate) fn opt(row: &Row<'_>, column: usize) -> Result<Option<DateTime<Utc>>, CommunityError> {
    let Some(text) = row.opt_text(column)? else { return Ok(None) };
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| CommunityError::Damaged("a moment"))?;
    Ok(Some(parsed.with_timezone(&Utc)))
}

pub(crate) fn at(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>, CommunityError> {
    opt(row, column)?.ok_or(CommunityError::Damaged("a moment"))
}
