//! What other systems ask once and are told: keys of requests, subscriptions, events on their way.
//!
//! Rooms tell what happened with `store::events` in the transaction of the change; here it is spread over those who
//! subscribed and delivered, signed, until it arrives or is given up. Holds ids, never people's data. It must not know
//! who may be told what: the caller says so for each.

pub mod deliver;
mod error;
pub mod guard;
mod http;
pub mod once;
pub mod sign;
pub mod subscriptions;

use store::keys::Resealer;
use store::{Migration, Value};

pub use error::ExchangeError;
pub use http::Http;

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "exchange",
    id: 1,
    name: "request keys, subscriptions, deliveries",
    sql: include_str!("../sql/migrations/0001_exchange.sql"),
}];

/// Where this room keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[
    Resealer {
        table: "request_key",
        key: &["account", "key"],
        blob: "answer",
        context: |key| match key {
            [Value::Int(account), Value::Text(key)] => once::sealing(*account, key),
            _ => "request_key".to_owned(),
        },
        indexes: &[],
    },
    Resealer {
        table: "subscription",
        key: &["id"],
        blob: "secret",
        context: |key| match key {
            [Value::Int(id)] => subscriptions::sealing(*id),
            _ => "subscription".to_owned(),
        },
        indexes: &[],
    },
];
