//! Is a backup what its manifest says?

use std::collections::BTreeMap;
use std::path::Path;

use store::Keys;

use crate::put_away::list;
use crate::{Fault, MANIFEST, Manifest};

/// A backup that is whole.
#[derive(Clone, Debug)]
pub struct Checked {
    pub manifest: Manifest,
    /// Whether the keys at hand made it; `None` without keys.
    pub proven: Option<bool>,
}

/// Compares every file with the manifest, and the manifest with the keys where there are some.
///
/// # Errors
/// `NoManifest`, `Newer`, `Damaged` with every fault, `File`.
pub fn check(folder: &Path, keys: Option<&Keys>) -> Result<Checked, Fault> {
    let manifest = Manifest::read(folder)?;
    let mut found = Vec::new();
    list(folder, folder, &mut found)?;
    let mut there: BTreeMap<String, _> = found.into_iter().map(|line| (line.path.clone(), line)).collect();
    there.remove(MANIFEST);
    let mut faults = Vec::new();
    for line in &manifest.files {
        match there.remove(&line.path) {
            None => faults.push(format!("{} is missing", line.path)),
            Some(found) if found.bytes != line.bytes => {
                faults.push(format!("{} has {} bytes, not {}", line.path, found.bytes, line.bytes));
            }
            Some(found) if found.sha256 != line.sha256 => faults.push(format!("{} was changed", line.path)),
            Some(_) => {}
        }
    }
    faults.extend(there.keys().map(|path| format!("{path} does not belong to it")));
    if !faults.is_empty() {
        return Err(Fault::Damaged(faults));
    }
    let proven = keys.map(|keys| manifest.is_proven(keys));
    Ok(Checked { manifest, proven })
}
