//! Why the registry could not do what was asked. No variant holds a name, a number or an answer.

use kernel::ListId;
use store::audit::AuditError;
use store::{SealError, StoreError};

use crate::reading::ReadFault;

/// By what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Try again, or see to the database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The key ring does not fit the database, or a row was changed from outside.
    #[error("a sealed field of {table} does not open: {cause}")]
    Seal { table: &'static str, cause: SealError },
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The file is not the list its name promises; nothing was taken.
    #[error(transparent)]
    Read(#[from] ReadFault),
    #[error("there is no list {0}")]
    NoList(ListId),
    #[error("list {list} is {state}; that can't be done with it")]
    ListState { list: ListId, state: String },
    #[error("there is no held row {0}")]
    NoRow(i64),
    #[error("source {0} is no longer described in sources.toml")]
    NoSource(String),
    #[error("table {table} holds something unexpected: {cause}")]
    Damaged { table: &'static str, cause: &'static str },
    #[error("linking: {0}")]
    Linking(&'static str),
    /// What someone entered; everything that is wrong with it.
    #[error("it can't be entered: {}", .0.iter().map(|f| f.said().en).collect::<Vec<_>>().join("; "))]
    Act(Vec<crate::acts::ActFault>),
    #[error("could not write {file}: {cause}")]
    Write { file: String, cause: String },
}
