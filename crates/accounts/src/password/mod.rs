//! Passwords: how they are kept, and which are refused.

mod breached;
mod hash;
mod judge;
mod trivial;

pub use breached::{BreachedFault, BreachedList};
pub use judge::PasswordFault;

pub(crate) use hash::{decoy, hash, is_stale, verify};
pub(crate) use judge::{About, judge};
