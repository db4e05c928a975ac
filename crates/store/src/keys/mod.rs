//! Sealed fields and blind indexes: what keeps people's names and numbers unreadable on disk.
//!
//! A ring holds one or more 32-byte keys, oldest first; the newest seals, any of them opens. From each key two
//! others are derived, one to seal and one to index, so that knowing one does not give the other.
//!
//! A sealed blob is `01 | key id (4) | nonce (24) | ciphertext | tag (16)`, XChaCha20-Poly1305 with the context
//! as associated data: a blob moved to another row or column does not open. Nonces come from the operating system.

mod attach;
mod cipher;
mod file;
mod nonce;
mod ring;
mod rotate;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use cipher::Cipher;
pub use file::{KEY_VARIABLE, add_key_to_file, create_key_file, keep_newest_in_file};
pub use rotate::{IndexColumn, Resealer, Rotation, rotate};

use crate::StoreError;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;
const HEADER: usize = 1 + 4 + NONCE;

/// A key's name: the start of a digest of it. Says nothing about the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

/// Length of a blind index in bytes.
pub const BLIND: usize = 16;

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    /// Oldest first; never empty.
    ring: Vec<RingKey>,
    /// Which of them indexes; the database says so once attached.
    index: usize,
}

#[derive(Clone)]
struct RingKey {
    id: KeyId,
    cipher: Cipher,
    index: Hmac<Sha256>,
}

/// Why a blob does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("sealed with key {0}, which is not in the key ring")]
    UnknownKey(KeyId),
    #[error("the sealed data were changed, or belong somewhere else")]
    Tampered,
    #[error("not sealed data")]
    Malformed,
}

/// Why the keys can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("could not read key file {path}: {cause}")]
    Read { path: String, cause: String },
    #[error("could not write key file {path}: {cause}")]
    Write { path: String, cause: String },
    #[error("key file {path} exists already; it was left as it is")]
    Exists { path: String },
    #[error("key file {path} can be read by others (mode {mode:o}): run chmod 600 on it")]
    Permissions { path: String, mode: u32 },
    #[error("key {number} is not 32 bytes in hexadecimal or base64")]
    Malformed { number: usize },
    #[error("there is no key")]
    Empty,
    #[error("key {id} stands twice in the key ring")]
    Twice { id: KeyId },
    #[error("the database is sealed with key {id}, which is not in the key ring")]
    Missing { id: KeyId },
    #[error("table {table} still holds data sealed with an old key: run the rotation again")]
    Unfinished { table: String },
    #[error("in table {table}: {cause}")]
    Blob { table: String, cause: SealError },
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Keys {
    /// Seals `plaintext` for `context`, which names the place it belongs to, such as `person 12`.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing may be sealed then.
    #[must_use]
    pub fn seal(&self, context: &str, plaintext: &[u8]) -> Vec<u8> {
        let key = self.newest();
        let mut blob = vec![0; HEADER + plaintext.len() + TAG];
        blob[0] = VERSION;
        blob[1..5].copy_from_slice(&key.id.0);
        nonce::fill(&mut blob[5..HEADER]);
        let (head, rest) = blob.split_at_mut(HEADER);
        let (body, tag) = rest.split_at_mut(plaintext.len());
        body.copy_from_slice(plaintext);
        tag.copy_from_slice(&key.cipher.seal(&nonce_of(head), context.as_bytes(), body));
        blob
    }

    /// The plaintext of a blob that was sealed for the same context.
    ///
    /// # Errors
    /// `UnknownKey`, `Tampered`, `Malformed`.
    pub fn open(&self, context: &str, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        let id = Self::sealed_with(blob)?;
        let key = self.ring.iter().find(|key| key.id == id).ok_or(SealError::UnknownKey(id))?;
        let (head, sealed) = blob.split_at(HEADER);
        key.cipher.open(&nonce_of(head), context.as_bytes(), sealed.to_vec()).ok_or(SealError::Tampered)
    }

    /// The key a blob names.
    ///
    /// # Errors
    /// `Malformed` when it is no blob of ours.
    pub fn sealed_with(blob: &[u8]) -> Result<KeyId, SealError> {
        if blob.len() < HEADER + TAG || blob[0] != VERSION {
            return Err(SealError::Malformed);
        }
        Ok(KeyId([blob[1], blob[2], blob[3], blob[4]]))
    }

    /// The blind index of a normalised text: equal texts of a kind give equal bytes, nothing else can be read
    /// from them without the key. Kinds such as `id_number` and `phone` never match each other.
    #[must_use]
    pub fn blind(&self, kind: &str, normalised: &str) -> [u8; BLIND] {
        blind_with(&self.ring[self.index], kind, normalised)
    }

    /// The key that seals.
    #[must_use]
    pub fn newest_id(&self) -> KeyId {
        self.newest().id
    }

    /// The ids of the ring, oldest first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.ring.iter().map(|key| key.id).collect()
    }

    fn newest(&self) -> &RingKey {
        self.ring.last().expect("a ring is never empty")
    }

    /// The same ring, with the index of the newest key.
    fn indexing_with_newest(&self) -> Self {
        Self { ring: self.ring.clone(), index: self.ring.len() - 1 }
    }
}

impl RingKey {
    fn new(master: &[u8; 32]) -> Self {
        let derive = |purpose: &[u8]| mac(master).chain_update(purpose).finalize().into_bytes();
        let digest = Sha256::new().chain_update(b"yilian key id 1").chain_update(master).finalize();
        Self {
            id: KeyId([digest[0], digest[1], digest[2], digest[3]]),
            cipher: Cipher::new(derive(b"yilian seal 1").into()),
            index: mac(&derive(b"yilian index 1")),
        }
    }
}

fn nonce_of(head: &[u8]) -> [u8; NONCE] {
    std::array::from_fn(|at| head[HEADER - NONCE + at])
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn blind_with(key: &RingKey, kind: &str, normalised: &str) -> [u8; BLIND] {
    let digest =
        key.index.clone().chain_update(kind).chain_update([0]).chain_update(normalised).finalize().into_bytes();
    std::array::from_fn(|at| digest[at])
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Shows the keys' names only.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("ids", &self.ids()).finish_non_exhaustive()
    }
}
