//! Taking an attachment chunk by chunk; a chunk that comes again changes nothing, and a break is taken up where it was.

use chrono::{DateTime, Utc};
use kernel::UserId;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{Keys, Session, Value, stamp};

use super::{Kind, Refused};
use crate::journal::Sender;
use crate::{CareError, OperationId, of_row};

/// Bytes a chunk may have.
pub const CHUNK: usize = 256 << 10;

/// How many unfinished ones an account may have.
const COMING: i64 = 200;

/// A part of an attachment. All but the bytes stays the same from chunk to chunk.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'c> {
    pub attachment: &'c OperationId,
    pub kind: Kind,
    /// Of the whole.
    pub bytes: i64,
    /// Of the whole.
    pub sha256: [u8; 32],
    /// Where this part begins.
    pub offset: i64,
    pub part: &'c [u8],
}

/// How much of an attachment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub received: i64,
    pub whole: bool,
}

/// Takes one part in. The answer says where to go on; an offset that is not next changes nothing.
///
/// # Errors
/// Those of the database and of seals.
pub fn receive(
    db: &mut Session,
    keys: &Keys,
    (user, device, now): (UserId, &OperationId, DateTime<Utc>),
    chunk: &Chunk<'_>,
) -> Result<Result<Progress, Refused>, CareError> {
    if chunk.bytes <= 0 || chunk.bytes > chunk.kind.most() {
        return Ok(Err(Refused::TooLarge));
    }
    db.transaction(|tx| {
        let fresh: [Value; 7] = [
            chunk.attachment.into(),
            user.into(),
            device.into(),
            chunk.kind.name().into(),
            chunk.bytes.into(),
            chunk.sha256.into(),
            stamp(now).into(),
        ];
        if tx.exec(include_str!("../../sql/attachment_insert.sql"), &fresh)? == 1 {
            let coming = tx.query_one(include_str!("../../sql/attachment_coming.sql"), &[user.into()])?.int(0)?;
            if coming > COMING {
                tx.exec(include_str!("../../sql/attachment_delete.sql"), &[chunk.attachment.into()])?;
                return Ok(Err(Refused::TooMany));
            }
        }
        let row = tx.query_one(include_str!("../../sql/attachment_head.sql"), &[chunk.attachment.into()])?;
        if row.int(0)? != user.0 {
            return Ok(Err(Refused::NotYours));
        }
        if row.text(1)? != chunk.kind.name() || row.int(2)? != chunk.bytes || row.blob(3)? != chunk.sha256 {
            return Ok(Err(Refused::Changed));
        }
        let (received, state) = (row.int(4)?, row.text(5)?.to_owned());
        match state.as_str() {
            "whole" => return Ok(Ok(Progress { received, whole: true })),
            "refused" => {
                return Ok(Err(if row.opt_text(6)? == Some("digest") { Refused::Digest } else { Refused::Content }));
            }
            _ => {}
        }
        let length = i64::try_from(chunk.part.len()).unwrap_or(i64::MAX);
        if length == 0
            || chunk.part.len() > CHUNK
            || chunk.offset < 0
            || length > chunk.bytes - chunk.offset.min(chunk.bytes)
        {
            return Ok(Err(Refused::ChunkLength));
        }
        if chunk.offset != received {
            return Ok(Ok(Progress { received, whole: false }));
        }
        take(tx, keys, chunk, received + length)
    })
}

/// The digest of a whole, as a phone names it.
#[must_use]
pub fn digest(whole: &[u8]) -> String {
    hex::encode(Sha256::digest(whole))
}

/// How much of an account's attachment has come.
///
/// # Errors
/// Those of the database.
pub fn progress(db: &mut Session, user: UserId, attachment: &OperationId) -> Result<Option<Progress>, CareError> {
    let row = db.query_opt(include_str!("../../sql/attachment_head.sql"), &[attachment.into()])?;
    let Some(row) = row.filter(|row| row.int(0).is_ok_and(|owner| owner == user.0)) else { return Ok(None) };
    Ok(Some(Progress { received: row.int(4)?, whole: row.text(5)? == "whole" }))
}

fn take(
    tx: &mut Session,
    keys: &Keys,
    chunk: &Chunk<'_>,
    received: i64,
) -> Result<Result<Progress, Refused>, CareError> {
    let id = chunk.attachment;
    let place = [Value::from(id), chunk.offset.into()];
    let sealed = keys.seal(&of_row("care_chunk", &place), chunk.part);
    tx.exec(include_str!("../../sql/chunk_insert.sql"), &[id.into(), chunk.offset.into(), sealed.into()])?;
    tx.exec(include_str!("../../sql/attachment_received.sql"), &[id.into(), received.into()])?;
    if received < chunk.bytes {
        return Ok(Ok(Progress { received, whole: false }));
    }
    let whole = super::show::join(tx, keys, id.as_str())?;
    let refusal = if Sha256::digest(&whole).as_slice() != chunk.sha256 {
        Some(("digest", Refused::Digest))
    } else if chunk.kind.mime(&whole).is_none() {
        Some(("content", Refused::Content))
    } else {
        None
    };
    if let Some((word, refused)) = refusal {
        tx.exec(include_str!("../../sql/chunk_forget.sql"), &[id.into()])?;
        tx.exec(include_str!("../../sql/attachment_refuse.sql"), &[id.into(), word.into()])?;
        return Ok(Err(refused));
    }
    let mime = chunk.kind.mime(&whole).unwrap_or_default();
    tx.exec(include_str!("../../sql/attachment_whole.sql"), &[id.into(), mime.into()])?;
    Ok(Ok(Progress { received, whole: true }))
}

/// Ties attachments to what they belong to, whichever comes first. One that is another account's stays where it is.
pub(crate) fn belong_to(
    tx: &mut Session,
    sender: &Sender,
    operation: &OperationId,
    attachments: &[String],
) -> Result<(), CareError> {
    for id in attachments {
        let values: [Value; 6] = [
            id.as_str().into(),
            sender.user.into(),
            (&sender.device).into(),
            operation.into(),
            stamp(sender.now).into(),
            Vec::<u8>::new().into(),
        ];
        tx.exec(include_str!("../../sql/attachment_belongs.sql"), &values)?;
    }
    Ok(())
}
