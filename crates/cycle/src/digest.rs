//! Digests by which equal inputs and equal results are recognised.

use std::fs;
use std::io::{BufWriter, Write};
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

/// Digest of anything that prints the same when it is the same, part after part as they come to be known.
#[derive(Clone, Default)]
pub struct Running(Sha256);

impl Running {
    pub fn feed(mut self, parts: &[&dyn Digestible]) -> Self {
        parts.iter().for_each(|part| part.feed(&mut self.0));
        self
    }

    pub fn end(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// Something with one byte form.
pub trait Digestible {
    fn feed(&self, hash: &mut Sha256);
}

impl<T: serde::Serialize> Digestible for T {
    fn feed(&self, hash: &mut Sha256) {
        // The text of millions of people is hashed as it comes, never held.
        let mut writer = BufWriter::with_capacity(CHUNK, Hashing(hash));
        // Serialising our own plain structs to memory can't fail; half a text would only cost a rewrite.
        let _ = serde_json::to_writer(&mut writer, self);
        let _ = writer.flush();
    }
}

/// Text is gathered to this many bytes before it is hashed.
const CHUNK: usize = 1 << 16;

struct Hashing<'h>(&'h mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hashed_as_it_comes_is_the_json_text() {
        let numbers: Vec<u64> = (0..50_000).collect();
        let whole = serde_json::to_vec(&numbers).unwrap();
        assert!(whole.len() > CHUNK);
        let mut hash = Sha256::new();
        hash.update(&whole);
        hash.update(b"\"x\"");
        assert_eq!(Running::default().feed(&[&numbers]).feed(&[&"x"]).end(), hex::encode(hash.finalize()));
    }
}
