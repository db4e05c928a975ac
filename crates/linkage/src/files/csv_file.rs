//! CSV files: plain ones piece by piece, those with quotes or another encoding as a whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::files::FileFault;
use crate::files::loader::{BATCH, Loader, Taking};

/// Bytes of a plain file held at a time.
const PIECE: u64 = 1 << 19;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Loader<'_> {
    /// Reads both files; without a right one, duplicates within the left one are looked for.
    ///
    /// # Errors
    /// See [`FileFault`].
    pub fn files(&mut self, left: &Path, right: Option<&Path>) -> Result<(), FileFault> {
        if let Some(right) = right {
            self.csv(right, false)?;
        }
        self.csv(left, true)
    }

    /// Reads one file; the right one, if there is one, comes before the left one.
    ///
    /// # Errors
    /// See [`FileFault`].
    pub fn csv(&mut self, path: &Path, is_left: bool) -> Result<(), FileFault> {
        let fault = |source| FileFault::Io { path: path.to_owned(), source };
        if self.plain(path, is_left)? {
            return Ok(());
        }
        let bytes = decoded(path, std::fs::read(path).map_err(fault)?)?;
        self.quoted(path, bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes), is_left)
    }

    /// Reads a UTF-8 file without quotes; false when it is another kind of file.
    fn plain(&mut self, path: &Path, is_left: bool) -> Result<bool, FileFault> {
        let fault = |source| FileFault::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(fault)?;
        let mut buffer = Vec::with_capacity(2 * PIECE as usize);
        let length = file.metadata().map_or(0, |known| known.len());
        let mut open: Option<(Taking, Lines)> = None;
        loop {
            let read = (&mut file).take(PIECE).read_to_end(&mut buffer).map_err(fault)?;
            let whole = match buffer.iter().rposition(|b| *b == b'\n') {
                _ if read == 0 => buffer.len(),
                Some(last) => last + 1,
                None => continue,
            };
            let mut lines = &buffer[..whole];
            if lines.contains(&b'"') || lines.contains(&0) || std::str::from_utf8(lines).is_err() {
                return Ok(false);
            }
            let (mut taking, mut place) = match open.take() {
                Some(open) => open,
                None => {
                    lines = lines.strip_prefix(BYTE_ORDER_MARK).unwrap_or(lines);
                    let end = lines.iter().position(|b| *b == b'\n').map_or(lines.len(), |at| at + 1);
                    let opened = self.header(path, is_left, &lines[..end])?;
                    lines = &lines[end..];
                    opened
                }
            };
            place.read(path, lines, &mut taking)?;
            (taking.length, taking.read) = (length, taking.read + whole as u64);
            self.flush(&mut taking, lines);
            if read == 0 {
                return self.finish_file(taking).map(|()| true);
            }
            open = Some((taking, place));
            buffer.drain(..whole);
        }
    }

    fn header(&self, path: &Path, is_left: bool, line: &[u8]) -> Result<(Taking, Lines), FileFault> {
        let mark = delimiter(line);
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            return Err(FileFault::Empty { path: path.to_owned() });
        }
        let header: Vec<&str> = line.trim_end_matches(['\r', '\n']).split(char::from(mark)).collect();
        let taking = self.start(path, is_left, &header)?;
        let mut fills = vec![Vec::new(); header.len()];
        for (slot, at) in taking.wanted.iter().enumerate() {
            fills[*at].push(slot);
        }
        Ok((taking, Lines { mark, fills, before: 1 }))
    }

    fn quoted(&mut self, path: &Path, body: &[u8], is_left: bool) -> Result<(), FileFault> {
        let fault = |source| FileFault::Quotes { path: path.to_owned(), source };
        let header_end = body.iter().position(|b| *b == b'\n').unwrap_or(body.len());
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(&body[..header_end])).from_reader(body);
        let header = reader.headers().map_err(fault)?.clone();
        let mut taking = self.start(path, is_left, &header.iter().collect::<Vec<_>>())?;
        let mut record = csv::ByteRecord::new();
        let mut buffer = Vec::new();
        while reader.read_byte_record(&mut record).map_err(fault)? {
            for (spans, at) in taking.spans.iter_mut().zip(&taking.wanted) {
                let cell = record.get(*at).unwrap_or_default();
                spans.push((buffer.len() as u32, cell.len() as u32));
                buffer.extend_from_slice(cell);
            }
            if taking.spans[0].len() == BATCH {
                self.flush(&mut taking, &buffer);
                buffer.clear();
            }
        }
        self.flush(&mut taking, &buffer);
        self.finish_file(taking)
    }
}

/// Where the cells of a line go.
struct Lines {
    mark: u8,
    /// For each column of the file, which wanted columns it fills.
    fills: Vec<Vec<usize>>,
    /// Lines read before.
    before: usize,
}

impl Lines {
    /// Finds the wanted cells of whole lines.
    fn read(&mut self, path: &Path, body: &[u8], taking: &mut Taking) -> Result<(), FileFault> {
        let mut at = 0;
        while at < body.len() {
            let (line, mut cell, mut start) = (at, 0, at);
            self.before += 1;
            loop {
                at = end_of_cell(body, at, self.mark);
                let is_last = body.get(at) != Some(&self.mark);
                if let Some(slots) = self.fills.get(cell) {
                    for slot in slots {
                        taking.spans[*slot].push((start as u32, (at - start) as u32));
                    }
                }
                cell += 1;
                at += 1;
                start = at;
                if is_last {
                    break;
                }
            }
            if cell != self.fills.len() {
                if !body[line..(at - 1).min(body.len())].iter().all(u8::is_ascii_whitespace) {
                    let (line, expected) = (self.before, self.fills.len());
                    return Err(FileFault::Cells { path: path.to_owned(), line, found: cell, expected });
                }
                let full = taking.spans.iter().map(Vec::len).min().unwrap_or(0);
                taking.spans.iter_mut().for_each(|spans| spans.truncate(full));
            }
        }
        Ok(())
    }
}

fn decoded(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, FileFault> {
    let line_of = |at: usize| bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    if bytes.contains(&0) {
        let at = bytes.iter().position(|b| *b == 0).unwrap_or(0);
        return Err(FileFault::Encoding { path: path.to_owned(), line: line_of(at) });
    }
    let Err(fault) = std::str::from_utf8(&bytes) else { return Ok(bytes) };
    let (text, _, had_errors) = encoding_rs::GB18030.decode(&bytes);
    if had_errors {
        return Err(FileFault::Encoding { path: path.to_owned(), line: line_of(fault.valid_up_to()) });
    }
    Ok(text.into_owned().into_bytes())
}

/// The next mark or line end, eight bytes at a time.
#[inline]
fn end_of_cell(body: &[u8], mut at: usize, mark: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    while let Some(chunk) = body.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let hits = zeros(word ^ (ONES * u64::from(mark))) | zeros(word ^ (ONES * u64::from(b'\n')));
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < body.len() && body[at] != mark && body[at] != b'\n' {
        at += 1;
    }
    at
}

fn delimiter(header: &[u8]) -> u8 {
    let count = |mark: u8| header.iter().filter(|b| **b == mark).count();
    [b'\t', b';'].into_iter().find(|mark| count(*mark) > count(b',')).unwrap_or(b',')
}
