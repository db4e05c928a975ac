//! The database as the rest of the service sees it: one [`Session`] over SQLite or PostgreSQL.
//!
//! Holds connections, transactions, migrations, sealed fields, jobs and the audit chain.
//! It must not know a domain word: no person, list, rule or visit. Everything is synchronous.

pub mod audit;
mod backend;
pub mod backup;
mod bulk;
pub mod counter;
mod database;
mod dialect;
mod error;
pub mod events;
mod indexes;
pub mod jobs;
pub mod keys;
mod migrate;
mod row;
mod session;
pub mod setting;
mod url;
mod value;

pub use bulk::BulkSink;
pub use counter::next_ids;
pub use database::{Connected, Database, Options};
pub use error::{Constraint, StoreError};
pub use indexes::PutAway;
pub use keys::{KeyError, KeyId, Keys, SealError};
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

/// A moment as the database keeps it: UTC, microseconds, of equal length, so that texts sort as times do.
#[must_use]
pub fn stamp(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
