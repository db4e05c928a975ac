//! An installation put away and brought back: its database, and by choice documents, archive and lake, with digests.
//!
//! A backup is a folder with a manifest. Everything personal in it is sealed as it is at home; the keys are never in
//! it. It knows folders and a database, and no word of the domain.

mod bring_back;
mod check;
mod manifest;
mod put_away;

use std::io;
use std::path::{Path, PathBuf};

use store::backup::BackupFault;
use store::{KeyError, StoreError};

pub use bring_back::{BroughtBack, bring_back};
pub use check::{Checked, check};
pub use manifest::{FORMAT, FileLine, MANIFEST, Manifest};
pub use put_away::{What, put_away};

/// A folder of the home that may go along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its name inside the backup.
    pub name: &'static str,
    pub path: PathBuf,
}

/// Why an installation can't be put away or brought back.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{0}")]
    Database(#[from] BackupFault),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("the keys do not fit this backup: {0}")]
    Keys(KeyError),
    #[error("the backup needs key {0}, which is not in the key file: bring the key file back first")]
    KeyMissing(String),
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error("{0} exists already")]
    Exists(PathBuf),
    #[error("{0} holds no backup: there is no readable manifest.json")]
    NoManifest(PathBuf),
    #[error("format {0} is newer than this program: use the newer program")]
    Newer(u32),
    /// Each file that is not as it was, and what is wrong with it.
    #[error("the backup is damaged: {}", .0.join("; "))]
    Damaged(Vec<String>),
    /// What came back is not what was put away.
    #[error("what came back differs from the manifest: {0}")]
    Differs(String),
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> Fault {
    let path = path.to_owned();
    move |cause| Fault::File { path, cause }
}
