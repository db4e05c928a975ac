//! Yes/no columns and measures as finished column chunks, without the library's value-by-value writer.
//!
//! Our bits lie in memory as Parquet lays them out, so known rows and yes/no values are copied word by word; an
//! amount column that is known for few rows costs only those.

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use policy::column::{Bits, Column, ColumnData};
use policy::value::Value;

use crate::few::Few;
use crate::hybrid;
use crate::rows::Rows;

/// A chunk's bytes and what the file's footer says of it.
pub(crate) struct Chunk {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

/// The chunk of `rows`, in that order; none for columns of other types, whole numbers
/// among them unless `plain` asks for it. `known` stands in for the column's own.
pub(crate) fn chunk(
    column: &Column,
    known: Option<&Bits>,
    plain: bool,
    rows: &Rows<'_>,
    description: ColumnDescPtr,
) -> Option<Result<Chunk>> {
    let (known, mut body) = levels(known, rows);
    let nulls = known.as_ref().map_or(0, |known| (known.len() - known.count_ones()) as u64);
    let start = body.len();
    let statistics = match column.data() {
        ColumnData::Bool(values) => bits(&rows.select(values), known.as_ref(), nulls, &mut body),
        ColumnData::F64(values) => floats(rows, known.as_ref(), nulls, &mut body, |row| values[row]),
        ColumnData::F32(values) => floats(rows, known.as_ref(), nulls, &mut body, |row| f64::from(values[row])),
        ColumnData::I8(values) if plain => whole(rows, known.as_ref(), nulls, &mut body, |row| values[row].into()),
        ColumnData::I16(values) if plain => whole(rows, known.as_ref(), nulls, &mut body, |row| values[row].into()),
        ColumnData::I32(values) if plain => whole(rows, known.as_ref(), nulls, &mut body, |row| values[row].into()),
        ColumnData::I64(values) if plain => whole(rows, known.as_ref(), nulls, &mut body, |row| values[row]),
        _ => return None,
    };
    let few = if matches!(column.data(), ColumnData::Bool(_)) { None } else { Few::of(&body[start..]) };
    let write = || {
        let mut pages = Pages::new();
        if let Some(few) = few {
            pages.dictionary(&few.values)?;
            body.truncate(start);
            few.put_indexes(&mut body);
            pages.data(&body, rows.len(), Encoding::RLE_DICTIONARY)?;
        } else {
            pages.data(&body, rows.len(), Encoding::PLAIN)?;
        }
        pages.finish(rows.len(), description, statistics)
    };
    Some(write())
}

/// The chunk of bits, null where not known.
pub(crate) fn truth(yes: &Bits, known: Option<&Bits>, rows: &Rows<'_>, description: ColumnDescPtr) -> Result<Chunk> {
    let (known, mut body) = levels(known, rows);
    let nulls = known.as_ref().map_or(0, |known| (known.len() - known.count_ones()) as u64);
    let statistics = bits(&rows.select(yes), known.as_ref(), nulls, &mut body);
    let mut pages = Pages::new();
    pages.data(&body, rows.len(), Encoding::PLAIN)?;
    pages.finish(rows.len(), description, statistics)
}

/// The chunk of one value for all rows that are known: a dictionary of one, and a run of its index.
pub(crate) fn same(value: &Value, known: &Bits, rows: &Rows<'_>, description: ColumnDescPtr) -> Result<Chunk> {
    let (known, mut body) = levels(Some(known), rows);
    let present = known.as_ref().map_or(rows.len(), Bits::count_ones);
    let nulls = Some((rows.len() - present) as u64);
    let any = present > 0;
    let (bytes, statistics) = match value {
        Value::Float(x) => {
            (x.to_le_bytes(), Statistics::double(any.then_some(*x), any.then_some(*x), None, nulls, false))
        }
        other => {
            let units = other.as_units().ok_or_else(|| ParquetError::General("no amount in whole units".to_owned()))?;
            let range = any.then_some(units);
            (units.to_le_bytes(), Statistics::int64(range, range, None, nulls, false))
        }
    };
    body.push(1);
    hybrid::put_run(present, &mut body);
    let mut pages = Pages::new();
    pages.dictionary(&[u64::from_le_bytes(bytes)])?;
    pages.data(&body, rows.len(), Encoding::RLE_DICTIONARY)?;
    pages.finish(rows.len(), description, statistics)
}

/// Which of `rows` are known, none when all are, and a page that begins with saying so.
fn levels(known: Option<&Bits>, rows: &Rows<'_>) -> (Option<Bits>, Vec<u8>) {
    let known = known.map(|known| rows.select(known)).filter(|known| !known.all());
    let mut body = vec![0; 4];
    hybrid::encode_levels(known.as_ref(), rows.len(), &mut body);
    let length = u32::try_from(body.len() - 4).expect("levels of one row group are short");
    body[..4].copy_from_slice(&length.to_le_bytes());
    (known, body)
}

fn bits(values: &Bits, known: Option<&Bits>, nulls: u64, body: &mut Vec<u8>) -> Statistics {
    let present = match known {
        None => values.clone(),
        Some(known) => Bits::from_bools(known.ones().map(|row| values.get(row))),
    };
    hybrid::put_bits(&present, body);
    let ones = present.count_ones();
    let range = (!present.is_empty()).then_some((ones == present.len(), ones > 0));
    Statistics::boolean(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

fn floats(
    rows: &Rows<'_>,
    known: Option<&Bits>,
    nulls: u64,
    body: &mut Vec<u8>,
    value: impl Fn(usize) -> f64,
) -> Statistics {
    let (mut low, mut high, mut comparable) = (f64::INFINITY, f64::NEG_INFINITY, true);
    let put = |row: usize| {
        let value = value(row);
        low = low.min(value);
        high = high.max(value);
        comparable &= !value.is_nan();
        value.to_le_bytes()
    };
    put_all(rows, known, body, put);
    // the format asks that a zero bound covers both zeros
    let range = (comparable && low <= high)
        .then_some((if low == 0.0 { -0.0 } else { low }, if high == 0.0 { 0.0 } else { high }));
    Statistics::double(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

fn whole(
    rows: &Rows<'_>,
    known: Option<&Bits>,
    nulls: u64,
    body: &mut Vec<u8>,
    value: impl Fn(usize) -> i64,
) -> Statistics {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    put_all(rows, known, body, |row| {
        let value = value(row);
        (low, high) = (low.min(value), high.max(value));
        value.to_le_bytes()
    });
    let range = (low <= high).then_some((low, high));
    Statistics::int64(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

/// The eight bytes of every known row.
fn put_all(rows: &Rows<'_>, known: Option<&Bits>, body: &mut Vec<u8>, mut put: impl FnMut(usize) -> [u8; 8]) {
    let start = body.len();
    body.resize(start + known.map_or(rows.len(), Bits::count_ones) * 8, 0);
    let (places, _) = body[start..].as_chunks_mut::<8>();
    match known {
        None => places.iter_mut().zip(rows.iter()).for_each(|(place, row)| *place = put(row)),
        Some(known) => places.iter_mut().zip(known.ones()).for_each(|(place, at)| *place = put(rows.at(at))),
    }
}

/// The pages of a chunk as they will lie in the file.
struct Pages {
    sink: TrackedWrite<Vec<u8>>,
    uncompressed: usize,
    data_at: Option<u64>,
    encodings: Vec<Encoding>,
}

impl Pages {
    fn new() -> Self {
        Self { sink: TrackedWrite::new(Vec::new()), uncompressed: 0, data_at: None, encodings: vec![Encoding::RLE] }
    }

    fn dictionary(&mut self, values: &[u64]) -> Result<()> {
        let body: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let num_values =
            u32::try_from(values.len()).map_err(|_| ParquetError::General("too many values".to_owned()))?;
        let buf = Bytes::from(compress(&body)?);
        let page = Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN, is_sorted: false };
        self.encodings.push(Encoding::PLAIN);
        self.write(page, body.len()).map(|_| ())
    }

    fn data(&mut self, body: &[u8], rows: usize, encoding: Encoding) -> Result<()> {
        let page = Page::DataPage {
            buf: Bytes::from(compress(body)?),
            num_values: u32::try_from(rows).map_err(|_| ParquetError::General("too many rows".to_owned()))?,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        self.encodings.push(encoding);
        let at = self.write(page, body.len())?;
        self.data_at.get_or_insert(at);
        Ok(())
    }

    fn write(&mut self, page: Page, uncompressed: usize) -> Result<u64> {
        let spec = SerializedPageWriter::new(&mut self.sink).write_page(CompressedPage::new(page, uncompressed))?;
        self.uncompressed += spec.uncompressed_size;
        Ok(spec.offset)
    }

    fn finish(self, rows: usize, description: ColumnDescPtr, statistics: Statistics) -> Result<Chunk> {
        let bytes = self.sink.into_inner()?;
        let size = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
        let data_at = self.data_at.and_then(|at| i64::try_from(at).ok()).unwrap_or(0);
        let metadata = ColumnChunkMetaData::builder(description)
            .set_compression(Compression::SNAPPY)
            .set_encodings(self.encodings)
            .set_total_compressed_size(size(bytes.len()))
            .set_total_uncompressed_size(size(self.uncompressed))
            .set_num_values(size(rows))
            .set_data_page_offset(data_at)
            .set_dictionary_page_offset((data_at > 0).then_some(0))
            .set_statistics(statistics)
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok(Chunk { bytes: Bytes::from(bytes), close })
    }
}

fn compress(body: &[u8]) -> Result<Vec<u8>> {
    snap::raw::Encoder::new().compress_vec(body).map_err(|cause| ParquetError::External(Box::new(cause)))
}
