//! A lake's days on an object store: a folder of another disk, or S3 and what speaks its protocol.
//!
//! Objects can't be renamed, so a day is published by its manifest: the files come first, under a name of their own, and
//! one object written last says which of them are the day. It must not know what the files hold.

mod days;
mod fault;
mod folder;
mod s3;
mod sign;

use std::path::PathBuf;
use std::sync::Arc;

use kernel::Clock;

pub use days::{Line, MANIFEST, Manifest, Pushed, days, drop_day, pull, push};
pub use fault::ObjectFault;
use folder::Folder;
pub use s3::{Access, S3};

/// Where objects are kept.
pub enum Store {
    Folder(PathBuf),
    S3(S3),
}

impl Store {
    /// `s3://bucket/prefix`, or a folder.
    ///
    /// # Errors
    /// `Address` when it names no bucket, `Access` when the environment does not say how to get in.
    pub fn open(address: &str, clock: Arc<dyn Clock>) -> Result<Self, ObjectFault> {
        match address.strip_prefix("s3://") {
            Some(rest) => Ok(Self::S3(S3::new(rest, Access::from_environment()?, clock)?)),
            None if address.is_empty() || address.contains("://") => {
                Err(ObjectFault::Address { address: address.to_owned() })
            }
            None => Ok(Self::Folder(PathBuf::from(address))),
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectFault> {
        match self {
            Self::Folder(root) => Folder(root).put(name, bytes),
            Self::S3(s3) => s3.put(name, bytes),
        }
    }

    /// None when there is no such object.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectFault> {
        match self {
            Self::Folder(root) => Folder(root).get(name),
            Self::S3(s3) => s3.get(name),
        }
    }

    /// Names that open so, in order.
    fn list(&self, opening: &str) -> Result<Vec<String>, ObjectFault> {
        match self {
            Self::Folder(root) => Folder(root).list(opening),
            Self::S3(s3) => s3.list(opening),
        }
    }

    fn delete(&self, name: &str) -> Result<(), ObjectFault> {
        match self {
            Self::Folder(root) => Folder(root).delete(name),
            Self::S3(s3) => s3.delete(name),
        }
    }
}
