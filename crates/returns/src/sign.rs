//! Signing a manifest, and whose signature is believed.

use std::io::Write;
use std::path::Path;

use kernel::{Date, DivisionCode};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use store::audit::Entry;
use store::{Keys, Session};

use crate::ReturnError;

/// A county's private key.
pub struct Signer(Ed25519KeyPair);

/// A key the province believes for a county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    pub county: DivisionCode,
    /// Hexadecimal.
    pub public_key: String,
    pub trusted_on: Date,
    pub withdrawn_on: Option<Date>,
}

/// Makes a key, readable by its owner only; gives its public part.
///
/// # Errors
/// `File` when the file is there already or can't be written.
pub fn create_key_file(path: &Path) -> Result<String, ReturnError> {
    let fault = |cause| ReturnError::File { action: "write", path: path.to_owned(), cause };
    let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| ReturnError::Key)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(fault)?;
    file.write_all(format!("{}\n", hex::encode(pair.as_ref())).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(fault)?;
    Ok(Signer::read(path)?.public_key())
}

impl Signer {
    /// # Errors
    /// `File` when it can't be read, `Key` when it holds no key.
    pub fn read(path: &Path) -> Result<Self, ReturnError> {
        let text = std::fs::read_to_string(path).map_err(|cause| ReturnError::File {
            action: "read",
            path: path.to_owned(),
            cause,
        })?;
        let bytes = hex::decode(text.trim()).map_err(|_| ReturnError::Key)?;
        Ed25519KeyPair::from_pkcs8(&bytes).map(Self).map_err(|_| ReturnError::Key)
    }

    /// Hexadecimal.
    #[must_use]
    pub fn public_key(&self) -> String {
        hex::encode(self.0.public_key())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.0.sign(bytes))
    }
}

/// Whether the key made this signature of these bytes.
pub(crate) fn is_signed(public_key: &str, bytes: &[u8], signature: &str) -> bool {
    let (Ok(key), Ok(signature)) = (hex::decode(public_key), hex::decode(signature.trim())) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(bytes, &signature).is_ok()
}

/// Believes a key for a county from now on; noted in the audit trail.
///
/// # Errors
/// `Key` when it is none; those of the store.
pub fn trust(
    session: &mut Session,
    keys: &Keys,
    (county, public_key): (DivisionCode, &str),
    (on, at, by): (Date, chrono::DateTime<chrono::Utc>, &str),
) -> Result<(), ReturnError> {
    if hex::decode(public_key).map_or(0, |key| key.len()) != 32 {
        return Err(ReturnError::Key);
    }
    session.transaction(|tx| {
        if trusted(tx)?.iter().any(|t| t.county == county && t.public_key == public_key && t.withdrawn_on.is_none()) {
            return Ok(());
        }
        let id = store::next_ids(tx, "return_key", 1)?.start;
        let values = [id.into(), county.to_string().into(), public_key.into(), on.into(), by.into()];
        tx.exec(include_str!("../sql/key_trust.sql"), &values)?;
        note(tx, keys, ("return.trust", county, public_key), (at, by))
    })
}

/// Believes a key no longer.
///
/// # Errors
/// `NoKey` when none such is believed; those of the store.
pub fn withdraw(
    session: &mut Session,
    keys: &Keys,
    (county, public_key): (DivisionCode, &str),
    (on, at, by): (Date, chrono::DateTime<chrono::Utc>, &str),
) -> Result<(), ReturnError> {
    session.transaction(|tx| {
        let values = [county.to_string().into(), public_key.into(), on.into()];
        if tx.exec(include_str!("../sql/key_withdraw.sql"), &values)? == 0 {
            return Err(ReturnError::NoKey { county });
        }
        note(tx, keys, ("return.withdraw", county, public_key), (at, by))
    })
}

fn note(
    tx: &mut Session,
    keys: &Keys,
    (action, county, public_key): (&str, DivisionCode, &str),
    (at, actor): (chrono::DateTime<chrono::Utc>, &str),
) -> Result<(), ReturnError> {
    let subject = county.to_string();
    let detail = serde_json::json!({ "public_key": public_key });
    store::audit::append(tx, keys, &Entry { at, actor, action, subject: &subject, detail: &detail })?;
    Ok(())
}

/// Every key that is or was believed.
///
/// # Errors
/// Those of the store.
pub fn trusted(session: &mut Session) -> Result<Vec<Trust>, ReturnError> {
    let rows = session.query(include_str!("../sql/key_all.sql"), &[])?;
    let line = |row: &store::Row<'_>| {
        Ok(Trust {
            county: row.text(0)?.parse().map_err(|_| ReturnError::Damaged { what: "a key's county" })?,
            public_key: row.text(1)?.to_owned(),
            trusted_on: row.date(2)?,
            withdrawn_on: row.opt_date(3)?,
        })
    };
    rows.iter().map(line).collect()
}
