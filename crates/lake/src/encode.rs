//! One column of chosen rows into one column chunk.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::ColumnDescPtr;
use policy::column::{Bits, Column, ColumnData, Sparse};
use policy::value::{Value, ValueType};

use crate::packed::{self, Chunk};
use crate::rows::Rows;

/// A column ready to be written; texts that are not packed are made byte arrays once, not once per row.
pub(crate) struct Encoder<'a> {
    values: Values<'a>,
    /// Which rows are known; none: all of them.
    known: Option<Cow<'a, Bits>>,
    texts: OnceLock<Vec<ByteArray>>,
}

enum Values<'a> {
    Column(&'a Column),
    Sparse(&'a Sparse),
    Same(&'a Value),
    Truth(&'a Bits),
}

impl<'a> Encoder<'a> {
    pub fn new(column: &'a Column) -> Self {
        let known = column.known().map(Cow::Borrowed);
        Self { values: Values::Column(column), known, texts: OnceLock::new() }
    }

    /// Values of some rows, nothing for the others.
    pub fn sparse(paid: &'a Sparse) -> Self {
        Self { values: Values::Sparse(paid), known: Some(Cow::Borrowed(paid.rows())), texts: OnceLock::new() }
    }

    /// One value for the rows in `mask`, nothing for the others.
    pub fn same(value: &'a Value, mask: &'a Bits) -> Self {
        Self { values: Values::Same(value), known: Some(Cow::Borrowed(mask)), texts: OnceLock::new() }
    }

    /// True where `yes`, null where not `known`.
    pub fn truth(yes: &'a Bits, known: &'a Bits) -> Self {
        Self { values: Values::Truth(yes), known: Some(Cow::Borrowed(known)), texts: OnceLock::new() }
    }

    pub fn ty(&self) -> ValueType {
        match &self.values {
            Values::Column(column) => column.ty(),
            Values::Sparse(paid) => paid.values().ty(),
            Values::Same(value) => value.ty().unwrap_or(ValueType::Fen),
            Values::Truth(_) => ValueType::Bool,
        }
    }

    /// The finished chunk of `rows`, for the types that need no writer.
    pub fn packed(&self, rows: &Rows<'_>, description: &ColumnDescPtr) -> Option<Result<Chunk>> {
        match (&self.values, &self.known) {
            (Values::Column(column), known) => match column.data() {
                ColumnData::Text { dictionary, codes } => {
                    packed::texts((dictionary, codes), known.as_deref(), rows, Arc::clone(description))
                }
                _ => packed::chunk(column, known.as_deref(), rows, Arc::clone(description)),
            },
            (Values::Sparse(paid), _) => Some(packed::sparse(paid, rows, Arc::clone(description))),
            (Values::Same(value), Some(known)) => Some(packed::same(value, known, rows, Arc::clone(description))),
            (Values::Truth(yes), known) => Some(packed::truth(yes, known.as_deref(), rows, Arc::clone(description))),
            (Values::Same(_), None) => None,
        }
    }

    /// Writes the values of `rows` in that order, nulls as definition level 0.
    pub fn write(&self, rows: &Rows<'_>, chunk: &mut SerializedColumnWriter<'_>) -> Result<()> {
        macro_rules! write {
            ($type:ty, $value:expr) => {{
                let (values, levels) = self.gather(rows, $value);
                chunk.typed::<$type>().write_batch(&values, Some(&levels), None)
            }};
        }
        let packed_elsewhere = || ParquetError::General("this column is packed, not written".to_owned());
        let Values::Column(column) = self.values else { return Err(packed_elsewhere()) };
        match column.data() {
            ColumnData::I8(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I16(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I32(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I64(v) => write!(Int64Type, |row| v[row]),
            ColumnData::Date(v) => write!(Int32Type, |row| v[row]),
            ColumnData::Text { dictionary, codes } => {
                let bytes = |text: &Arc<str>| text.as_bytes().to_vec().into();
                let texts = self.texts.get_or_init(|| dictionary.iter().map(bytes).collect());
                write!(ByteArrayType, |row| texts[codes[row] as usize].clone())
            }
            ColumnData::Bool(_) | ColumnData::F32(_) | ColumnData::F64(_) => return Err(packed_elsewhere()),
        }?;
        Ok(())
    }

    fn gather<T>(&self, rows: &Rows<'_>, value: impl Fn(usize) -> T) -> (Vec<T>, Vec<i16>) {
        let Some(known) = &self.known else {
            return (rows.iter().map(value).collect(), vec![1; rows.len()]);
        };
        let levels: Vec<i16> = rows.iter().map(|row| i16::from(known.get(row))).collect();
        let values = rows.iter().filter(|row| known.get(*row)).map(value).collect();
        (values, levels)
    }
}

/// The ids, of which none is ever missing.
pub(crate) fn write_ids(ids: &[i64], rows: &Rows<'_>, chunk: &mut SerializedColumnWriter<'_>) -> Result<()> {
    let values: Vec<i64> = rows.iter().map(|row| ids[row]).collect();
    chunk.typed::<Int64Type>().write_batch(&values, None, None)?;
    Ok(())
}
