//! One test body, both databases.

use store::{Database, DatabaseUrl, Keys, Migration};

use crate::postgres::{Server, require_postgres};

/// Runs the body on a fresh SQLite file and, where installed, on a fresh PostgreSQL database, each brought up to
/// date with the store's own migrations and the given ones.
///
/// # Panics
/// When the body does, or a database can't be made.
pub fn each_database(migrations: &[Migration], body: impl Fn(&Database)) {
    on_sqlite(migrations, &body);
    on_postgres(migrations, &body);
}

/// # Panics
/// When the body does, or the database can't be made.
pub fn on_sqlite(migrations: &[Migration], body: impl FnOnce(&Database)) {
    eprintln!("on SQLite");
    body(&open(&DatabaseUrl::Temporary, migrations));
}

/// Does nothing where PostgreSQL is not installed; see [`require_postgres`].
///
/// # Panics
/// When the body does, or the database can't be made.
pub fn on_postgres(migrations: &[Migration], body: impl FnOnce(&Database)) {
    let Some(server) = require_postgres() else { return };
    eprintln!("on PostgreSQL");
    let scratch = Scratch { server, url: server.fresh_database() };
    body(&open(&scratch.url, migrations));
}

/// Fresh keys, attached to the database.
///
/// # Panics
/// When the database has keys already.
pub fn keys_for(database: &Database) -> Keys {
    let mut session = database.session().expect("a connection");
    Keys::generate().attach(&mut session).expect("a database without keys takes any")
}

fn open(url: &DatabaseUrl, migrations: &[Migration]) -> Database {
    let database = Database::open(url).expect("a fresh database opens");
    database.migrate(migrations).expect("migrations apply to a fresh database");
    database
}

/// Drops its database, after a panic too.
struct Scratch {
    server: &'static Server,
    url: DatabaseUrl,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.server.drop_database(&self.url);
    }
}
