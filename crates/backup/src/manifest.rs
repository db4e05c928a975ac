//! What lies in a backup, as `manifest.json` says it. Holds ids of keys, digests and counts, nobody's data.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Keys;

use crate::{Fault, file};

pub const MANIFEST: &str = "manifest.json";
/// Raised when an older program could not read the backup any more.
pub const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Of the program that made it.
    pub version: String,
    /// UTC.
    pub made_at: String,
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// Which keys open it; they are kept elsewhere.
    pub keys: Vec<String>,
    pub rows: BTreeMap<String, i64>,
    /// The end of the audit chain: number and hash.
    pub audit: Option<(i64, String)>,
    pub files: Vec<FileLine>,
    /// Over everything above, by the newest key: made by whoever had the keys, and not changed since.
    #[serde(default)]
    pub proof: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLine {
    /// Inside the backup, with `/`.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// # Errors
    /// `NoManifest`, `Newer`.
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let none = || Fault::NoManifest(folder.to_owned());
        let text = std::fs::read(folder.join(MANIFEST)).map_err(|_| none())?;
        // The format first: what a newer program wrote may not be readable at all.
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(&text).map_err(|_| none())?;
        if format > FORMAT {
            return Err(Fault::Newer(format));
        }
        serde_json::from_slice(&text).map_err(|_| none())
    }

    pub(crate) fn prove(&mut self, keys: &Keys) {
        self.proof = self.proof_by(keys);
    }

    /// Whether somebody with these keys made it as it stands.
    #[must_use]
    pub fn is_proven(&self, keys: &Keys) -> bool {
        self.proof == self.proof_by(keys)
    }

    fn proof_by(&self, keys: &Keys) -> String {
        let bare = Self { proof: String::new(), ..self.clone() };
        let text = serde_json::to_string(&bare).expect("plain data");
        hex::encode(keys.blind("backup manifest", &hex::encode(Sha256::digest(text.as_bytes()))))
    }
}

/// Length and digest of a file.
pub(crate) fn digest(path: &Path) -> Result<(u64, String), Fault> {
    let run = || -> io::Result<(u64, String)> {
        let (mut reader, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
        let mut piece = vec![0; 1 << 20];
        loop {
            let n = reader.read(&mut piece)?;
            if n == 0 {
                return Ok((bytes, hex::encode(hash.finalize())));
            }
            hash.update(&piece[..n]);
            bytes += n as u64;
        }
    };
    run().map_err(file(path))
}
