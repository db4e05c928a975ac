//! The manifest: what a return holds, file by file, under whose key.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::{Date, DivisionCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first words of every manifest.
pub(crate) const FORMAT: &str = "yilian-return";
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SIGNATURE: &str = "manifest.sig";

/// What a return is and holds. Signed as the bytes it is written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// Of the tables' columns.
    pub version: u32,
    pub county: DivisionCode,
    pub as_of: Date,
    /// Counts up from 1 for a county and day: a later one takes the place of the earlier.
    pub revision: u32,
    pub pack: String,
    pub pack_version: String,
    pub made_at: String,
    /// Hexadecimal, Ed25519.
    pub public_key: String,
    pub small_cell: i64,
    /// People and places listed.
    pub people: u64,
    pub places: u64,
    pub files: Vec<FileLine>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    pub name: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Column to type.
    pub columns: BTreeMap<String, String>,
}

/// Length and digest of a file, read in a stream.
pub(crate) fn digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let (mut buffer, mut length) = (vec![0; 1 << 16], 0);
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer)?;
        if read == 0 {
            return Ok((length, hex::encode(hash.finalize())));
        }
        hash.update(&buffer[..read]);
        length += read as u64;
    }
}
