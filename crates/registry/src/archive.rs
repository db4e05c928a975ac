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

/// What became of a file that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposal {
    Gone,
    /// It may not be removed, and stays where it is: known by its digest, it is not taken twice.
    Left,
}

/// Moves a file that was taken into the archive, sealed, or deletes it when there is none. Killed in between, the file
/// is still in the inbox, known by its digest, and is moved the next time.
///
/// # Errors
/// `Write` with the file's name, when the archive can't take it.
pub fn dispose(file: &Path, keys: &Keys, archive: Option<&Path>) -> Result<Disposal, RegistryError> {
    let mut kept = None;
    if let Some(archive) = archive {
        fs::create_dir_all(archive).map_err(|e| fault(archive, &e))?;
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let place = free_name(archive, &name);
        let draft = archive.join(format!(".{name}.draft"));
        seal_file(file, &draft, keys, &context_of(&place)).map_err(|e| fault(&draft, &e))?;
        fs::rename(&draft, &place).map_err(|e| fault(&place, &e))?;
        kept = Some(place);
    }
    if fs::remove_file(file).is_ok() {
        return Ok(Disposal::Gone);
    }
    if let Some(place) = kept {
        // The file itself is the copy; another one each night would fill the archive.
        fs::remove_file(&place).map_err(|e| fault(&place, &e))?;
    }
    Ok(Disposal::Left)
}

/// Opens an archived file. What lies at `out` is replaced only once the whole file has opened; only its owner can read
/// it, since it holds people.
///
/// # Errors
/// `Write` when it can't be read or written, `Seal` when a frame was changed or the file cut short.
pub fn restore(sealed: &Path, keys: &Keys, out: &Path) -> Result<u64, RegistryError> {
    let draft = draft_of(out);
    let mut bytes = 0;
    let written = private(&draft).map_err(|e| fault(out, &e)).and_then(|file| {
        let mut output = BufWriter::new(file);
        each_frame(sealed, keys, |_, plain| {
            bytes += plain.len() as u64;
            output.write_all(plain).map_err(|e| fault(out, &e))
        })?;
        output.flush().map_err(|e| fault(out, &e))?;
        fs::rename(&draft, out).map_err(|e| fault(out, &e))
    });
    if written.is_err() {
        // The draft holds people; the fault that stopped it is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    written.map(|()| bytes)
}

/// Seals the archive's files anew with the newest key, so that older keys may be forgotten, and says how many. A file
/// that is sealed with it already is left alone: after a break run it again.
///
/// # Errors
/// `Write` with the file's name, `Seal` when a file was changed or none of the keys opens it.
pub fn seal_anew(archive: &Path, keys: &Keys) -> Result<u64, RegistryError> {
    let mut files = Vec::new();
    match fs::read_dir(archive) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(fault(archive, &e)),
        Ok(entries) => {
            for entry in entries {
                files.push(entry.map_err(|e| fault(archive, &e))?.path());
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|end| end == "sealed"));
    files.sort();
    let mut done = 0;
    for path in files {
        let first = read_frame(&mut File::open(&path).map_err(|e| fault(&path, &e))?).map_err(|e| fault(&path, &e))?;
        if Keys::sealed_with(&first).map_err(unsealed)? == keys.newest_id() {
            continue;
        }
        let (context, draft) = (context_of(&path), draft_of(&path));
        let mut output = BufWriter::new(private(&draft).map_err(|e| fault(&draft, &e))?);
        each_frame(&path, keys, |number, plain| {
            write_frame(&mut output, &keys.seal(&format!("{context} {number}"), plain)).map_err(|e| fault(&draft, &e))
        })?;
        let written = output.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        written.and_then(|()| fs::rename(&draft, &path)).map_err(|e| fault(&path, &e))?;
        done += 1;
    }
    Ok(done)
}

/// Hands on a sealed file's frames in clear, the last, empty one too.
fn each_frame(
    sealed: &Path,
    keys: &Keys,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    let context = context_of(sealed);
    let mut input = BufReader::new(File::open(sealed).map_err(|e| fault(sealed, &e))?);
    for number in 0_u64.. {
        let frame = read_frame(&mut input).map_err(|e| fault(sealed, &e))?;
        let plain = keys.open(&format!("{context} {number}"), &frame).map_err(unsealed)?;
        each(number, &plain)?;
        if plain.is_empty() {
            break;
        }
    }
    Ok(())
}

fn read_frame(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > FRAME + OVERHEAD {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut frame = vec![0; length];
    input.read_exact(&mut frame)?;
    Ok(frame)
}

fn write_frame(output: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    output.write_all(&u32::try_from(frame.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    output.write_all(frame)
}

fn unsealed(cause: store::SealError) -> RegistryError {
    RegistryError::Seal { table: "archive", cause }
}

/// A file beside the target that takes its name when it is finished.
fn draft_of(path: &Path) -> PathBuf {
    path.with_file_name(format!(".{}.draft", path.file_name().unwrap_or_default().to_string_lossy()))
}

/// A new file that only its owner can read.
fn private(path: &Path) -> io::Result<File> {
    if let Err(e) = fs::remove_file(path)
        && e.kind() != io::ErrorKind::NotFound
    {
        return Err(e);
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn seal_file(from: &Path, to: &Path, keys: &Keys, context: &str) -> io::Result<()> {
    let mut input = File::open(from)?;
    let mut output = BufWriter::new(File::create(to)?);
    let mut plain = Vec::with_capacity(FRAME);
    for number in 0_u64.. {
        plain.clear();
        Read::by_ref(&mut input).take(FRAME as u64).read_to_end(&mut plain)?;
        let frame = keys.seal(&format!("{context} {number}"), &plain);
        write_frame(&mut output, &frame)?;
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
    #[test]
    fn after_a_change_of_key_the_archive_opens_without_the_old_one() {
        let folder = std::env::temp_dir().join(format!("yilian-archive-anew-{}", std::process::id()));
        let archive = folder.join("archive");
        fs::create_dir_all(&folder).unwrap();
        let (old, new) = ("11".repeat(32), "22".repeat(32));
        let (list, out) = (folder.join("kin_2026-11-01.csv"), folder.join("out.csv"));
        let text = "姓名,证件号\n".repeat(200_000);
        fs::write(&list, &text).unwrap();
        dispose(&list, &Keys::parse(&old).unwrap(), Some(&archive)).unwrap();
        let both = Keys::parse(&format!("{old} {new}")).unwrap();
        assert_eq!(seal_anew(&archive, &both).unwrap(), 1);
        assert_eq!(seal_anew(&archive, &both).unwrap(), 0);
        let sealed = archive.join("kin_2026-11-01.csv.sealed");
        assert_eq!(restore(&sealed, &Keys::parse(&new).unwrap(), &out).unwrap(), text.len() as u64);
        assert!(restore(&sealed, &Keys::parse(&old).unwrap(), &out).is_err());
        assert_eq!(fs::read_to_string(&out).unwrap(), text, "what was there stays when nothing opens");
        assert_eq!(seal_anew(&folder.join("none"), &both).unwrap(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
