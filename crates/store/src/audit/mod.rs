//! Who did what to what: entries linked by keyed hashes, so that none can be changed, removed or slipped in.
//!
//! An entry's hash is an HMAC over all its fields, its number and the hash before it. The HMAC's secret is made
//! once per installation and kept sealed, so that changing the sealing keys does not touch the chain. The chain's
//! end is sealed too: cutting entries off the end shows. What can't show inside the database is that all of it was
//! put back to an older copy; for that, note [`end`] somewhere else.

mod page;
mod verify;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use page::{Line, Wanted, actions, page};
pub use verify::{AuditFault, AuditReport, verify};

use crate::keys::{Keys, SealError};
use crate::{Session, StoreError, stamp};

const HEAD: &str = "audit head";
const SECRET: &str = "audit secret";
const HASH: usize = 32;

/// One thing done. `detail` may hold ids, counts and digests, never names, numbers or answers.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    pub at: DateTime<Utc>,
    /// Who: a user's id or the name of a program.
    pub actor: &'e str,
    /// What was done, such as `list.accept`.
    pub action: &'e str,
    /// To what, such as `L00000012`.
    pub subject: &'e str,
    pub detail: &'e serde_json::Value,
}

/// Why an entry can't be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    #[error("the audit chain was not begun: attach the keys to the database first")]
    NotBegun,
    #[error("the end of the audit chain was changed from outside: run the audit check before going on")]
    HeadChanged,
    #[error("the audit chain does not open: {0}")]
    Seal(#[from] SealError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Adds an entry in the caller's transaction (or its own); returns its number.
///
/// Writers of entries queue here, so it comes last in a long transaction.
///
/// # Errors
/// `NotBegun`, `HeadChanged`: an entry on top of a forged end would make the forgery true.
pub fn append(session: &mut Session, keys: &Keys, entry: &Entry<'_>) -> Result<i64, AuditError> {
    session.joined(|tx| {
        let row = tx.query_opt(include_str!("../../sql/audit_head_take.sql"), &[])?.ok_or(AuditError::NotBegun)?;
        let (sequence, previous) = (row.int(0)?, row.blob(1)?);
        if !is_sealed(keys, row.blob(2)?, sequence - 1, previous) {
            return Err(AuditError::HeadChanged);
        }
        let secret = keys.open(SECRET, row.blob(3)?)?;
        let at = stamp(entry.at);
        let detail = entry.detail.to_string();
        let fields = [at.as_str(), entry.actor, entry.action, entry.subject, &detail];
        let hash = hash(&secret, sequence, previous, fields);
        let [at, actor, action, subject, detail] = fields;
        let values = [
            sequence.into(),
            at.into(),
            actor.into(),
            action.into(),
            subject.into(),
            detail.into(),
            previous.into(),
            hash.into(),
        ];
        tx.exec(include_str!("../../sql/audit_add.sql"), &values)?;
        let seal = keys.seal(HEAD, &sealed_end(sequence, &hash));
        tx.exec(include_str!("../../sql/audit_head_set.sql"), &[sequence.into(), hash.into(), seal.into()])?;
        Ok(sequence)
    })
}

/// The number and hash of the last entry, to be noted outside the database; `None` before the chain begins.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn end(session: &mut Session) -> Result<Option<(i64, String)>, StoreError> {
    let row = session.query_opt(include_str!("../../sql/audit_head_get.sql"), &[])?;
    row.map(|row| Ok((row.int(0)?, hex::encode(row.blob(1)?)))).transpose()
}

/// Makes the secret and the empty chain; called when keys are first attached.
pub(crate) fn begin(tx: &mut Session, keys: &Keys) -> Result<(), StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).expect("the operating system gives randomness");
    let start = [0; HASH];
    let seal = keys.seal(HEAD, &sealed_end(0, &start));
    let secret = keys.seal(SECRET, &secret);
    tx.exec(include_str!("../../sql/audit_head_begin.sql"), &[start.into(), seal.into(), secret.into()]).map(drop)
}

/// Seals the chain's end and secret with the newest key.
pub(crate) fn hand_over(tx: &mut Session, keys: &Keys) -> Result<(), crate::KeyError> {
    let Some(row) = tx.query_opt(include_str!("../../sql/audit_head_get.sql"), &[])? else { return Ok(()) };
    let seal = keys.seal(HEAD, &keys.open(HEAD, row.blob(2)?)?);
    let secret = keys.seal(SECRET, &keys.open(SECRET, row.blob(3)?)?);
    tx.exec(include_str!("../../sql/audit_head_reseal.sql"), &[seal.into(), secret.into()])?;
    Ok(())
}

fn is_sealed(keys: &Keys, seal: &[u8], sequence: i64, hash: &[u8]) -> bool {
    keys.open(HEAD, seal).is_ok_and(|sealed| sealed == sealed_end(sequence, hash))
}

fn sealed_end(sequence: i64, hash: &[u8]) -> Vec<u8> {
    [&sequence.to_be_bytes(), hash].concat()
}

/// Every field with its length before it, so that no two entries have the same bytes.
fn hash(secret: &[u8], sequence: i64, previous: &[u8], fields: [&str; 5]) -> [u8; HASH] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(b"yilian audit 1");
    mac.update(&sequence.to_be_bytes());
    for part in [previous].into_iter().chain(fields.iter().map(|field| field.as_bytes())) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
