//! From a received file to rows of text: encoding, CSV or XLSX, header row.
//!
//! Knows columns by name only; what a cell means is `rows`' affair. Reads in a stream, so that a list of
//! millions of rows needs no more memory than a short one. Every way a file can be broken ends in a
//! [`ReadFault`] before anything is written.

mod fault;
mod file_name;
mod header;
mod probe;
mod records;
mod text;
mod workbook;
mod zip_guard;

use std::path::Path;

pub use fault::ReadFault;
pub use file_name::ListName;
pub use header::Header;
pub(crate) use header::Headers;
pub(crate) use probe::file_name;
pub use probe::{Encoding, Probe};
pub(crate) use records::{Cells, Records};

use crate::sources::Source;

/// How much is believed of a file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows within which the header must stand.
    pub header_within_rows: u64,
    /// What an XLSX may unpack to, in bytes.
    pub unpacked_bytes: u64,
    /// How many times its packed size an XLSX part may unpack to, beyond `ratio_from_bytes`.
    pub unpack_ratio: u64,
    pub ratio_from_bytes: u64,
    /// Rows of a full worksheet: a list that fills it was cut off.
    pub sheet_rows: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_within_rows: 30,
            unpacked_bytes: 1 << 30,
            unpack_ratio: 200,
            ratio_from_bytes: 32 << 20,
            sheet_rows: 1_048_576,
        }
    }
}

/// What the rows of a list came with, known once all are read.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    pub header: Header,
    /// Rows below the header, blank ones not counted.
    pub rows: u64,
}

/// Hands on every row as it stands, with its number. In a workbook the sheet with the `source`'s table is read; without a source the first one with anything in it.
///
/// # Errors
/// A [`ReadFault`], or whatever `each` returns.
pub(crate) fn each_record<E: From<ReadFault>>(
    path: &Path,
    probe: &Probe,
    source: Option<&Source>,
    limits: &Limits,
    mut each: impl FnMut(u64, Cells<'_>) -> Result<(), E>,
) -> Result<(), E> {
    match probe.encoding {
        Encoding::Xlsx => workbook::each_record(path, source, limits, &mut each),
        _ => text::each_record(path, probe, &mut each),
    }
}

/// Hands every row below the header to `each` with its number as the office sees it (1-based).
///
/// # Errors
/// A [`ReadFault`], or whatever `each` returns.
pub(crate) fn each_row<E: From<ReadFault>>(
    path: &Path,
    probe: &Probe,
    source: &Source,
    limits: &Limits,
    mut each: impl FnMut(&Header, u64, Cells<'_>) -> Result<(), E>,
) -> Result<Passed, E> {
    let mut finder = header::Finder::new(source, limits.header_within_rows);
    let mut header: Option<Header> = None;
    let mut rows = 0;
    each_record(path, probe, Some(source), limits, |number: u64, record: Cells<'_>| -> Result<(), E> {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        match &header {
            Some(header) => {
                rows += 1;
                each(header, number, record)
            }
            None => {
                header = finder.look(number, record)?;
                Ok(())
            }
        }
    })?;
    match header {
        Some(header) => Ok(Passed { header, rows }),
        None => Err(finder.not_found().into()),
    }
}
