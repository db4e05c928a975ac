//! Column chunks back into lanes in memory, file after file.

use std::collections::HashMap;
use std::sync::Arc;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use policy::column::{Bits, Column, ColumnData};
use policy::value::ValueType;

/// Values of one column as they come out of files; rows that are not known hold a zero.
pub(crate) struct Lanes {
    values: Values,
    known: Vec<bool>,
    /// Rows before the first unknown one are not kept in `known`.
    all_known: bool,
    rows: usize,
}

enum Values {
    Bool(Vec<bool>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Text { dictionary: Vec<Arc<str>>, code_of: HashMap<Arc<str>, u32>, codes: Vec<u32> },
}

impl Lanes {
    /// Empty lanes for what `reader` holds.
    pub fn for_reader(reader: &ColumnReader) -> Result<Self> {
        let values = match reader {
            ColumnReader::BoolColumnReader(_) => Values::Bool(Vec::new()),
            ColumnReader::Int32ColumnReader(_) => Values::I32(Vec::new()),
            ColumnReader::Int64ColumnReader(_) => Values::I64(Vec::new()),
            ColumnReader::FloatColumnReader(_) => Values::F32(Vec::new()),
            ColumnReader::DoubleColumnReader(_) => Values::F64(Vec::new()),
            ColumnReader::ByteArrayColumnReader(_) => {
                Values::Text { dictionary: Vec::new(), code_of: HashMap::new(), codes: Vec::new() }
            }
            _ => return Err(ParquetError::General("a column of a type this lake never writes".to_owned())),
        };
        Ok(Self { values, known: Vec::new(), all_known: true, rows: 0 })
    }

    /// Adds `rows` values of a row group.
    pub fn append(&mut self, reader: ColumnReader, rows: usize, nullable: bool) -> Result<()> {
        match (&mut self.values, reader) {
            (Values::Bool(v), ColumnReader::BoolColumnReader(r)) => {
                let levels = fill(v, r, rows, nullable)?;
                self.note(levels, rows);
            }
            (Values::I32(v), ColumnReader::Int32ColumnReader(r)) => {
                let levels = fill(v, r, rows, nullable)?;
                self.note(levels, rows);
            }
            (Values::I64(v), ColumnReader::Int64ColumnReader(r)) => {
                let levels = fill(v, r, rows, nullable)?;
                self.note(levels, rows);
            }
            (Values::F32(v), ColumnReader::FloatColumnReader(r)) => {
                let levels = fill(v, r, rows, nullable)?;
                self.note(levels, rows);
            }
            (Values::F64(v), ColumnReader::DoubleColumnReader(r)) => {
                let levels = fill(v, r, rows, nullable)?;
                self.note(levels, rows);
            }
            (Values::Text { dictionary, code_of, codes }, ColumnReader::ByteArrayColumnReader(r)) => {
                let mut texts = Vec::with_capacity(rows);
                let levels = fill(&mut texts, r, rows, nullable)?;
                intern(&texts, levels.as_deref(), dictionary, code_of, codes)?;
                self.note(levels, rows);
            }
            _ => return Err(ParquetError::General("a column changes its type between files".to_owned())),
        }
        Ok(())
    }

    /// Adds unknown rows up to `rows` in all, after a file without this column.
    pub fn catch_up(&mut self, rows: usize) {
        if self.rows < rows {
            self.append_unknown(rows - self.rows);
        }
    }

    /// Adds rows of which nothing is known.
    pub fn append_unknown(&mut self, rows: usize) {
        if rows == 0 {
            return;
        }
        let to = self.rows + rows;
        match &mut self.values {
            Values::Bool(v) => v.resize(to, false),
            Values::I32(v) => v.resize(to, 0),
            Values::I64(v) => v.resize(to, 0),
            Values::F32(v) => v.resize(to, 0.0),
            Values::F64(v) => v.resize(to, 0.0),
            Values::Text { codes, .. } => codes.resize(to, 0),
        }
        self.note(Some(vec![0; rows]), rows);
    }

    /// The values as whole numbers, for ids.
    pub fn into_ids(self) -> Option<Vec<i64>> {
        match self.values {
            Values::I64(v) if self.all_known => Some(v),
            Values::I32(v) if self.all_known => Some(v.into_iter().map(i64::from).collect()),
            _ => None,
        }
    }

    /// The values as a column of the given type, none when they can't be.
    pub fn into_column(self, ty: ValueType) -> Option<Column> {
        let known = (!self.all_known).then(|| pack(&self.known));
        let data = match (self.values, ty) {
            (Values::I32(v), ValueType::Date) => ColumnData::Date(v),
            (Values::Bool(v), _) => ColumnData::Bool(pack(&v)),
            (Values::I32(v), _) => narrow_i32(v),
            (Values::I64(v), _) => narrow_i64(v),
            (Values::F32(v), _) => ColumnData::F32(v),
            (Values::F64(v), _) => ColumnData::F64(v),
            (Values::Text { dictionary, codes, .. }, _) => ColumnData::Text { dictionary: dictionary.into(), codes },
        };
        Column::new(ty, data, known).ok()
    }

    fn note(&mut self, levels: Option<Vec<i16>>, rows: usize) {
        match levels {
            Some(levels) => {
                if std::mem::take(&mut self.all_known) {
                    self.known = vec![true; self.rows];
                }
                self.known.extend(levels.iter().map(|level| *level > 0));
            }
            None if self.all_known => {}
            None => self.known.resize(self.rows + rows, true),
        }
        self.rows += rows;
    }
}

/// Reads `rows` rows onto `values`; the levels are given back when some row is null.
fn fill<T>(
    values: &mut Vec<T::T>,
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
) -> Result<Option<Vec<i16>>>
where
    T: DataType,
    T::T: Clone + Default,
{
    let start = values.len();
    let mut levels = Vec::new();
    values.reserve(rows);
    let (mut records, mut present) = (0, 0);
    while records < rows {
        let (more_records, more_values, _) =
            reader.read_records(rows - records, nullable.then_some(&mut levels), None, values)?;
        if more_records == 0 {
            return Err(ParquetError::General("a column is shorter than its row group".to_owned()));
        }
        records += more_records;
        present += more_values;
    }
    if present == rows {
        return Ok(None);
    }
    values.resize(start + rows, T::T::default());
    let mut from = start + present;
    for row in (0..rows).rev() {
        if levels[row] > 0 {
            from -= 1;
            values.swap(start + row, from);
        } else {
            values[start + row] = T::T::default();
        }
    }
    Ok(Some(levels))
}

/// Gives texts codes. Values of one dictionary page share their bytes, so most are known by their address.
fn intern(
    texts: &[ByteArray],
    levels: Option<&[i16]>,
    dictionary: &mut Vec<Arc<str>>,
    code_of: &mut HashMap<Arc<str>, u32>,
    codes: &mut Vec<u32>,
) -> Result<()> {
    let mut at_address: HashMap<(usize, usize), u32> = HashMap::new();
    codes.reserve(texts.len());
    for (row, text) in texts.iter().enumerate() {
        if levels.is_some_and(|levels| levels[row] == 0) {
            codes.push(0);
            continue;
        }
        let bytes = text.data();
        let address = (bytes.as_ptr() as usize, bytes.len());
        if let Some(code) = at_address.get(&address) {
            codes.push(*code);
            continue;
        }
        let text = text.as_utf8()?;
        let code = match code_of.get(text) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(dictionary.len())
                    .map_err(|_| ParquetError::General("a column has too many texts".to_owned()))?;
                let text: Arc<str> = Arc::from(text);
                dictionary.push(Arc::clone(&text));
                code_of.insert(text, code);
                code
            }
        };
        at_address.insert(address, code);
        codes.push(code);
    }
    Ok(())
}

fn pack(flags: &[bool]) -> Bits {
    let word = |chunk: &[bool]| chunk.iter().enumerate().fold(0, |word, (bit, flag)| word | u64::from(*flag) << bit);
    Bits::from_words(flags.chunks(64).map(word).collect(), flags.len())
}

#[expect(clippy::cast_possible_truncation, reason = "the range was looked at")]
fn narrow_i32(values: Vec<i32>) -> ColumnData {
    let (low, high) = values.iter().fold((0, 0), |(low, high), v| (low.min(*v), high.max(*v)));
    if low >= i8::MIN.into() && high <= i8::MAX.into() {
        ColumnData::I8(values.into_iter().map(|v| v as i8).collect())
    } else if low >= i16::MIN.into() && high <= i16::MAX.into() {
        ColumnData::I16(values.into_iter().map(|v| v as i16).collect())
    } else {
        ColumnData::I32(values)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range was looked at")]
fn narrow_i64(values: Vec<i64>) -> ColumnData {
    let (low, high) = values.iter().fold((0, 0), |(low, high), v| (low.min(*v), high.max(*v)));
    if low >= i64::from(i32::MIN) && high <= i64::from(i32::MAX) {
        narrow_i32(values.into_iter().map(|v| v as i32).collect())
    } else {
        ColumnData::I64(values)
    }
}
