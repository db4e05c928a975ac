//! CSV files into memory, and the loader that other readers of tables feed.
//!
//! UTF-8 and GB18030 are read; what is neither is refused with the line. No cell is ever repeated in a fault.

use std::path::{Path, PathBuf};

use crate::compare::Values;
use crate::data::{Data, Rows, layout};
use crate::intern::{ABSENT, Interner};
use crate::spec::Spec;

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
    #[error("{path}: line {line} has {found} cells where the header has {expected}")]
    Cells { path: PathBuf, line: usize, found: usize, expected: usize },
    #[error("{path}: {rows} rows have no id or one that another row has, the first in line {line}; give every row its own id")]
    Ids { path: PathBuf, rows: usize, line: usize },
    #[error("{path}: a quoted cell is not closed or holds broken quotes")]
    Quotes { path: PathBuf, source: csv::Error },
}

/// Rows read at a time, so that one column after the other can be interned.
const BATCH: usize = 2048;

/// Takes tables cell by cell and makes the rows that are linked.
pub struct Loader<'a> {
    spec: &'a Spec,
    values_of: Vec<usize>,
    texts: Vec<Interner>,
    kinds: Vec<crate::compare::Kind>,
    left: Option<Rows>,
    right: Option<Rows>,
}

/// A file being taken: where the wanted columns are.
struct Taking {
    path: PathBuf,
    /// Position in the header of the id, then of each field's column.
    wanted: Vec<usize>,
    rows: Rows,
    /// Start and length of each wanted cell of the batch, column after column.
    spans: Vec<Vec<(u32, u32)>>,
    rejected_ids: usize,
    first_rejected: usize,
}

impl<'a> Loader<'a> {
    #[must_use]
    pub fn new(spec: &'a Spec) -> Self {
        let (values_of, kinds) = layout(spec);
        Self { spec, values_of, texts: vec![Interner::new(); kinds.len()], kinds, left: None, right: None }
    }

    /// Reads the left file first, then the right one if there is one.
    ///
    /// # Errors
    /// See [`FileFault`].
    pub fn csv(&mut self, path: &Path) -> Result<(), FileFault> {
        let bytes = std::fs::read(path).map_err(|source| FileFault::Io { path: path.to_owned(), source })?;
        let bytes = decoded(path, bytes)?;
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let header_end = body.iter().position(|b| *b == b'\n').unwrap_or(body.len());
        let mark = delimiter(&body[..header_end]);
        if body.contains(&b'"') { self.quoted(path, body, mark) } else { self.plain(path, body, header_end, mark) }
    }

    /// A table that another reader brings: its header and its rows' cells as text, empty where absent.
    ///
    /// # Errors
    /// As [`Self::csv`].
    pub fn table<'t>(
        &mut self,
        path: &Path,
        header: &[&str],
        rows: impl Iterator<Item = Vec<std::borrow::Cow<'t, str>>>,
    ) -> Result<(), FileFault> {
        let mut taking = self.start(path, header)?;
        let mut buffer = Vec::new();
        for cells in rows {
            for (spans, at) in taking.spans.iter_mut().zip(&taking.wanted) {
                let cell = cells.get(*at).map_or("", |cell| cell.as_ref());
                spans.push((buffer.len() as u32, cell.len() as u32));
                buffer.extend_from_slice(cell.as_bytes());
            }
            if taking.spans[0].len() == BATCH {
                self.flush(&mut taking, &buffer);
                buffer.clear();
            }
        }
        self.flush(&mut taking, &buffer);
        self.finish_file(taking)
    }

    /// What was read, ready to be compared.
    ///
    /// # Panics
    /// When no file was read.
    #[must_use]
    pub fn finish(self) -> Data {
        let values = self.kinds.iter().zip(self.texts).map(|(kind, texts)| Values::new(*kind, texts)).collect();
        Data {
            left: self.left.expect("a file was read before"),
            right: self.right,
            values,
            values_of: self.values_of,
        }
    }

    fn start(&self, path: &Path, header: &[&str]) -> Result<Taking, FileFault> {
        let is_left = self.left.is_none();
        let id = if is_left { &self.spec.left_id } else { &self.spec.right_id };
        let columns = self.spec.fields.iter().map(|field| if is_left { &field.left } else { &field.right });
        let names: Vec<&String> = std::iter::once(id).chain(columns).collect();
        let find = |name: &str| header.iter().position(|column| column.trim() == name);
        let missing: Vec<String> = names.iter().filter(|name| find(name).is_none()).map(ToString::to_string).collect();
        if !missing.is_empty() {
            let present = header.iter().map(|name| name.trim().to_owned()).collect();
            return Err(FileFault::Columns { path: path.to_owned(), missing, present });
        }
        let wanted: Vec<usize> = names.iter().filter_map(|name| find(name)).collect();
        Ok(Taking {
            path: path.to_owned(),
            rows: Rows { ids: Interner::new(), values: Vec::new(), fields: self.spec.fields.len() },
            spans: vec![Vec::with_capacity(BATCH); wanted.len()],
            wanted,
            rejected_ids: 0,
            first_rejected: 0,
        })
    }

    fn plain(&mut self, path: &Path, body: &[u8], header_end: usize, mark: u8) -> Result<(), FileFault> {
        let header = String::from_utf8_lossy(&body[..header_end]).into_owned();
        if header.trim().is_empty() {
            return Err(FileFault::Empty { path: path.to_owned() });
        }
        let header: Vec<&str> = header.trim_end_matches('\r').split(char::from(mark)).collect();
        let mut taking = self.start(path, &header)?;
        // for each column of the file, which wanted columns it fills
        let mut fills = vec![Vec::new(); header.len()];
        for (slot, at) in taking.wanted.iter().enumerate() {
            fills[*at].push(slot);
        }
        let expected_rows = body.len() / (header_end + 1).max(40);
        taking.rows.values.reserve(expected_rows * self.spec.fields.len());
        let mut at = header_end + 1;
        let mut base = at;
        while at < body.len() {
            let (mut cell, mut start) = (0, at);
            let line = at;
            loop {
                let byte = body.get(at).copied().unwrap_or(b'\n');
                if byte != mark && byte != b'\n' {
                    at += 1;
                    continue;
                }
                if let Some(slots) = fills.get(cell) {
                    let mut end = at;
                    if byte == b'\n' && end > start && body[end - 1] == b'\r' {
                        end -= 1;
                    }
                    for slot in slots {
                        taking.spans[*slot].push(((start - base) as u32, (end - start) as u32));
                    }
                }
                cell += 1;
                at += 1;
                start = at;
                if byte == b'\n' {
                    break;
                }
            }
            if cell != header.len() {
                let is_blank = body[line..(at - 1).min(body.len())].iter().all(u8::is_ascii_whitespace);
                if !is_blank {
                    let line = body[..line].iter().filter(|b| **b == b'\n').count() + 1;
                    return Err(FileFault::Cells { path: path.to_owned(), line, found: cell, expected: header.len() });
                }
                let full = taking.spans.iter().map(Vec::len).min().unwrap_or(0);
                taking.spans.iter_mut().for_each(|spans| spans.truncate(full));
            }
            if taking.spans[0].len() == BATCH {
                self.flush(&mut taking, &body[base..]);
                base = at;
            }
        }
        self.flush(&mut taking, body.get(base..).unwrap_or(&[]));
        self.finish_file(taking)
    }

    fn quoted(&mut self, path: &Path, body: &[u8], mark: u8) -> Result<(), FileFault> {
        let fault = |source| FileFault::Quotes { path: path.to_owned(), source };
        let mut reader = csv::ReaderBuilder::new().delimiter(mark).from_reader(body);
        let header = reader.headers().map_err(fault)?.clone();
        let mut taking = self.start(path, &header.iter().collect::<Vec<_>>())?;
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

    fn flush(&mut self, taking: &mut Taking, buffer: &[u8]) {
        let count = taking.spans[0].len();
        let cell = |(start, length): (u32, u32)| buffer[start as usize..][..length as usize].trim_ascii();
        let first = taking.rows.len();
        for (at, span) in taking.spans[0].drain(..).enumerate() {
            let entry = taking.rows.ids.intern_as_is(cell(span));
            if entry as usize != first + at + 1 - taking.rejected_ids {
                if taking.rejected_ids == 0 {
                    taking.first_rejected = first + at;
                }
                taking.rejected_ids += 1;
            }
        }
        let fields = taking.rows.fields;
        taking.rows.values.resize((first + count) * fields, ABSENT);
        for field in 0..fields {
            let place = self.values_of[field];
            let (texts, kind, absent) = (&mut self.texts[place], self.kinds[place], &self.spec.absent);
            let mut normalise = |raw: &[u8], out: &mut Vec<u8>| {
                absent.iter().any(|word| word.as_bytes() == raw) || kind.normalise(raw, out)
            };
            let cells = taking.rows.values[first * fields..].iter_mut().skip(field).step_by(fields);
            for (value, span) in cells.zip(taking.spans[field + 1].drain(..)) {
                *value = texts.intern(cell(span), &mut normalise);
            }
        }
    }

    fn finish_file(&mut self, taking: Taking) -> Result<(), FileFault> {
        if taking.rejected_ids > 0 {
            let line = taking.first_rejected + 2;
            return Err(FileFault::Ids { path: taking.path, rows: taking.rejected_ids, line });
        }
        if self.left.is_none() {
            self.left = Some(taking.rows);
        } else {
            self.right = Some(taking.rows);
        }
        Ok(())
    }
}

fn decoded(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, FileFault> {
    let Err(fault) = std::str::from_utf8(&bytes) else { return Ok(bytes) };
    let (text, _, had_errors) = encoding_rs::GB18030.decode(&bytes);
    if had_errors || bytes.contains(&0) {
        let line = bytes[..fault.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        return Err(FileFault::Encoding { path: path.to_owned(), line });
    }
    Ok(text.into_owned().into_bytes())
}

fn delimiter(header: &[u8]) -> u8 {
    let count = |mark: u8| header.iter().filter(|b| **b == mark).count();
    [b'\t', b';'].into_iter().find(|mark| count(*mark) > count(b',')).unwrap_or(b',')
}
