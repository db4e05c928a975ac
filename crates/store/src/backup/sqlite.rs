//! SQLite: `VACUUM INTO` reads one state of the file while others write on.

use std::fs::{self, OpenOptions};
use std::path::Path;

use super::{BackupFault, Contents, contents, file};
use crate::{Database, DatabaseUrl, StoreError};

pub fn dump(database: &Database, to: &Path) -> Result<Contents, BackupFault> {
    create_private(to).map_err(file(to))?;
    let path = to.to_string_lossy().into_owned();
    database.session()?.exec(include_str!("../../sql/copy_into.sqlite.sql"), &[path.into()])?;
    let copy = Database::open(&DatabaseUrl::file(to))?;
    let held = contents(&mut copy.session()?)?;
    sound(&copy)?;
    drop(copy);
    only_the_file(to)?;
    Ok(held)
}

pub fn restore(from: &Path, to: &Path) -> Result<(), BackupFault> {
    if to.exists() {
        return Err(BackupFault::NotEmpty);
    }
    create_private(to).map_err(file(to))?;
    fs::copy(from, to).map_err(file(to))?;
    let damaged = |e: StoreError| match e {
        StoreError::Damaged { .. } => BackupFault::Damaged("it is no database".to_owned()),
        other => other.into(),
    };
    let copy = Database::open(&DatabaseUrl::file(to)).map_err(damaged)?;
    sound(&copy)
}

fn sound(copy: &Database) -> Result<(), BackupFault> {
    let said = copy.session()?.query(include_str!("../../sql/integrity.sqlite.sql"), &[])?;
    match said.first().map(|row| row.text(0)).transpose()? {
        Some("ok") => Ok(()),
        other => Err(BackupFault::Damaged(other.unwrap_or("no answer").to_owned())),
    }
}

/// The write-ahead log has been taken in; what is left beside the file is empty.
fn only_the_file(path: &Path) -> Result<(), BackupFault> {
    for suffix in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        match fs::remove_file(&beside) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(file(Path::new(&beside))(cause)),
            _ => {}
        }
    }
    Ok(())
}

fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
