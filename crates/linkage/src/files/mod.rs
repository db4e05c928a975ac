//! CSV files into memory, and the loader that other readers of tables feed.
//!
//! UTF-8 and GB18030 are read; what is neither is refused with the line. No cell is ever repeated in a fault.

mod csv_file;
mod loader;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use loader::Loader;

/// Why files could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("could not read {path}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} is neither UTF-8 nor GB18030: line {line} has bytes of neither; save it as UTF-8")]
    Encoding { path: PathBuf, line: usize },
    #[error("{path} has no header line")]
    Empty { path: PathBuf },
    #[error("{path} lacks {}; its columns are: {}", missing.join(", "), present.join(", "))]
    Columns { path: PathBuf, missing: Vec<String>, present: Vec<String> },
    #[error("{path} has the columns {} more than once; leave one of each", columns.join(", "))]
    Twice { path: PathBuf, columns: Vec<String> },
    #[error("{path}: line {line} has {found} cells where the header has {expected}")]
    Cells { path: PathBuf, line: usize, found: usize, expected: usize },
    #[error(
        "{path}: {rows} rows have no id or one that another row has, the first in line {line}; give every row its own id"
    )]
    Ids { path: PathBuf, rows: usize, line: usize },
    #[error("{path}: a quoted cell is not closed or holds broken quotes")]
    Quotes { path: PathBuf, source: csv::Error },
}
