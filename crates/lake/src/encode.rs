//! One column of chosen rows into one column chunk.

use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::ColumnDescPtr;
use policy::column::{Column, ColumnData};

use crate::packed::{self, Chunk};

/// A column ready to be written: its texts are made byte arrays once, not once per row.
pub(crate) struct Encoder<'a> {
    column: &'a Column,
    texts: Vec<ByteArray>,
}

impl<'a> Encoder<'a> {
    pub fn new(column: &'a Column) -> Self {
        let texts = match column.data() {
            ColumnData::Text { dictionary, .. } => {
                dictionary.iter().map(|text| text.as_bytes().to_vec().into()).collect()
            }
            _ => Vec::new(),
        };
        Self { column, texts }
    }

    /// The finished chunk of `rows`, for the types that need no writer.
    pub fn packed(&self, rows: &[u32], description: &ColumnDescPtr) -> Option<Result<Chunk>> {
        packed::chunk(self.column, rows, Arc::clone(description))
    }

    /// Writes the values of `rows` in that order, nulls as definition level 0.
    pub fn write(&self, rows: &[u32], chunk: &mut SerializedColumnWriter<'_>) -> Result<()> {
        macro_rules! write {
            ($type:ty, $value:expr) => {{
                let (values, levels) = self.gather(rows, $value);
                chunk.typed::<$type>().write_batch(&values, Some(&levels), None)
            }};
        }
        match self.column.data() {
            ColumnData::I8(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I16(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I32(v) => write!(Int64Type, |row| i64::from(v[row])),
            ColumnData::I64(v) => write!(Int64Type, |row| v[row]),
            ColumnData::Bool(_) | ColumnData::F32(_) | ColumnData::F64(_) => {
                return Err(ParquetError::General("this column is packed, not written".to_owned()));
            }
            ColumnData::Date(v) => write!(Int32Type, |row| v[row]),
            ColumnData::Text { codes, .. } => write!(ByteArrayType, |row| self.texts[codes[row] as usize].clone()),
        }?;
        Ok(())
    }

    fn gather<T>(&self, rows: &[u32], value: impl Fn(usize) -> T) -> (Vec<T>, Vec<i16>) {
        let Some(known) = self.column.known() else {
            return (rows.iter().map(|row| value(*row as usize)).collect(), vec![1; rows.len()]);
        };
        let levels: Vec<i16> = rows.iter().map(|row| i16::from(known.get(*row as usize))).collect();
        let values = rows.iter().map(|row| *row as usize).filter(|row| known.get(*row)).map(value).collect();
        (values, levels)
    }
}

/// The ids, of which none is ever missing.
pub(crate) fn write_ids(ids: &[i64], rows: &[u32], chunk: &mut SerializedColumnWriter<'_>) -> Result<()> {
    let values: Vec<i64> = rows.iter().map(|row| ids[*row as usize]).collect();
    chunk.typed::<Int64Type>().write_batch(&values, None, None)?;
    Ok(())
}
