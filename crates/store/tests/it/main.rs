//! The contract of the store, held by both databases alike.

mod audit;
mod bulk;
mod errors;
mod jobs;
mod keys;
mod migrations;
mod rotation;
mod session;
mod statements;

use store::{Database, Migration, Session};

/// A table with every kind of column, for the tests alone.
pub const THINGS: &[Migration] = &[Migration {
    context: "things",
    id: 1,
    name: "things",
    sql: "CREATE TABLE thing (
              id BIGINT PRIMARY KEY,
              name TEXT NOT NULL UNIQUE,
              share DOUBLE PRECISION,
              sealed BYTEA,
              kin BIGINT REFERENCES thing (id),
              size BIGINT CHECK (size < 100)
          );",
}];

pub fn session(database: &Database) -> Session {
    database.session().expect("a connection")
}

/// The rows of a query as text, to compare at a glance.
pub fn rows(session: &mut Session, sql: &str) -> Vec<Vec<store::Value>> {
    let rows = session.query(sql, &[]).expect("the query runs");
    rows.iter().map(|row| (0..row.len()).map(|i| row.value(i).expect("a known kind")).collect()).collect()
}
