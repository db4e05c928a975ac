//! A day of the lake as objects.
//!
//! `as_of=D/revision=R/county=C/x.parquet` are the files, R the digest of all of them; `as_of=D/manifest.json` names R and
//! every file with its length and digest, and is written last. A reader sees the day as it was or as it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kernel::{Date, parse_date};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ObjectFault, Store};

/// The object that makes a day: its name below `as_of=D/`.
pub const MANIFEST: &str = "manifest.json";

/// What the day is: whoever reads days by other means reads this first, and then the files of this revision and no other.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub revision: String,
    pub files: Vec<Line>,
}

/// One file of a day.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// `county=C/x.parquet`.
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// What became of a day that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    pub files: usize,
    pub bytes: u64,
    /// The store held the same already.
    pub unchanged: bool,
}

/// Writes a published day of the lake `lake`; the earlier revision goes once nobody is led to it any more.
///
/// # Errors
/// `NoDay` when the lake has no such day; those of the store: the day there is then as it was.
pub fn push(store: &Store, lake: &Path, day: Date) -> Result<Pushed, ObjectFault> {
    let (day, folder) = (format!("as_of={day}"), lake.join(format!("as_of={day}")));
    if !folder.is_dir() {
        return Err(ObjectFault::NoDay { day });
    }
    let (mut files, mut whole, mut total) = (Vec::new(), Sha256::new(), 0);
    for (name, path) in files_of(&folder).map_err(local("list", &day))? {
        let bytes = fs::read(&path).map_err(local("read", &name))?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        whole.update(format!("{name} {sha256}\n"));
        total += bytes.len() as u64;
        files.push(Line { name, bytes: bytes.len() as u64, sha256 });
    }
    let manifest = Manifest { revision: hex::encode(whole.finalize())[..16].to_owned(), files };
    let pushed = |unchanged| Pushed { files: manifest.files.len(), bytes: total, unchanged };
    let before = read_manifest(store, &day)?;
    if before.as_ref() == Some(&manifest) {
        return Ok(pushed(true));
    }
    let place = format!("{day}/revision={}", manifest.revision);
    for line in &manifest.files {
        let bytes = fs::read(folder.join(&line.name)).map_err(local("read", &line.name))?;
        if hex::encode(Sha256::digest(&bytes)) != line.sha256 {
            return Err(ObjectFault::Damaged { name: line.name.clone() });
        }
        store.put(&format!("{place}/{}", line.name), &bytes)?;
    }
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    store.put(&format!("{day}/{MANIFEST}"), &text)?;
    for name in store.list(&format!("{day}/revision="))? {
        if !name.starts_with(&format!("{place}/")) {
            store.delete(&name)?;
        }
    }
    Ok(pushed(false))
}

/// Brings a day into the folder `lake`, in place of the one that stands there; it appears as a whole.
///
/// # Errors
/// `NoDay`, `Damaged` when a file is not as the manifest says; those of the store. Nothing is changed then.
pub fn pull(store: &Store, lake: &Path, day: Date) -> Result<PathBuf, ObjectFault> {
    let day = format!("as_of={day}");
    let manifest = read_manifest(store, &day)?.ok_or_else(|| ObjectFault::NoDay { day: day.clone() })?;
    let staging = lake.join(format!(".staging-{day}"));
    clear(&staging).map_err(local("remove", &day))?;
    for line in &manifest.files {
        if line.name.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
            return Err(ObjectFault::Damaged { name: line.name.clone() });
        }
        let name = format!("{day}/revision={}/{}", manifest.revision, line.name);
        let bytes = store.get(&name)?.unwrap_or_default();
        if bytes.len() as u64 != line.bytes || hex::encode(Sha256::digest(&bytes)) != line.sha256 {
            return Err(ObjectFault::Damaged { name });
        }
        let path = staging.join(&line.name);
        let written = || -> io::Result<()> {
            fs::create_dir_all(path.parent().unwrap_or(&staging))?;
            fs::write(&path, &bytes)?;
            fs::File::open(&path)?.sync_all()
        };
        written().map_err(local("write", &line.name))?;
    }
    let (place, old) = (lake.join(&day), lake.join(format!(".old-{day}")));
    let exchanged = || -> io::Result<()> {
        if place.exists() {
            clear(&old)?;
            fs::rename(&place, &old)?;
        }
        fs::rename(&staging, &place)?;
        clear(&old)
    };
    exchanged().map_err(local("publish", &day))?;
    Ok(place)
}

/// The days there are, oldest first.
///
/// # Errors
/// Those of the store.
pub fn days(store: &Store) -> Result<Vec<Date>, ObjectFault> {
    let names = store.list("as_of=")?;
    let day = |name: &String| {
        let (day, rest) = name.strip_prefix("as_of=")?.split_once('/')?;
        (rest == MANIFEST).then(|| parse_date(day).ok()).flatten()
    };
    Ok(names.iter().filter_map(day).collect())
}

/// Takes a day away: first nobody is led to it, then its files go.
///
/// # Errors
/// Those of the store.
pub fn drop_day(store: &Store, day: Date) -> Result<(), ObjectFault> {
    store.delete(&format!("as_of={day}/{MANIFEST}"))?;
    store.list(&format!("as_of={day}/"))?.iter().try_for_each(|name| store.delete(name))
}

fn read_manifest(store: &Store, day: &str) -> Result<Option<Manifest>, ObjectFault> {
    let name = format!("{day}/{MANIFEST}");
    let Some(bytes) = store.get(&name)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| ObjectFault::Damaged { name })
}

/// Names below the folder with `/`, and paths, in order.
fn files_of(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for county in fs::read_dir(folder)? {
        let county = county?;
        for file in fs::read_dir(county.path())? {
            let file = file?;
            let name = format!("{}/{}", county.file_name().to_string_lossy(), file.file_name().to_string_lossy());
            found.push((name, file.path()));
        }
    }
    found.sort();
    Ok(found)
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn local(doing: &'static str, name: &str) -> impl Fn(io::Error) -> ObjectFault {
    let name = name.to_owned();
    move |e| ObjectFault::Unreachable { doing, name: name.clone(), cause: e.kind().to_string() }
}
