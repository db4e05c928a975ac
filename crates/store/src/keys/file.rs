//! The key file: readable by its owner only, written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::ring::{generate_key, words};
use super::{KeyError, Keys};

const HEADING: &str = "# Keys of this installation, oldest first; the last one seals.
# Keep this file secret and keep a copy in another place: without it the sealed data are lost.
";

/// Holds the keys themselves where no file is wanted, as under a service manager's secret store.
pub const KEY_VARIABLE: &str = "YILIAN_KEY";

impl Keys {
    /// The keys of the environment variable `YILIAN_KEY` if it is set, else those of the key file.
    ///
    /// # Errors
    /// As [`Keys::from_file`].
    pub fn from_environment_or_file(path: &Path) -> Result<Self, KeyError> {
        match std::env::var(KEY_VARIABLE) {
            Ok(text) => Self::parse(&text),
            Err(std::env::VarError::NotPresent) => Self::from_file(path),
            Err(std::env::VarError::NotUnicode(_)) => Err(KeyError::Malformed { number: 1 }),
        }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// `Permissions` when group or others may read it, `Read`, and those of [`Keys::parse`].
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        Self::parse(&read(path)?)
    }
}

/// Makes a key file with one fresh key and mode 0600; an existing file is never replaced.
///
/// # Errors
/// `Exists`, `Write`.
pub fn create_key_file(path: &Path) -> Result<Keys, KeyError> {
    let text = format!("{HEADING}{}\n", generate_key());
    let draft = write_draft(path, &text)?;
    // A link, unlike a rename, fails when the name is taken.
    let linked = fs::hard_link(&draft, path);
    let removed = fs::remove_file(&draft);
    match linked.and(removed) {
        Ok(()) => Keys::parse(&text),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Err(KeyError::Exists { path: shown(path) }),
        Err(e) => Err(KeyError::Write { path: shown(path), cause: e.to_string() }),
    }
}

/// Adds a fresh key at the end: from now on it seals. The first step of a rotation.
///
/// # Errors
/// As [`Keys::from_file`], and `Write`.
pub fn add_key_to_file(path: &Path) -> Result<Keys, KeyError> {
    let mut keys: Vec<String> = words(&read(path)?).map(str::to_owned).collect();
    keys.push(generate_key());
    replace(path, &keys)
}

/// Removes all keys but the newest. The last step of a rotation, once the database no longer needs them.
///
/// # Errors
/// As [`Keys::from_file`], and `Write`.
pub fn keep_newest_in_file(path: &Path) -> Result<Keys, KeyError> {
    let text = read(path)?;
    let newest = words(&text).last().ok_or(KeyError::Empty)?;
    replace(path, &[newest.to_owned()])
}

fn replace(path: &Path, keys: &[String]) -> Result<Keys, KeyError> {
    let text = format!("{HEADING}{}\n", keys.join("\n"));
    let ring = Keys::parse(&text)?;
    let draft = write_draft(path, &text)?;
    fs::rename(&draft, path).map_err(|e| KeyError::Write { path: shown(path), cause: e.to_string() })?;
    Ok(ring)
}

fn read(path: &Path) -> Result<String, KeyError> {
    let fault = |e: std::io::Error| KeyError::Read { path: shown(path), cause: e.to_string() };
    let mode = mode_of(&fs::metadata(path).map_err(fault)?);
    if mode & 0o077 != 0 {
        return Err(KeyError::Permissions { path: shown(path), mode });
    }
    fs::read_to_string(path).map_err(fault)
}

#[cfg(unix)]
fn mode_of(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
}

/// Elsewhere the folder's access list decides, which this program can't read.
#[cfg(not(unix))]
fn mode_of(_: &fs::Metadata) -> u32 {
    0o600
}

/// A finished file beside the target, on disk before it takes the target's name.
fn write_draft(path: &Path, text: &str) -> Result<PathBuf, KeyError> {
    let fault = |e: std::io::Error| KeyError::Write { path: shown(path), cause: e.to_string() };
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft).map_err(fault)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
    Ok(draft)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
