//! What tests of several rooms need: a throw-away PostgreSQL, one test body on both databases, and the check that
//! every SQL file prepares on both. It must know no context; what is particular to one is passed in.

mod databases;
pub mod postgres;
mod statements;

use std::path::PathBuf;

pub use databases::{each_database, keys_for, on_postgres, on_sqlite};
pub use postgres::require_postgres;
pub use statements::{check_room_statements, check_statements};

/// The folder that holds `crates/` and `packs/`.
#[must_use]
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
