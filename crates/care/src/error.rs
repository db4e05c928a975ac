//! What can go wrong apart from an operation being refused.

use store::audit::AuditError;
use store::{SealError, StoreError};

/// Faults that are nobody's input.
#[derive(Debug, thiserror::Error)]
pub enum CareError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Audit(#[from] AuditError),
    #[error("a sealed field of {table} does not open: {cause}")]
    Seal { table: &'static str, cause: SealError },
    #[error("{table} holds something unreadable: {cause}")]
    Damaged { table: &'static str, cause: &'static str },
    #[error("there is no {what} {id}")]
    Unknown { what: &'static str, id: String },
    /// Another room could not do its part.
    #[error("{0}")]
    Beside(String),
}
