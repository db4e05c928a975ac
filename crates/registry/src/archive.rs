//! What becomes of a list file that was taken: sealed into the archive, or deleted.
//!
//! A sealed file is a sequence of frames, each its length (four bytes, little-endian) and a sealed blob whose context
//! is the archive's name and the frame's number, so that frames can't be exchanged or left out in the middle; the last
//! frame is empty.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use store::Keys;

use crate::RegistryError;

const FRAME: usize = 1 << 20;
/// What sealing may add to a frame.
const OVERHEAD: usize = 256;

/// Moves a file that was taken into the archive, sealed, or deletes it when there is none. Killed in between, the file
/// is still in the inbox, known by its digest, and is moved the next time.
///
/// # Errors
/// `Write` with the file's name.
pub fn dispose(file: &Path, keys: &Keys, archive: Option<&Path>) -> Result<(), RegistryError> {
    if let Some(archive) = archive {
        fs::create_dir_all(archive).map_err(|e| fault(archive, &e))?;
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let place = free_name(archive, &name);
        let draft = archive.join(format!(".{name}.draft"));
        seal_file(file, &draft, keys, &context_of(&place)).map_err(|e| fault(&draft, &e))?;
        fs::rename(&draft, &place).map_err(|e| fault(&place, &e))?;
    }
    fs::remove_file(file).map_err(|e| fault(file, &e))
}

/// Opens an archived file.
///
/// # Errors
/// `Write` when it can't be read or written, `Seal` when a frame was changed or the file cut short.
pub fn restore(sealed: &Path, keys: &Keys, out: &Path) -> Result<u64, RegistryError> {
    let context = context_of(sealed);
    let mut input = BufReader::new(File::open(sealed).map_err(|e| fault(sealed, &e))?);
    let mut output = BufWriter::new(File::create(out).map_err(|e| fault(out, &e))?);
    let mut bytes = 0;
    for number in 0_u64.. {
        let mut length = [0; 4];
        input.read_exact(&mut length).map_err(|e| fault(sealed, &e))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > FRAME + OVERHEAD {
            return Err(fault(sealed, &io::Error::from(io::ErrorKind::InvalidData)));
        }
        let mut frame = vec![0; length];
        input.read_exact(&mut frame).map_err(|e| fault(sealed, &e))?;
        let plain = keys
            .open(&format!("{context} {number}"), &frame)
            .map_err(|cause| RegistryError::Seal { table: "archive", cause })?;
        if plain.is_empty() {
            break;
        }
        bytes += plain.len() as u64;
        output.write_all(&plain).map_err(|e| fault(out, &e))?;
    }
    output.flush().map_err(|e| fault(out, &e))?;
    Ok(bytes)
}

fn seal_file(from: &Path, to: &Path, keys: &Keys, context: &str) -> io::Result<()> {
    let mut input = File::open(from)?;
    let mut output = BufWriter::new(File::create(to)?);
    let mut plain = Vec::with_capacity(FRAME);
    for number in 0_u64.. {
        plain.clear();
        Read::by_ref(&mut input).take(FRAME as u64).read_to_end(&mut plain)?;
        let frame = keys.seal(&format!("{context} {number}"), &plain);
        output.write_all(&u32::try_from(frame.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        output.write_all(&frame)?;
        if plain.is_empty() {
            break;
        }
    }
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// `name.sealed`, or `name.2.sealed` when another file of that name was archived before.
fn free_name(archive: &Path, name: &str) -> PathBuf {
    let numbered = |n: u32| archive.join(if n == 1 { format!("{name}.sealed") } else { format!("{name}.{n}.sealed") });
    (1..).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| numbered(1))
}

fn context_of(sealed: &Path) -> String {
    format!("archive {}", sealed.file_name().unwrap_or_default().to_string_lossy())
}

fn fault(file: &Path, cause: &io::Error) -> RegistryError {
    RegistryError::Write { file: file.display().to_string(), cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archived_list_comes_back_and_a_changed_one_does_not() {
        let folder = std::env::temp_dir().join(format!("yilian-archive-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (keys, list) = (Keys::generate(), folder.join("low_income_2026-11-01.csv"));
        let text = "姓名,证件号\n".repeat(100_000);
        for expected in ["low_income_2026-11-01.csv.sealed", "low_income_2026-11-01.csv.2.sealed"] {
            fs::write(&list, &text).unwrap();
            dispose(&list, &keys, Some(&folder.join("archive"))).unwrap();
            assert!(!list.exists());
            let sealed = folder.join("archive").join(expected);
            let out = folder.join("out.csv");
            assert_eq!(restore(&sealed, &keys, &out).unwrap(), text.len() as u64);
            assert_eq!(fs::read_to_string(&out).unwrap(), text);
        }
        let sealed = folder.join("archive/low_income_2026-11-01.csv.sealed");
        let mut bytes = fs::read(&sealed).unwrap();
        bytes[100] ^= 1;
        fs::write(&sealed, &bytes).unwrap();
        assert!(restore(&sealed, &keys, &folder.join("out.csv")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
