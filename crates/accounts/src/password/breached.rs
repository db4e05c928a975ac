//! A list of passwords that became known, where an installation has one.
//!
//! A text file of SHA-1 digests in hexadecimal, one a line, sorted, each with what follows a colon ignored: the form in
//! which the public lists come. It is searched on disk, so its size does not matter. None is part of the product.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha1::{Digest, Sha1};

const DIGITS: usize = 40;

/// Where the list lies.
#[derive(Clone, Debug)]
pub struct BreachedList {
    path: PathBuf,
}

/// The list can't be read: no password is taken then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not read the list of known passwords {path}: {cause}")]
pub struct BreachedFault {
    path: String,
    cause: String,
}

impl BreachedList {
    /// # Errors
    /// When there is no such file, or its first line is no digest.
    pub fn open(path: &Path) -> Result<Self, BreachedFault> {
        let list = Self { path: path.to_owned() };
        let fault = |cause: String| list.fault(cause);
        let mut first = String::new();
        let file = File::open(path).map_err(|e| fault(e.to_string()))?;
        BufReader::new(file).take(200).read_line(&mut first).map_err(|e| fault(e.to_string()))?;
        if digest_of(&first).is_none() {
            return Err(list.fault("its first line is no SHA-1 digest".to_owned()));
        }
        Ok(list)
    }

    /// Whether the password stands in it.
    pub(super) fn holds(&self, password: &str) -> Result<bool, BreachedFault> {
        let wanted = hex::encode_upper(Sha1::digest(password.as_bytes()));
        self.find(&wanted).map_err(|e| self.fault(e.to_string()))
    }

    /// The lowest place whose following line is not below the wanted one, by halves.
    fn find(&self, wanted: &str) -> std::io::Result<bool> {
        let mut file = BufReader::with_capacity(256, File::open(&self.path)?);
        let (mut low, mut high) = (0, file.get_ref().metadata()?.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match line_after(&mut file, middle)? {
                Some(line) if line.as_str() < wanted => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(line_after(&mut file, low)?.is_some_and(|line| line == wanted))
    }

    fn fault(&self, cause: String) -> BreachedFault {
        BreachedFault { path: self.path.display().to_string(), cause }
    }
}

/// The digest of the first line that opens at `at` or behind.
fn line_after(file: &mut BufReader<File>, at: u64) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    if at > 0 {
        file.seek(SeekFrom::Start(at - 1))?;
        file.read_line(&mut line)?;
        line.clear();
    } else {
        file.seek(SeekFrom::Start(0))?;
    }
    file.read_line(&mut line)?;
    Ok(digest_of(&line))
}

fn digest_of(line: &str) -> Option<String> {
    let digest = line.get(..DIGITS)?;
    digest.bytes().all(|b| b.is_ascii_hexdigit()).then(|| digest.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known.txt");
        let mut lines: Vec<String> =
            (0..500).map(|n| format!("{}:{n}", hex::encode_upper(Sha1::digest(format!("known {n}"))))).collect();
        lines.sort();
        std::fs::write(&path, lines.join("\r\n")).unwrap();
        let list = BreachedList::open(&path).unwrap();
        for n in 0..500 {
            assert!(list.holds(&format!("known {n}")).unwrap(), "{n}");
            assert!(!list.holds(&format!("unknown {n}")).unwrap(), "{n}");
        }
        assert!(BreachedList::open(&folder.path().join("none")).is_err());
    }
}
