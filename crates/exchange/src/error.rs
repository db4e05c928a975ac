//! Why the exchange could not do what was asked.

use store::jobs::JobError;
use store::{SealError, StoreError};

use crate::guard::AddressFault;

/// By what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Job(#[from] JobError),
    /// The key ring does not fit the database, or a row was changed from outside.
    #[error("a sealed field of {table} does not open: {cause}")]
    Seal { table: &'static str, cause: SealError },
    #[error("{table} holds something unexpected")]
    Damaged { table: &'static str },
    /// Nothing may be sent there.
    #[error(transparent)]
    Address(#[from] AddressFault),
    #[error("there is no such subscription")]
    NoSubscription,
    #[error("an account has at most {0} subscriptions; end one first")]
    Full(usize),
    #[error("the operating system gives no randomness")]
    NoEntropy,
}
