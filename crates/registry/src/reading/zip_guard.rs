//! Unpacks every part of an XLSX once into nothing, so that no part can be larger than it says.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::probe::file_name;
use super::{Limits, ReadFault};

/// Passes when the archive unpacks to a reasonable size.
///
/// # Errors
/// `ZipBomb`, `BrokenWorkbook`, `Io`.
pub(super) fn check(path: &Path, limits: &Limits) -> Result<(), ReadFault> {
    let file = File::open(path).map_err(|e| ReadFault::Io { file: file_name(path), cause: e.kind().to_string() })?;
    let broken = |e: zip::result::ZipError| ReadFault::BrokenWorkbook { cause: e.to_string() };
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let packed = part.compressed_size().max(1);
        let said = part.size();
        let most = left.min(limits.ratio_from_bytes.max(packed.saturating_mul(limits.unpack_ratio)));
        if said > most {
            return Err(ReadFault::ZipBomb);
        }
        let unpacked = io::copy(&mut part.take(most + 1), &mut io::sink())
            .map_err(|e| ReadFault::BrokenWorkbook { cause: e.kind().to_string() })?;
        if unpacked > most {
            return Err(ReadFault::ZipBomb);
        }
        left -= unpacked;
    }
    Ok(())
}
