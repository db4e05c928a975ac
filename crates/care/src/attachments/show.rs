//! Attachments as the desk shows them.

use store::{Keys, Session, Value};

use crate::{CareError, of_row};

/// What belongs to a visit or a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: String,
    /// A word of [`super::Kind`]; empty while it has not begun to come.
    pub kind: String,
    pub mime: String,
    /// `coming`, `whole` or `refused`.
    pub state: String,
    pub operation: Option<String>,
}

/// What belongs to an operation, in the order of ids.
///
/// # Errors
/// Those of the database.
pub fn of_operation(db: &mut Session, operation: &str) -> Result<Vec<Attachment>, CareError> {
    let rows = db.query(include_str!("../../sql/attachment_of_operation.sql"), &[operation.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Attachment {
                id: row.text(0)?.to_owned(),
                kind: row.text(1)?.to_owned(),
                mime: row.text(2)?.to_owned(),
                state: row.text(3)?.to_owned(),
                operation: row.opt_text(4)?.map(str::to_owned),
            })
        })
        .collect()
}

/// The bytes of an attachment that belongs to this operation and has come whole.
///
/// # Errors
/// Those of the database and of seals.
pub fn open(
    db: &mut Session,
    keys: &Keys,
    operation: &str,
    attachment: &str,
) -> Result<Option<(Attachment, Vec<u8>)>, CareError> {
    let found = of_operation(db, operation)?.into_iter().find(|one| one.id == attachment && one.state == "whole");
    let Some(found) = found else { return Ok(None) };
    let bytes = join(db, keys, attachment)?;
    Ok(Some((found, bytes)))
}

pub(super) fn join(db: &mut Session, keys: &Keys, attachment: &str) -> Result<Vec<u8>, CareError> {
    let mut whole = Vec::new();
    for row in db.query(include_str!("../../sql/chunk_of_attachment.sql"), &[attachment.into()])? {
        let place = [Value::from(attachment), row.int(0)?.into()];
        let part = keys.open(&of_row("care_chunk", &place), row.blob(1)?);
        whole.extend(part.map_err(|cause| CareError::Seal { table: "care_chunk", cause })?);
    }
    Ok(whole)
}
