//! CSV files into memory, and the loader that other readers of tables feed.
//!
//! UTF-8 and GB18030 are read; what is neither is refused with the line. No cell is ever repeated in a fault.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compare::Values;
use crate::data::{Data, Rows, layout};
use crate::intern::{ABSENT, Interner, hash};
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
const BATCH: usize = 8192;

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
    is_left: bool,
    rows: Rows,
    /// A hash of each id, to find ids that stand twice.
    id_hashes: Vec<u64>,
    /// For each place of distinct values: how many there were before this file.
    known: Vec<usize>,
    /// Start and length of each wanted cell of the batch, column after column.
    spans: Vec<Vec<(u32, u32)>>,
}

/// Rows of the left file after which it is seen whether a column's texts repeat.
const PROBE: usize = 1 << 15;

impl<'a> Loader<'a> {
    #[must_use]
    pub fn new(spec: &'a Spec) -> Self {
        let (values_of, kinds) = layout(spec);
        Self { spec, values_of, texts: vec![Interner::new(); kinds.len()], kinds, left: None, right: None }
    }

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

    fn csv(&mut self, path: &Path, is_left: bool) -> Result<(), FileFault> {
        let bytes = std::fs::read(path).map_err(|source| FileFault::Io { path: path.to_owned(), source })?;
        let bytes = decoded(path, bytes)?;
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let header_end = body.iter().position(|b| *b == b'\n').unwrap_or(body.len());
        let mark = delimiter(&body[..header_end]);
        if body.contains(&b'"') { self.quoted(path, body, mark, is_left) } else { self.plain(path, body, header_end, mark, is_left) }
    }

    /// A table that another reader brings: its header and its rows' cells as text, empty where absent. The right
    /// table, if there is one, comes before the left one.
    ///
    /// # Errors
    /// As [`Self::files`].
    pub fn table<'t>(
        &mut self,
        path: &Path,
        is_left: bool,
        header: &[&str],
        rows: impl Iterator<Item = Vec<std::borrow::Cow<'t, str>>>,
    ) -> Result<(), FileFault> {
        let mut taking = self.start(path, is_left, header)?;
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

    fn start(&self, path: &Path, is_left: bool, header: &[&str]) -> Result<Taking, FileFault> {
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
            rows: Rows { ids: closed(), values: Vec::new(), fields: self.spec.fields.len() },
            spans: vec![Vec::with_capacity(BATCH); wanted.len()],
            wanted,
            is_left,
            id_hashes: Vec::new(),
            known: self.texts.iter().map(Interner::len).collect(),
        })
    }

    fn plain(&mut self, path: &Path, body: &[u8], header_end: usize, mark: u8, is_left: bool) -> Result<(), FileFault> {
        let header = String::from_utf8_lossy(&body[..header_end]).into_owned();
        if header.trim().is_empty() {
            return Err(FileFault::Empty { path: path.to_owned() });
        }
        let header: Vec<&str> = header.trim_end_matches('\r').split(char::from(mark)).collect();
        let mut taking = self.start(path, is_left, &header)?;
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
                at = end_of_cell(body, at, mark);
                let byte = body.get(at).copied().unwrap_or(b'\n');
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

    fn quoted(&mut self, path: &Path, body: &[u8], mark: u8, is_left: bool) -> Result<(), FileFault> {
        let fault = |source| FileFault::Quotes { path: path.to_owned(), source };
        let mut reader = csv::ReaderBuilder::new().delimiter(mark).from_reader(body);
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

    fn flush(&mut self, taking: &mut Taking, buffer: &[u8]) {
        let count = taking.spans[0].len();
        let cell = |(start, length): (u32, u32)| buffer[start as usize..][..length as usize].trim_ascii();
        let first = taking.rows.len();
        for span in taking.spans[0].drain(..) {
            let id = cell(span);
            taking.id_hashes.push(hash(id));
            taking.rows.ids.append(id);
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
            texts.intern_all(taking.spans[field + 1].iter().map(|span| cell(*span)), cells, &mut normalise);
            taking.spans[field + 1].clear();
        }
        // a number column of a large registry: no need to know which of its texts repeat among themselves
        if taking.is_left && self.right.is_some() && first < PROBE && first + count >= PROBE {
            for (texts, known) in self.texts.iter_mut().zip(&taking.known) {
                if (texts.len() - known) * 2 > PROBE {
                    texts.close();
                }
            }
        }
    }

    fn finish_file(&mut self, taking: Taking) -> Result<(), FileFault> {
        if let Some((rows, first)) = repeated_ids(&taking.rows, taking.id_hashes) {
            return Err(FileFault::Ids { path: taking.path, rows, line: first + 2 });
        }
        if taking.is_left {
            self.left = Some(taking.rows);
        } else {
            self.right = Some(taking.rows);
        }
        Ok(())
    }
}

fn closed() -> Interner {
    let mut ids = Interner::new();
    ids.close();
    ids
}

/// How many rows have no id or one that an earlier row has, and the first such row.
fn repeated_ids(rows: &Rows, hashes: Vec<u64>) -> Option<(usize, usize)> {
    let mut sorted = hashes.clone();
    sorted.sort_unstable();
    let twice: BTreeSet<u64> = sorted.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    let mut seen = BTreeSet::new();
    let faulty = hashes.iter().enumerate().filter(|(row, hash)| {
        let id = rows.id(*row as u32);
        id.is_empty() || twice.contains(hash) && !seen.insert(id)
    });
    let mut count = 0;
    let mut first = None;
    for (row, _) in faulty {
        count += 1;
        first = first.or(Some(row));
    }
    first.map(|first| (count, first))
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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const SPEC: &str = "id = \"id\"\n[[compare]]\nname = \"name\"\nkind = \"name_latin\"\n[[block]]\non = [\"name\"]\n";

    fn load(bytes: &[u8]) -> Result<Data, FileFault> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let spec = Spec::parse(SPEC).unwrap();
        let mut loader = Loader::new(&spec);
        loader.files(&path, None)?;
        Ok(loader.finish())
    }

    fn names(data: &Data) -> Vec<String> {
        let text = |row: u32| data.values(0).texts.text(data.left.row(row)[0]).to_owned();
        (0..data.left.len() as u32).map(text).collect()
    }

    #[test]
    fn one_table_reads_the_same_however_it_is_written() {
        let plain = "id,x,name\n1,a,Ann\n2,b,Bob\n3,c,\n";
        let variants = [
            plain.as_bytes().to_vec(),
            plain.replace('\n', "\r\n").into_bytes(),
            plain.trim_end().as_bytes().to_vec(),
            plain.replace(',', ";").into_bytes(),
            plain.replace(',', "\t").into_bytes(),
            plain.replace("Ann", "\"Ann\"").into_bytes(),
            [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
            format!("{plain}\n\n").into_bytes(),
        ];
        for bytes in variants {
            assert_eq!(names(&load(&bytes).unwrap()), ["ann", "bob", ""], "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn gb18030_is_read_and_other_bytes_are_refused_with_their_line() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("id,name\n1,王小明\n");
        assert_eq!(names(&load(&bytes).unwrap()), ["王小明"]);
        let fault = load(b"id,name\n1,ann\n2,\xff\xff\n").unwrap_err();
        assert!(matches!(fault, FileFault::Encoding { line: 3, .. }), "{fault}");
        let fault = load(b"id,name\n1,a\0b\n").unwrap_err();
        assert!(matches!(fault, FileFault::Encoding { line: 2, .. }), "{fault}");
    }

    #[test]
    fn a_faulty_table_is_refused_with_its_place() {
        let check = |text: &str, part: &str| {
            let fault = load(text.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(part), "{fault}");
        };
        check("id,nom\n1,ann\n", "lacks name; its columns are: id, nom");
        check("id,name\n1,ann,x\n", "line 2 has 3 cells where the header has 2");
        check("id,name\n1,ann\n1,bob\n,eve\n", "2 rows have no id or one that another row has, the first in line 3");
        check("", "no header line");
    }

    #[test]
    fn a_table_longer_than_a_batch_keeps_its_order() {
        let mut text = "id,name\n".to_owned();
        (0..3 * BATCH).for_each(|n| writeln!(text, "{n},n{n}").unwrap());
        let data = load(text.as_bytes()).unwrap();
        assert_eq!(data.left.len(), 3 * BATCH);
        assert_eq!(names(&data)[2 * BATCH + 7], format!("n{}", 2 * BATCH + 7));
        assert_eq!(data.left.id(5), "5");
    }
}
