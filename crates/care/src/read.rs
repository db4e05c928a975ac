//! Small readings that several parts of the room share: sealed JSON, moments, divisions.

use chrono::{DateTime, Utc};
use kernel::DivisionCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Keys, Row};

use crate::CareError;

pub(crate) fn seal<T: Serialize>(keys: &Keys, context: &str, value: &T) -> Vec<u8> {
    keys.seal(context, &serde_json::to_vec(value).expect("what was read can be written"))
}

pub(crate) fn open<T: DeserializeOwned>(
    keys: &Keys,
    table: &'static str,
    context: &str,
    blob: &[u8],
) -> Result<T, CareError> {
    let text = keys.open(context, blob).map_err(|cause| CareError::Seal { table, cause })?;
    serde_json::from_slice(&text).map_err(|_| CareError::Damaged { table, cause: "sealed answers" })
}

pub(crate) fn moment(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>, CareError> {
    let text = row.text(column)?;
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| CareError::Damaged { table: "care", cause: "a moment" })
}

pub(crate) fn division(row: &Row<'_>, column: usize) -> Result<DivisionCode, CareError> {
    row.text(column)?.parse().map_err(|_| CareError::Damaged { table: "care", cause: "a division" })
}
