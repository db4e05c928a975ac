//! Cells into rows of numbers, a batch at a time and within it column after column.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compare::Values;
use crate::data::{Data, Rows, layout};
use crate::files::FileFault;
use crate::hash::hash;
use crate::intern::{ABSENT, Interner, Texts};
use crate::spec::Spec;

/// Rows taken at a time, so that one column after the other can be interned.
pub(super) const BATCH: usize = 8192;

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
pub(super) struct Taking {
    path: PathBuf,
    /// Position in the header of the id, then of each field's column.
    pub(super) wanted: Vec<usize>,
    is_left: bool,
    rows: Rows,
    /// Labels of sources; the empty one first.
    labels: Interner,
    /// For each place of distinct values: how many there were before this file.
    known: Vec<usize>,
    /// Start and length of each wanted cell of the batch, column after column.
    pub(super) spans: Vec<Vec<(u32, u32)>>,
    /// Bytes of the file, where it is known, and how many of them were read.
    pub(super) length: u64,
    pub(super) read: u64,
}

impl Taking {
    /// How many rows the file may still have after so many; 0 when nobody knows.
    fn rows_left(&self, count: usize) -> usize {
        let left = self.length.saturating_sub(self.read);
        let of_row = (self.read / count.max(1) as u64).max(1);
        // a little more than the first rows promise
        usize::try_from(left / of_row * 33 / 32).unwrap_or(0)
    }
}

/// Rows of the left file after which it is seen whether a column's texts repeat.
const PROBE: usize = 1 << 15;

impl<'a> Loader<'a> {
    #[must_use]
    pub fn new(spec: &'a Spec) -> Self {
        let (values_of, kinds) = layout(spec);
        Self { spec, values_of, texts: vec![Interner::new(); kinds.len()], kinds, left: None, right: None }
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
        rows: impl Iterator<Item = Vec<Cow<'t, str>>>,
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
        let values =
            self.kinds.iter().zip(self.texts).map(|(kind, texts)| Values::new(*kind, texts.into_texts())).collect();
        Data::new(self.left.expect("a file was read before"), self.right, values, self.values_of)
    }

    /// The columns wanted of a file: its id's, then each field's, then the source's.
    ///
    /// The right file says which source a row comes from; a single file does when it is linked with itself.
    #[must_use]
    pub fn columns(&self, is_left: bool) -> Vec<&'a str> {
        let id = if is_left { &self.spec.left_id } else { &self.spec.right_id };
        let columns = self.spec.fields.iter().map(|field| if is_left { &field.left } else { &field.right });
        let source = self.spec.source.iter().filter(|_| !is_left);
        std::iter::once(id).chain(columns).chain(source).map(String::as_str).collect()
    }

    pub(super) fn start(&self, path: &Path, is_left: bool, header: &[&str]) -> Result<Taking, FileFault> {
        let names = self.columns(is_left);
        let find = |name: &str| header.iter().position(|column| column.trim() == name);
        let missing: Vec<String> = names.iter().filter(|name| find(name).is_none()).map(ToString::to_string).collect();
        if !missing.is_empty() {
            let present = header.iter().map(|name| name.trim().to_owned()).collect();
            return Err(FileFault::Columns { path: path.to_owned(), missing, present });
        }
        let is_twice = |name: &&&str| header.iter().filter(|column| column.trim() == **name).count() > 1;
        let mut twice: Vec<String> = names.iter().filter(is_twice).map(ToString::to_string).collect();
        if !twice.is_empty() {
            twice.dedup();
            return Err(FileFault::Twice { path: path.to_owned(), columns: twice });
        }
        let wanted: Vec<usize> = names.iter().filter_map(|name| find(name)).collect();
        Ok(Taking {
            path: path.to_owned(),
            rows: Rows { fields: self.spec.fields.len(), ..Rows::default() },
            labels: Interner::new(),
            spans: vec![Vec::with_capacity(BATCH); wanted.len()],
            wanted,
            is_left,
            length: 0,
            read: 0,
            known: self.texts.iter().map(|texts| texts.texts().len()).collect(),
        })
    }

    pub(super) fn flush(&mut self, taking: &mut Taking, buffer: &[u8]) {
        let count = taking.spans[0].len();
        let cell = |(start, length): (u32, u32)| buffer[start as usize..][..length as usize].trim_ascii();
        let first = taking.rows.len();
        for span in taking.spans[0].drain(..) {
            taking.rows.ids.append(cell(span));
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
        if let Some(spans) = taking.spans.get_mut(fields + 1) {
            for span in spans.drain(..) {
                taking.rows.label_of.push(taking.labels.intern_as_is(cell(span)));
            }
        }
        if first == 0 {
            self.make_room(taking, count);
        }
        // a number column of a large registry: no need to know which of its texts repeat among themselves
        if taking.is_left && self.right.is_some() && first < PROBE && first + count >= PROBE {
            for (texts, known) in self.texts.iter_mut().zip(&taking.known) {
                let new = texts.texts().len() - known;
                if new * 2 > PROBE {
                    texts.close();
                    // from here on nearly every row brings a text of its own
                    let rows = taking.rows_left(first + count);
                    texts.reserve(rows, texts.texts().length() / texts.texts().len() * rows);
                }
            }
        }
    }

    /// Room for all rows of a file, as far as its first ones tell how many there are.
    fn make_room(&self, taking: &mut Taking, count: usize) {
        let more = taking.rows_left(count);
        let rows = &mut taking.rows;
        rows.values.reserve_exact(more * rows.fields);
        let of_id = rows.ids.length() / count.max(1) + 2;
        rows.ids.reserve(more, more * of_id);
    }

    pub(super) fn finish_file(&mut self, taking: Taking) -> Result<(), FileFault> {
        if let Some((rows, first)) = repeated_ids(&taking.rows.ids) {
            return Err(FileFault::Ids { path: taking.path, rows, line: first + 2 });
        }
        let mut rows = taking.rows;
        if !rows.label_of.is_empty() {
            let labels = taking.labels.texts();
            rows.labels = (0..labels.len() as u32).map(|label| labels.text(label).to_owned()).collect();
        }
        if taking.is_left {
            self.left = Some(rows);
        } else {
            self.right = Some(rows);
        }
        Ok(())
    }
}

/// How many rows have no id or one that an earlier row has, and the first such row.
///
/// A bit for every id tells nearly all that stand once; only the others are looked at.
fn repeated_ids(ids: &Texts) -> Option<(usize, usize)> {
    let entries = 1..ids.len() as u32;
    let bits = (entries.len() * 16).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    let place = |id: &[u8]| {
        let bit = hash(id) as usize & (bits - 1);
        (bit / 64, 1 << (bit % 64))
    };
    for entry in entries.clone() {
        let (word, bit) = place(ids.bytes(entry));
        again[word] |= once[word] & bit;
        once[word] |= bit;
    }
    let mut suspects: Vec<(u64, u32)> = entries
        .filter_map(|entry| {
            let id = ids.bytes(entry);
            let (word, bit) = place(id);
            (id.is_empty() || again[word] & bit != 0).then(|| (hash(id), entry))
        })
        .collect();
    suspects.sort_unstable();
    let mut faulty: Vec<u32> = Vec::new();
    for alike in suspects.chunk_by(|a, b| a.0 == b.0) {
        let mut seen = BTreeSet::new();
        let alike = alike.iter().map(|(_, entry)| (*entry, ids.bytes(*entry)));
        faulty.extend(alike.filter(|(_, id)| id.is_empty() || !seen.insert(*id)).map(|(entry, _)| entry));
    }
    let first = faulty.iter().min()?;
    Some((faulty.len(), *first as usize - 1))
}
