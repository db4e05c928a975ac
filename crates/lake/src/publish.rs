//! A day's folder appears as a whole: written beside, flushed, then exchanged by renaming.
//!
//! Names in the lake's folder, for the day D: `as_of=D` is published; `.staging-as_of=D` is being written, or was
//! replaced, and is worthless. Where names can't be exchanged in one step, `.ready-as_of=D` is complete and waits
//! for its name while `.old-as_of=D` makes way.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::fault::LakeFault;

const STAGING: &str = ".staging-";
const READY: &str = ".ready-";
const OLD: &str = ".old-";

/// Clears up after a run that was killed: unfinished folders go, a complete one is published.
///
/// # Errors
/// When a folder can't be read, renamed or removed.
pub fn recover(lake: &Path) -> Result<(), LakeFault> {
    for (name, path) in entries(lake)? {
        if name.starts_with(STAGING) {
            remove(&path)?;
        }
    }
    for (name, _) in entries(lake)? {
        if let Some(day) = name.strip_prefix(READY) {
            replace(lake, day)?;
        }
    }
    for (name, path) in entries(lake)? {
        if let Some(day) = name.strip_prefix(OLD) {
            if lake.join(day).exists() {
                remove(&path)?;
            } else {
                rename(&path, &lake.join(day))?;
            }
        }
    }
    Ok(())
}

/// An empty folder to write the day's files into.
pub(crate) fn stage(lake: &Path, day: &str) -> Result<PathBuf, LakeFault> {
    fs::create_dir_all(lake).map_err(LakeFault::io("create", lake))?;
    recover(lake)?;
    let staging = lake.join(format!("{STAGING}{day}"));
    create_private(&staging).map_err(LakeFault::io("create", &staging))?;
    Ok(staging)
}

/// Takes a published day away: first its name, then its files.
pub(crate) fn discard(lake: &Path, day: &str) -> Result<(), LakeFault> {
    let worthless = lake.join(format!("{STAGING}{day}"));
    if worthless.exists() {
        remove(&worthless)?;
    }
    rename(&lake.join(day), &worthless)?;
    sync(lake)?;
    remove(&worthless)
}

/// A folder that only the service's own account may enter: what lies in it is pseudonymous, not public.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Waits until the names in a staged folder and in those within are on disk.
pub(crate) fn flush(staging: &Path) -> Result<(), LakeFault> {
    for (_, folder) in entries(staging)? {
        sync(&folder)?;
    }
    sync(staging)
}

/// Takes away what was staged and not published; what can't be removed now is by the next run.
pub(crate) fn drop_staged(lake: &Path, day: &str) {
    let _ = fs::remove_dir_all(lake.join(format!("{STAGING}{day}")));
}

/// Gives the staged folder the day's name, in place of an earlier one.
pub(crate) fn publish(lake: &Path, day: &str) -> Result<(), LakeFault> {
    let (staging, published) = (lake.join(format!("{STAGING}{day}")), lake.join(day));
    if !published.exists() {
        rename(&staging, &published)?;
        return sync(lake);
    }
    if trade_names(&staging, &published) {
        sync(lake)?;
        return remove(&staging);
    }
    rename(&staging, &lake.join(format!("{READY}{day}")))?;
    sync(lake)?;
    replace(lake, day)
}

/// From `.ready-` to published in two steps, for systems that can't exchange names in one.
fn replace(lake: &Path, day: &str) -> Result<(), LakeFault> {
    let (published, old) = (lake.join(day), lake.join(format!("{OLD}{day}")));
    if published.exists() {
        if old.exists() {
            remove(&old)?;
        }
        rename(&published, &old)?;
    }
    rename(&lake.join(format!("{READY}{day}")), &published)?;
    sync(lake)?;
    if old.exists() { remove(&old) } else { Ok(()) }
}

/// Exchanges two names in one step; false where the system or the file system can't.
#[cfg(target_os = "linux")]
fn trade_names(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn trade_names(_: &Path, _: &Path) -> bool {
    false
}

/// Names and paths within a folder, by name; none when there is no such folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, LakeFault> {
    let listing = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing.map_err(LakeFault::io("list", folder))?,
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry.map_err(LakeFault::io("list", folder))?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}

fn remove(path: &Path) -> Result<(), LakeFault> {
    fs::remove_dir_all(path).map_err(LakeFault::io("remove", path))
}

fn rename(from: &Path, to: &Path) -> Result<(), LakeFault> {
    fs::rename(from, to).map_err(LakeFault::io("rename", from))
}

/// Waits until a folder's names are on disk.
pub(crate) fn sync(folder: &Path) -> Result<(), LakeFault> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(LakeFault::io("flush", folder))
}
