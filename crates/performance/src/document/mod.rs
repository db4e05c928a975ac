//! The official document of a plan, as an installation attaches it: kept below its home, never in a pack.
//!
//! Below the folder of documents lies one folder a pack: the file as it came, named by its digest, and
//! `document.json`, which says what it is. That a document was attached is in the audit trail.

mod fault;
mod place;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kernel::Date;
use policy::model::Pack;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::audit::Entry;
use store::{Keys, Session};

pub use fault::DocumentFault;
pub use place::{Place, find as find_place};

/// What is believed of a file: no plan is larger.
const PDF_BYTES: u64 = 32 << 20;
const TEXT_BYTES: u64 = 2 << 20;
const RECORD: &str = "document.json";

/// An attached document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// As the file was called.
    pub file: String,
    pub kind: DocumentKind,
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
    pub attached_on: Date,
    pub attached_by: String,
    /// Pages of a PDF by clause or number of a clause, where someone said them.
    pub pages: BTreeMap<String, u32>,
}

/// Told by the bytes, not by the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Pdf,
    Text,
}

/// Who attaches, and when.
#[derive(Clone, Copy, Debug)]
pub struct Attaching<'a> {
    pub at: chrono::DateTime<chrono::Utc>,
    pub on: Date,
    pub by: &'a str,
}

impl Attached {
    /// The page on which a clause stands: said for it, else for its number (`KZ-5` for `KZ-5d`).
    #[must_use]
    pub fn page(&self, clause: &str) -> Option<u32> {
        let number = clause.trim_end_matches(|c: char| c.is_ascii_lowercase());
        self.pages.get(clause).or_else(|| self.pages.get(number)).copied()
    }

    fn path(&self, folder: &Path, pack: &str) -> PathBuf {
        let end = match self.kind {
            DocumentKind::Pdf => "pdf",
            DocumentKind::Text => "txt",
        };
        folder.join(pack).join(format!("{}.{end}", self.digest))
    }
}

/// Keeps a copy of `file` as the document of `pack`, in place of an earlier one.
///
/// # Errors
/// Every [`DocumentFault`]; the document attached before stays then.
pub fn attach(
    (session, keys): (&mut Session, &Keys),
    folder: &Path,
    pack: &Pack,
    file: &Path,
    pages: BTreeMap<String, u32>,
    how: &Attaching<'_>,
) -> Result<Attached, DocumentFault> {
    let number = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
    for asked in pages.keys() {
        if !pack.clauses.iter().any(|clause| clause.id == *asked || number(&clause.id) == *asked) {
            return Err(DocumentFault::NoClause { clause: asked.clone() });
        }
    }
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = read_at_most(file, PDF_BYTES)?;
    let kind = kind_of(&bytes)?;
    let attached = Attached {
        file: name,
        kind,
        bytes: bytes.len() as u64,
        digest: digest_of(&bytes),
        attached_on: how.on,
        attached_by: how.by.to_owned(),
        pages,
    };
    let own = folder.join(&pack.id);
    fs::create_dir_all(&own).map_err(|e| DocumentFault::write(&own, &e))?;
    put(&attached.path(folder, &pack.id), &bytes)?;
    let before = attached_to(folder, &pack.id).ok().flatten();
    session.transaction(|tx| {
        let detail = serde_json::json!({ "digest": attached.digest, "bytes": attached.bytes, "kind": attached.kind });
        let entry = Entry { at: how.at, actor: how.by, action: "document.attach", subject: &pack.id, detail: &detail };
        store::audit::append(tx, keys, &entry)?;
        let record = serde_json::to_vec_pretty(&attached).map_err(|_| DocumentFault::Damaged)?;
        put(&own.join(RECORD), &record)
    })?;
    if let Some(before) = before.filter(|before| before.digest != attached.digest) {
        // What is no longer named does no harm where it can't be removed.
        let _ = fs::remove_file(before.path(folder, &pack.id));
    }
    Ok(attached)
}

/// The document attached to a pack, if there is one.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn attached_to(folder: &Path, pack: &str) -> Result<Option<Attached>, DocumentFault> {
    let path = folder.join(pack).join(RECORD);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| DocumentFault::Damaged),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(DocumentFault::read(&path, &e)),
    }
}

/// The document's bytes, as attached.
///
/// # Errors
/// `Read`; `Changed` when the file is not the one that was attached.
pub fn bytes_of(folder: &Path, pack: &str, attached: &Attached) -> Result<Vec<u8>, DocumentFault> {
    let bytes = read_at_most(&attached.path(folder, pack), PDF_BYTES)?;
    if digest_of(&bytes) == attached.digest { Ok(bytes) } else { Err(DocumentFault::Changed) }
}

/// The lines of a document that is text.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    let (text, _) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => encoding_rs::UTF_8.decode_without_bom_handling(rest),
        _ if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8.decode_without_bom_handling(bytes),
        _ => encoding_rs::GB18030.decode_without_bom_handling(bytes),
    };
    text.into_owned()
}

fn kind_of(bytes: &[u8]) -> Result<DocumentKind, DocumentFault> {
    if bytes.is_empty() {
        return Err(DocumentFault::Empty);
    }
    if bytes.starts_with(b"%PDF-") {
        let tail = &bytes[bytes.len().saturating_sub(2048)..];
        return if tail.windows(5).any(|w| w == b"%%EOF") { Ok(DocumentKind::Pdf) } else { Err(DocumentFault::CutOff) };
    }
    let plain = |b: &u8| *b >= 0x20 || matches!(b, b'\n' | b'\r' | b'\t' | 0x0c);
    let decodes = std::str::from_utf8(bytes).is_ok()
        || encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if !decodes || !bytes.iter().all(plain) {
        return Err(DocumentFault::NeitherPdfNorText);
    }
    let head: String = text_of(&bytes[..bytes.len().min(256)]).trim_start().chars().take(5).collect();
    if head.starts_with('<') {
        return Err(DocumentFault::NeitherPdfNorText);
    }
    if bytes.len() as u64 > TEXT_BYTES {
        return Err(DocumentFault::TooLarge { limit: TEXT_BYTES });
    }
    Ok(DocumentKind::Text)
}

fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, DocumentFault> {
    let file = fs::File::open(path).map_err(|e| DocumentFault::read(path, &e))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| DocumentFault::read(path, &e))?;
    if bytes.len() as u64 > limit { Err(DocumentFault::TooLarge { limit }) } else { Ok(bytes) }
}

/// Whole or not at all: written under another name first.
fn put(path: &Path, bytes: &[u8]) -> Result<(), DocumentFault> {
    let draft = path.with_extension("draft");
    fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, path)).map_err(|e| DocumentFault::write(path, &e))
}

fn digest_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_bytes() {
        assert_eq!(kind_of(b"%PDF-1.7\n1 0 obj\n%%EOF\n"), Ok(DocumentKind::Pdf));
        assert_eq!(kind_of(b"%PDF-1.7\n1 0 obj\n"), Err(DocumentFault::CutOff));
        assert_eq!(kind_of("一、总体要求\n".as_bytes()), Ok(DocumentKind::Text));
        assert_eq!(kind_of(&encoding_rs::GB18030.encode("一、总体要求\n").0), Ok(DocumentKind::Text));
        assert_eq!(kind_of(b""), Err(DocumentFault::Empty));
        for other in [b"PK\x03\x04\x00docx".as_slice(), b"\xd0\xcf\x11\xe0", b"MZ\x90\x00", b"<html>x</html>"] {
            assert_eq!(kind_of(other), Err(DocumentFault::NeitherPdfNorText));
        }
    }

    #[test]
    fn a_page_said_for_a_number_holds_for_its_clauses() {
        let attached = Attached {
            file: "plan.pdf".into(),
            kind: DocumentKind::Pdf,
            bytes: 1,
            digest: String::new(),
            attached_on: kernel::parse_date("2026-11-20").unwrap(),
            attached_by: "officer".into(),
            pages: BTreeMap::from([("KZ-5".to_owned(), 4), ("KZ-5d".to_owned(), 5)]),
        };
        assert_eq!(["KZ-5a", "KZ-5d", "KZ-50", "KZ-6"].map(|id| attached.page(id)), [Some(4), Some(5), None, None]);
    }
}
