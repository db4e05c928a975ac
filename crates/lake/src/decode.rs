//! Column chunks back into lanes in memory, file after file.

use std::collections::HashMap;
use std::sync::Arc;

use parquet::basic::Type as Physical;
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use policy::column::{Bits, Column, ColumnData};
use policy::value::ValueType;

use crate::narrow::Narrow;
use crate::pages;

/// Values of one column as they come out of files; rows that are not known hold a zero.
pub(crate) struct Lanes {
    values: Values,
    /// Where whole numbers go after each row group, so that a column never lies in memory at its file's width.
    narrow: Option<Narrow>,
    known: Vec<bool>,
    /// While all are, `known` is empty.
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
    /// Lanes for chunks of this physical type, `unknown` rows first, with room for `rows` in all; `narrow` for whole
    /// numbers that may lie in narrower lanes than their file's.
    pub fn new(physical: Physical, narrow: bool, unknown: usize, rows: usize) -> Result<Self> {
        let narrow = narrow.then(|| Narrow::new(rows));
        let values = match physical {
            Physical::BOOLEAN => Values::Bool(Vec::with_capacity(rows)),
            Physical::INT32 if narrow.is_some() => Values::I32(Vec::new()),
            Physical::INT64 if narrow.is_some() => Values::I64(Vec::new()),
            Physical::INT32 => Values::I32(Vec::with_capacity(rows)),
            Physical::INT64 => Values::I64(Vec::with_capacity(rows)),
            Physical::FLOAT => Values::F32(Vec::with_capacity(rows)),
            Physical::DOUBLE => Values::F64(Vec::with_capacity(rows)),
            Physical::BYTE_ARRAY => {
                let codes = Vec::with_capacity(rows);
                Values::Text { dictionary: Vec::new(), code_of: HashMap::new(), codes }
            }
            _ => return Err(ParquetError::General("a column of a type this lake never writes".to_owned())),
        };
        let mut lanes = Self { values, narrow, known: Vec::new(), all_known: true, rows: 0 };
        lanes.append_unknown(unknown);
        Ok(lanes)
    }

    /// Adds column `at` of a row group, given its pages.
    pub fn append(
        &mut self,
        group: &RowGroupMetaData,
        at: usize,
        nullable: bool,
        mut pages: Box<dyn PageReader>,
    ) -> Result<()> {
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let known = if pages::can_read(group.column(at)) && !matches!(self.values, Values::Text { .. }) {
            match &mut self.values {
                Values::Bool(v) => pages::flags(&mut *pages, rows, nullable, v)?,
                Values::I32(v) => pages::values(&mut *pages, rows, nullable, v)?,
                Values::I64(v) => pages::values(&mut *pages, rows, nullable, v)?,
                Values::F32(v) => pages::values(&mut *pages, rows, nullable, v)?,
                Values::F64(v) => pages::values(&mut *pages, rows, nullable, v)?,
                Values::Text { .. } => None,
            }
        } else {
            let reader = get_column_reader(group.column(at).column_descr_ptr(), pages);
            self.append_by_library(reader, rows, nullable)?
        };
        self.move_to_narrow();
        self.note(known, rows);
        Ok(())
    }

    fn move_to_narrow(&mut self) {
        match (&mut self.narrow, &mut self.values) {
            (Some(narrow), Values::I32(values)) => {
                narrow.extend(values);
                values.clear();
            }
            (Some(narrow), Values::I64(values)) => {
                narrow.extend(values);
                values.clear();
            }
            _ => {}
        }
    }

    fn append_by_library(&mut self, reader: ColumnReader, rows: usize, nullable: bool) -> Result<Option<Vec<bool>>> {
        match (&mut self.values, reader) {
            (Values::Bool(v), ColumnReader::BoolColumnReader(r)) => fill(v, r, rows, nullable),
            (Values::I32(v), ColumnReader::Int32ColumnReader(r)) => fill(v, r, rows, nullable),
            (Values::I64(v), ColumnReader::Int64ColumnReader(r)) => fill(v, r, rows, nullable),
            (Values::F32(v), ColumnReader::FloatColumnReader(r)) => fill(v, r, rows, nullable),
            (Values::F64(v), ColumnReader::DoubleColumnReader(r)) => fill(v, r, rows, nullable),
            (Values::Text { dictionary, code_of, codes }, ColumnReader::ByteArrayColumnReader(r)) => {
                let mut texts = Vec::with_capacity(rows);
                let known = read_by_library(&mut texts, r, rows, nullable)?;
                let start = codes.len();
                intern(&texts, dictionary, code_of, codes)?;
                if let Some(known) = &known {
                    pages::spread(codes, start, known);
                }
                Ok(known)
            }
            _ => Err(ParquetError::General("a column changes its type between files".to_owned())),
        }
    }

    /// Adds rows of which nothing is known.
    pub fn append_unknown(&mut self, rows: usize) {
        if rows == 0 {
            return;
        }
        let to = if self.narrow.is_some() { rows } else { self.rows + rows };
        match &mut self.values {
            Values::Bool(v) => v.resize(to, false),
            Values::I32(v) => v.resize(to, 0),
            Values::I64(v) => v.resize(to, 0),
            Values::F32(v) => v.resize(to, 0.0),
            Values::F64(v) => v.resize(to, 0.0),
            Values::Text { codes, .. } => codes.resize(to, 0),
        }
        self.move_to_narrow();
        self.note(Some(vec![false; rows]), rows);
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
            (Values::I32(_) | Values::I64(_), _) if self.narrow.is_some() => self.narrow?.into_data(),
            (Values::I32(v), ValueType::Date) => ColumnData::Date(v),
            (Values::Bool(v), _) => ColumnData::Bool(pack(&v)),
            (Values::I32(v), _) => ColumnData::I32(v),
            (Values::I64(v), _) => ColumnData::I64(v),
            (Values::F32(v), _) => ColumnData::F32(v),
            (Values::F64(v), _) => ColumnData::F64(v),
            (Values::Text { dictionary, codes, .. }, _) => ColumnData::Text { dictionary: dictionary.into(), codes },
        };
        Column::new(ty, data, known).ok()
    }

    fn note(&mut self, known: Option<Vec<bool>>, rows: usize) {
        match known {
            Some(known) => {
                if std::mem::take(&mut self.all_known) {
                    self.known = vec![true; self.rows];
                }
                self.known.extend(known);
            }
            None if self.all_known => {}
            None => self.known.resize(self.rows + rows, true),
        }
        self.rows += rows;
    }
}

/// Reads `rows` rows onto `values`, defaults where a row is null.
fn fill<T>(
    values: &mut Vec<T::T>,
    reader: ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
) -> Result<Option<Vec<bool>>>
where
    T: DataType,
    T::T: Copy + Default,
{
    let start = values.len();
    let known = read_by_library(values, reader, rows, nullable)?;
    if let Some(known) = &known {
        pages::spread(values, start, known);
    }
    Ok(known)
}

/// Adds the values there are and says which rows have one, unless all.
fn read_by_library<T: DataType>(
    values: &mut Vec<T::T>,
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
) -> Result<Option<Vec<bool>>> {
    let (mut levels, mut records, mut present) = (Vec::new(), 0, 0);
    values.reserve(rows);
    while records < rows {
        let (more, found, _) = reader.read_records(rows - records, nullable.then_some(&mut levels), None, values)?;
        if more == 0 {
            return Err(ParquetError::General("a column is shorter than its row group".to_owned()));
        }
        records += more;
        present += found;
    }
    Ok((present < rows).then(|| levels.iter().map(|level| *level > 0).collect()))
}

/// Gives texts codes. Values of one dictionary page share their bytes, so most are known by their address.
fn intern(
    texts: &[ByteArray],
    dictionary: &mut Vec<Arc<str>>,
    code_of: &mut HashMap<Arc<str>, u32>,
    codes: &mut Vec<u32>,
) -> Result<()> {
    let mut at_address: HashMap<(usize, usize), u32> = HashMap::new();
    codes.reserve(texts.len());
    for text in texts {
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
