//! Bringing a backup back into a new home, and comparing what came back with what was put away.

use std::fs;
use std::path::Path;

use store::audit::{self, AuditError};
use store::{Database, DatabaseUrl, Keys, backup};

use crate::put_away::copy_folder;
use crate::{Fault, Folder, Manifest, check, file};

/// What came back.
#[derive(Debug)]
pub struct BroughtBack {
    pub manifest: Manifest,
    pub rows: i64,
    /// Entries of the audit chain, all of them checked.
    pub audited: u64,
}

/// Fills an empty database and absent folders from a backup. `ring`: the keys, not yet attached.
///
/// Nothing that stands is overwritten. The database's keys, row counts and audit chain are checked before this says that
/// it is done.
///
/// # Errors
/// Those of [`check`]; `Exists`, `Database`, `Keys`, `Differs`.
pub fn bring_back(from: &Path, to: &DatabaseUrl, folders: &[Folder], ring: Keys) -> Result<BroughtBack, Fault> {
    let manifest = check(from, None)?.manifest;
    for folder in folders {
        let full = folder.path.exists() && fs::read_dir(&folder.path).map_err(file(&folder.path))?.next().is_some();
        if full && from.join(folder.name).exists() {
            return Err(Fault::Exists(folder.path.clone()));
        }
    }
    let (kind, name) = match to {
        DatabaseUrl::Postgres(_) => ("postgres", "database.pgdump"),
        _ => ("sqlite", "database.sqlite"),
    };
    if manifest.kind != kind {
        return Err(backup::BackupFault::Kind.into());
    }
    let held: Vec<String> = ring.ids().iter().map(ToString::to_string).collect();
    if let Some(missing) = manifest.keys.iter().find(|key| !held.contains(key)) {
        return Err(Fault::KeyMissing(missing.clone()));
    }
    backup::restore(&from.join(name), to)?;
    for folder in folders {
        if folder.path.exists() {
            fs::remove_dir(&folder.path).map_err(file(&folder.path))?;
        }
        copy_folder(&from.join(folder.name), &folder.path)?;
    }
    let database = Database::open(to)?;
    compare(&database, &manifest, ring)
}

fn compare(database: &Database, manifest: &Manifest, ring: Keys) -> Result<BroughtBack, Fault> {
    let mut session = database.session()?;
    let held = backup::contents(&mut session)?;
    if held.rows != manifest.rows {
        let other = manifest.rows.iter().find(|(table, rows)| held.rows.get(*table) != Some(rows));
        let (table, rows) = other.map_or(("a table", 0), |(table, rows)| (table.as_str(), *rows));
        let found = held.rows.get(table).copied().unwrap_or(0);
        return Err(Fault::Differs(format!("{table} has {found} rows, not {rows}")));
    }
    if held.audit != manifest.audit {
        return Err(Fault::Differs("the end of the audit chain".to_owned()));
    }
    let keys = ring.attach(&mut session).map_err(Fault::Keys)?;
    if !manifest.is_proven(&keys) {
        return Err(Fault::Differs("the manifest was not made with these keys".to_owned()));
    }
    let report = audit::verify(&mut session, &keys).map_err(|fault| match fault {
        AuditError::Store(cause) => Fault::Store(cause),
        other => Fault::Differs(other.to_string()),
    })?;
    if let Some(fault) = report.faults.first() {
        return Err(Fault::Differs(fault.to_string()));
    }
    let rows = held.rows.values().sum();
    Ok(BroughtBack { manifest: manifest.clone(), rows, audited: report.entries })
}
