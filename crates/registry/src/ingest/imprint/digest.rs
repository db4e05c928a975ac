//! The keyed digest of a row's cells, and in what way they were read.

use std::hash::Hasher;

use kernel::Divisions;
use siphasher::sip::SipHasher13;
use store::Keys;

use crate::ingest::layout::Layout;
use crate::reading::{Cells, Header};
use crate::sources::{Gives, Source};

/// Raised when cells, or what follows from them, are read in another way than before: then nothing is recognised.
const READING: u32 = 1;

/// Digests rows of one source. Without the key nobody can make two rows alike.
#[derive(Clone)]
pub(in crate::ingest) struct Digester {
    hasher: SipHasher13,
    /// Columns of the source that mean something.
    columns: Vec<usize>,
}

impl Digester {
    pub fn new(keys: &Keys, source: &Source) -> Self {
        let key = keys.blind("imprint", &source.id);
        let columns = source.columns.iter().enumerate().filter(|(_, column)| column.gives != [Gives::Ignore]);
        Self { hasher: SipHasher13::new_with_key(&key), columns: columns.map(|(at, _)| at).collect() }
    }

    /// Of the cells that mean something, in the order of the source's columns; none for a row with cells beyond the
    /// header, in which there is a fault.
    pub fn digest(&self, header: &Header, cells: Cells<'_>) -> Option<u64> {
        if cells.len() > header.names.len() {
            return None;
        }
        let mut hasher = self.hasher;
        for column in &self.columns {
            let cell = header.cell_of[*column].and_then(|at| cells.get(at)).unwrap_or("");
            hasher.write(cell.as_bytes());
            // No text in UTF-8 has this byte.
            hasher.write_u8(0xff);
        }
        Some(hasher.finish())
    }
}

/// In what way rows are read: as the source, its layout and the divisions ([`places`]) say. Another one, and rows with the
/// same cells may mean something else.
pub(in crate::ingest) fn reading(keys: &Keys, source: &Source, layout: &Layout, places: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let text = format!("{READING} {version} {} {source:?} {places}", layout.id);
    hex::encode(keys.blind("reading", &text))
}

/// The same of the table of divisions, worked out once for all lists.
pub(in crate::ingest) fn places(keys: &Keys, divisions: &Divisions) -> String {
    let lines: Vec<String> = divisions.iter().map(|d| format!("{} {}", d.code, d.name)).collect();
    hex::encode(keys.blind("places", &lines.join("\n")))
}
