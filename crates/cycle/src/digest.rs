//! Digests by which equal inputs and equal results are recognised.

use std::fs;
use std::path::{Path, PathBuf};

use policy::Pack;
use sha2::{Digest, Sha256};

use crate::CycleFault;

/// Digest of every file of a pack and of the packs it builds on.
pub fn of_pack(packs: &Path, pack: &Pack) -> Result<String, CycleFault> {
    let mut hash = Sha256::new();
    for id in pack.made_of.iter().chain([&pack.id]) {
        let root = packs.join(id);
        let mut files = Vec::new();
        collect(&root, &mut files)?;
        files.sort();
        for file in files {
            let text = fs::read(&file).map_err(|e| CycleFault::file("read", &file, e))?;
            let name = file.strip_prefix(packs).unwrap_or(&file).to_string_lossy().into_owned();
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name.as_bytes());
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(&text);
        }
    }
    Ok(hex::encode(hash.finalize()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CycleFault> {
    for entry in fs::read_dir(folder).map_err(|e| CycleFault::file("read", folder, e))? {
        let path = entry.map_err(|e| CycleFault::file("read", folder, e))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Digest of anything that prints the same when it is the same.
pub fn of_json(parts: &[&dyn Digestible]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        part.feed(&mut hash);
    }
    hex::encode(hash.finalize())
}

/// Something with one byte form.
pub trait Digestible {
    fn feed(&self, hash: &mut Sha256);
}

impl<T: serde::Serialize> Digestible for T {
    fn feed(&self, hash: &mut Sha256) {
        // Serialising our own plain structs to memory can't fail; an empty text would only cost a rewrite.
        hash.update(serde_json::to_vec(self).unwrap_or_default());
    }
}
