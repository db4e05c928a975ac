//! Making a backup: first under a name that says it is not finished, then under its own.

use std::fs;
use std::path::{Path, PathBuf};

use kernel::{Clock, in_china};
use store::{Database, Dialect, Keys, backup, stamp};

use crate::manifest::digest;
use crate::{FORMAT, Fault, FileLine, Folder, MANIFEST, Manifest, file};

/// What is put away.
pub struct What<'w> {
    pub database: &'w Database,
    pub keys: &'w Keys,
    pub folders: &'w [Folder],
    pub version: &'w str,
}

/// Puts everything into a new folder inside `into`; gives it and its manifest.
///
/// # Errors
/// Those of the database and of files. A broken-off backup leaves a folder ending in `.draft`, which the next one
/// removes.
pub fn put_away(what: &What<'_>, into: &Path, clock: &dyn Clock) -> Result<(PathBuf, Manifest), Fault> {
    let now = clock.now();
    let name = format!("yilian-{}", in_china(now).format("%Y-%m-%dT%H%M%S"));
    let (whole, draft) = (into.join(&name), into.join(format!("{name}.draft")));
    if whole.exists() {
        return Err(Fault::Exists(whole));
    }
    fs::create_dir_all(into).map_err(file(into))?;
    remove_drafts(into)?;
    private_folder(&draft)?;
    let (kind, name) = match what.database.dialect() {
        Dialect::Sqlite => ("sqlite", "database.sqlite"),
        Dialect::Postgres => ("postgres", "database.pgdump"),
    };
    let held = backup::dump(what.database, &draft.join(name))?;
    // After the database: a document that it names is there already.
    for folder in what.folders {
        copy_folder(&folder.path, &draft.join(folder.name))?;
    }
    let mut files = Vec::new();
    list(&draft, &draft, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut manifest = Manifest {
        format: FORMAT,
        version: what.version.to_owned(),
        made_at: stamp(now),
        kind: kind.to_owned(),
        keys: what.keys.ids().iter().map(ToString::to_string).collect(),
        rows: held.rows,
        audit: held.audit,
        files,
        proof: String::new(),
    };
    manifest.prove(what.keys);
    let text = serde_json::to_string_pretty(&manifest).expect("plain data");
    let path = draft.join(MANIFEST);
    fs::write(&path, text).map_err(file(&path))?;
    fs::rename(&draft, &whole).map_err(file(&whole))?;
    Ok((whole, manifest))
}

/// What earlier backups left when they broke off.
fn remove_drafts(into: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(into).map_err(file(into))? {
        let path = entry.map_err(file(into))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("yilian-") && name.ends_with(".draft") {
            fs::remove_dir_all(&path).map_err(file(&path))?;
        }
    }
    Ok(())
}

pub(crate) fn private_folder(path: &Path) -> Result<(), Fault> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(file(path))
}

/// Plain files and folders; a link could lead out of the home. An absent folder is an empty one.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), Fault> {
    if !from.exists() {
        return Ok(());
    }
    private_folder(to)?;
    for entry in fs::read_dir(from).map_err(file(from))? {
        let entry = entry.map_err(file(from))?;
        let (path, there) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(file(&path))?;
        if kind.is_dir() {
            copy_folder(&path, &there)?;
        } else if kind.is_file() {
            fs::copy(&path, &there).map_err(file(&path))?;
        }
    }
    Ok(())
}

pub(crate) fn list(root: &Path, folder: &Path, files: &mut Vec<FileLine>) -> Result<(), Fault> {
    for entry in fs::read_dir(folder).map_err(file(folder))? {
        let path = entry.map_err(file(folder))?.path();
        if path.is_dir() {
            list(root, &path, files)?;
            continue;
        }
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let name: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let (bytes, sha256) = digest(&path)?;
        files.push(FileLine { path: name.join("/"), bytes, sha256 });
    }
    Ok(())
}
