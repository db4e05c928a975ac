//! Every SQL file of every room prepares on both databases.
//!
//! A file holds one statement. `name.sqlite.sql` and `name.postgres.sql` are for one database only, for the few
//! texts that have to differ. Folders below `sql/`, such as `migrations/`, are not looked at.

use std::fs;
use std::path::{Path, PathBuf};

use store::{Database, Dialect, Migration};

use crate::{each_database, repository};

/// Prepares every `crates/*/sql/*.sql` after all migrations. Returns how many files there are.
///
/// # Panics
/// With every file that does not prepare and why, or when there is none.
pub fn check_statements(migrations: &[Migration]) -> usize {
    check(statement_files(&repository().join("crates"), None), migrations)
}

/// The same for the files of one room, with the migrations it needs.
///
/// # Panics
/// As [`check_statements`].
pub fn check_room_statements(room: &str, migrations: &[Migration]) -> usize {
    check(statement_files(&repository().join("crates"), Some(room)), migrations)
}

fn check(files: Vec<PathBuf>, migrations: &[Migration]) -> usize {
    assert!(!files.is_empty(), "no SQL file was found");
    each_database(migrations, |database| {
        let faults = faults(database, &files);
        assert!(faults.is_empty(), "these do not prepare on {:?}:\n{}", database.dialect(), faults.join("\n"));
    });
    files.len()
}

fn faults(database: &Database, files: &[PathBuf]) -> Vec<String> {
    let mut session = database.session().expect("a connection");
    let other = match session.dialect() {
        Dialect::Sqlite => ".postgres.sql",
        Dialect::Postgres => ".sqlite.sql",
    };
    let of_this = files.iter().filter(|path| !path.to_string_lossy().ends_with(other));
    of_this
        .filter_map(|path| {
            let sql = fs::read_to_string(path).expect("a file just listed can be read");
            session.prepare(&sql).err().map(|fault| format!("{}: {fault}", path.display()))
        })
        .collect()
}

fn statement_files(crates: &Path, room: Option<&str>) -> Vec<PathBuf> {
    let rooms = fs::read_dir(crates).expect("the rooms can be listed").flatten();
    let rooms = rooms.filter(|entry| room.is_none_or(|room| entry.file_name() == *room));
    let folders = rooms.map(|room| room.path().join("sql")).filter(|folder| folder.is_dir());
    let mut files: Vec<PathBuf> = folders
        .flat_map(|folder| fs::read_dir(folder).expect("a room's SQL can be listed").flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "sql"))
        .collect();
    files.sort();
    files
}
