//! What can go wrong with a document.

use std::io;
use std::path::Path;

use store::StoreError;
use store::audit::AuditError;

/// Why a document can't be attached or shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    #[error("could not read {file}: {cause}")]
    Read { file: String, cause: String },
    #[error("could not write {file}: {cause}")]
    Write { file: String, cause: String },
    #[error("the file is empty")]
    Empty,
    #[error("the file is neither a PDF nor plain text; save it as one of them")]
    NeitherPdfNorText,
    #[error("the PDF ends in the middle; fetch it again")]
    CutOff,
    #[error("the file is larger than {} MB", limit >> 20)]
    TooLarge { limit: u64 },
    #[error("the plan has no clause {clause}")]
    NoClause { clause: String },
    #[error("the kept file is not the one that was attached; attach it again")]
    Changed,
    #[error("the record of the attached document can't be read; attach it again")]
    Damaged,
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Audit(#[from] AuditError),
}

impl DocumentFault {
    pub(super) fn read(file: &Path, cause: &io::Error) -> Self {
        Self::Read { file: file.display().to_string(), cause: cause.kind().to_string() }
    }

    pub(super) fn write(file: &Path, cause: &io::Error) -> Self {
        Self::Write { file: file.display().to_string(), cause: cause.kind().to_string() }
    }
}
