//! The database as the rest of the service sees it: one [`Session`] over SQLite or PostgreSQL.
//!
//! Holds connections, transactions, migrations, sealed fields, jobs and the audit chain.
//! It must not know a domain word: no person, list, rule or visit. Everything is synchronous.

mod backend;
mod bulk;
mod database;
mod dialect;
mod error;
mod migrate;
mod row;
mod session;
mod url;
mod value;

pub use bulk::BulkSink;
pub use database::{Database, Options};
pub use error::{Constraint, StoreError};
pub use migrate::{MIGRATIONS, MigrateError, Migration, migrate};
pub use row::Row;
pub use session::Session;
pub use url::{DatabaseUrl, UrlFault};
pub use value::{Value, ValueRef};

/// Which database answers; for the few texts that have to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}
