//! A request under a key of its sender's: done once however often it comes, and answered alike.

use chrono::{DateTime, Duration, Utc};
use store::{Keys, Session, stamp};

use crate::ExchangeError;

/// How long an answer is kept for another try.
const KEPT: Duration = Duration::hours(24);

/// A request that has not ended by then has died with its server.
const LEASE: Duration = Duration::minutes(5);

/// Who asks what under which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// 0: nobody has an account.
    pub account: i64,
    pub key: String,
    /// Of address and body.
    pub digest: [u8; 32],
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The body's type.
    pub kind: String,
    pub body: Vec<u8>,
}

/// What is to be done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Do it, then [`finish`] or [`give_up`].
    New,
    /// It was done: answer so.
    Again(Answer),
    /// It is under way.
    Busy,
    /// The key was used for another request.
    Reused,
}

/// The context under which an answer is sealed.
pub(crate) fn sealing(account: i64, key: &str) -> String {
    format!("request_key {account} {key}")
}

/// Begins a request.
///
/// # Errors
/// Those of the database and of the keys.
pub fn begin(session: &mut Session, keys: &Keys, asked: &Asked, now: DateTime<Utc>) -> Result<Begun, ExchangeError> {
    session.transaction(|tx| {
        let (account, key) = (asked.account, asked.key.as_str());
        let values = [account.into(), key.into(), asked.digest.into(), stamp(now).into()];
        if tx.exec(include_str!("../sql/request_key_add.sql"), &values)? == 1 {
            return Ok(Begun::New);
        }
        let row = tx.query_opt(include_str!("../sql/request_key_get.sql"), &[account.into(), key.into()])?;
        let Some(row) = row else { return Ok(Begun::Busy) };
        let damaged = || ExchangeError::Damaged { table: "request_key" };
        let began = row.text(1)?.to_owned();
        let began_at = DateTime::parse_from_rfc3339(&began).map_err(|_| damaged())?.with_timezone(&Utc);
        let (same, status) = (*row.blob(0)? == asked.digest, row.opt_int(2)?);
        let age = now - began_at;
        let over = match status {
            Some(_) => age >= KEPT,
            None => age >= LEASE && same,
        };
        if over {
            let values = [account.into(), key.into(), asked.digest.into(), stamp(now).into(), began.into()];
            let mine = tx.exec(include_str!("../sql/request_key_again.sql"), &values)? == 1;
            return Ok(if mine { Begun::New } else { Begun::Busy });
        }
        if !same {
            return Ok(Begun::Reused);
        }
        let Some(status) = status else { return Ok(Begun::Busy) };
        let sealed = row.blob(4)?;
        let body = keys.open(&sealing(account, key), sealed);
        Ok(Begun::Again(Answer {
            status: u16::try_from(status).map_err(|_| damaged())?,
            kind: row.opt_text(3)?.unwrap_or_default().to_owned(),
            body: body.map_err(|cause| ExchangeError::Seal { table: "request_key", cause })?,
        }))
    })
}

/// Keeps the answer.
///
/// # Errors
/// Those of the database.
pub fn finish(session: &mut Session, keys: &Keys, asked: &Asked, answer: &Answer) -> Result<(), ExchangeError> {
    let sealed = keys.seal(&sealing(asked.account, &asked.key), &answer.body);
    let values = [
        asked.account.into(),
        asked.key.as_str().into(),
        i64::from(answer.status).into(),
        answer.kind.as_str().into(),
        sealed.into(),
        asked.digest.into(),
    ];
    session.exec(include_str!("../sql/request_key_finish.sql"), &values)?;
    Ok(())
}

/// It could not be done: another try may begin at once.
///
/// # Errors
/// Those of the database.
pub fn give_up(session: &mut Session, asked: &Asked) -> Result<(), ExchangeError> {
    let values = [asked.account.into(), asked.key.as_str().into(), asked.digest.into()];
    session.exec(include_str!("../sql/request_key_drop.sql"), &values)?;
    Ok(())
}

/// Forgets answers that are kept no longer.
///
/// # Errors
/// Those of the database.
pub fn tidy(session: &mut Session, now: DateTime<Utc>) -> Result<u64, ExchangeError> {
    Ok(session.exec(include_str!("../sql/request_key_tidy.sql"), &[stamp(now - KEPT).into()])?)
}
