//! Unpacks every part of an XLSX once into nothing, so that no part can be larger than it says, and looks at the end of
//! each worksheet: one that is full to its last row is refused before anything of it is kept.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use super::probe::file_name;
use super::{Limits, ReadFault};

/// What is kept of the end of a worksheet: its last row is in there, unless it is unusually long. Then the rows tell.
const END: usize = 1 << 20;

/// Passes when the archive unpacks to a reasonable size and no worksheet is full.
///
/// # Errors
/// `ZipBomb`, `SheetFull`, `BrokenWorkbook`, `Io`.
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
        let is_sheet = part.name().is_ok_and(|name| name.starts_with("xl/worksheets/"));
        let mut end = Tail::default();
        let unpacked = io::copy(&mut part.take(most + 1), &mut end)
            .map_err(|e| ReadFault::BrokenWorkbook { cause: e.kind().to_string() })?;
        if unpacked > most {
            return Err(ReadFault::ZipBomb);
        }
        if is_sheet && end.last_row().is_some_and(|row| row >= limits.sheet_rows) {
            return Err(ReadFault::SheetFull);
        }
        left -= unpacked;
    }
    Ok(())
}

/// The end of what was written.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    /// The number of the last row that holds a value, as far as it is in here.
    fn last_row(&self) -> Option<u64> {
        let rows = self.0.windows(5).enumerate().rev().filter(|(_, at)| *at == b"<row ").map(|(at, _)| at);
        let mut end = self.0.len();
        for at in rows {
            let row = &self.0[at..end];
            end = at;
            if row.windows(3).any(|w| matches!(w, b"<v>" | b"<t>" | b"<t ")) {
                let tag = &row[..row.iter().position(|b| *b == b'>')?];
                let number = tag.windows(4).position(|w| w == b" r=\"")?;
                let digits = tag[number + 4..].iter().take_while(|b| b.is_ascii_digit());
                return String::from_utf8(digits.copied().collect()).ok()?.parse().ok();
            }
        }
        None
    }
}

impl Write for Tail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > 2 * END {
            let from = self.0.len().saturating_sub(END);
            self.0.drain(..from);
        }
        self.0.extend_from_slice(&bytes[bytes.len().saturating_sub(END)..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_row(sheet: &str) -> Option<u64> {
        let mut tail = Tail::default();
        // In small pieces, with more before them than is kept.
        let padding = "x".repeat(3 * END / 2);
        for piece in [padding.as_bytes(), sheet.as_bytes()].concat().chunks(1000) {
            tail.write_all(piece).unwrap();
        }
        tail.last_row()
    }

    #[test]
    fn the_last_row_with_a_value_is_found_at_the_end() {
        let rows = r#"<row r="7"><c r="A7"><v>1</v></c></row><row r="8" spans="1:2"><c t="inlineStr"><is><t>a</t></is></c></row>"#;
        assert_eq!(last_row(&format!("{rows}</sheetData></worksheet>")), Some(8));
        assert_eq!(
            last_row(&format!(r#"{rows}<row r="99"><c r="A99" s="1"/></row></sheetData>"#)),
            Some(8),
            "only formatted"
        );
        assert_eq!(last_row("</sheetData>"), None);
    }
}
