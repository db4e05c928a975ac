//! Yes/no columns, measures and texts as finished column chunks, without the library's value-by-value writer.
//!
//! Our bits lie in memory as Parquet lays them out, so known rows and yes/no values are copied word by word; an
//! amount column that is known for few rows costs only those.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use policy::column::{Bits, Column, ColumnData, Sparse};
use policy::value::Value;

use crate::few::{Few, put_indexes};
use crate::hybrid;
use crate::rows::Rows;

/// A chunk's bytes and what the file's footer says of it.
pub(crate) struct Chunk {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

/// The chunk of `rows`, in that order; none for columns of other types. `known` stands in for the column's own.
pub(crate) fn chunk(
    column: &Column,
    known: Option<&Bits>,
    rows: &Rows<'_>,
    description: ColumnDescPtr,
) -> Option<Result<Chunk>> {
    let (known, mut body) = levels(known, rows);
    let nulls = known.as_ref().map_or(0, |known| (known.len() - known.count_ones()) as u64);
    let start = body.len();
    let present = known.as_ref().map_or(rows.len(), Bits::count_ones);
    let statistics = match (column.data(), &known) {
        (ColumnData::Bool(values), _) => bits(&rows.select(values), known.as_ref(), nulls, &mut body),
        (ColumnData::F64(v), None) => floats(rows.iter().map(|row| v[row]), present, nulls, &mut body),
        (ColumnData::F32(v), None) => floats(rows.iter().map(|row| v[row].into()), present, nulls, &mut body),
        (ColumnData::F64(v), Some(known)) => floats(known.ones().map(|at| v[rows.at(at)]), present, nulls, &mut body),
        (ColumnData::F32(v), Some(known)) => {
            floats(known.ones().map(|at| v[rows.at(at)].into()), present, nulls, &mut body)
        }
        (ColumnData::I8(v), _) => lanes(v, known.as_ref(), rows, &mut body),
        (ColumnData::I16(v), _) => lanes(v, known.as_ref(), rows, &mut body),
        (ColumnData::I32(v), _) => lanes(v, known.as_ref(), rows, &mut body),
        (ColumnData::I64(v), _) => lanes(v, known.as_ref(), rows, &mut body),
        (ColumnData::Date(_) | ColumnData::Text { .. }, _) => return None,
    };
    match column.data() {
        ColumnData::Bool(_) => Some(plain(&body, rows.len(), description, statistics)),
        ColumnData::F32(_) | ColumnData::F64(_) => Some(few_or_plain(body, start, rows.len(), description, statistics)),
        // Whole numbers of which many differ are written as differences, by the library.
        _ => Few::of(&body[start..]).map(|few| by_dictionary(body, (start, &few), rows.len(), description, statistics)),
    }
}

fn lanes<T: Copy + Into<i64>>(values: &[T], known: Option<&Bits>, rows: &Rows<'_>, body: &mut Vec<u8>) -> Statistics {
    let present = known.map_or(rows.len(), Bits::count_ones);
    let nulls = (rows.len() - present) as u64;
    match known {
        None => whole(rows.iter().map(|row| values[row].into()), present, nulls, body),
        Some(known) => whole(known.ones().map(|at| values[rows.at(at)].into()), present, nulls, body),
    }
}

/// The chunk of the values that some rows have.
pub(crate) fn sparse(paid: &Sparse, rows: &Rows<'_>, description: ColumnDescPtr) -> Result<Chunk> {
    let (known, mut body) = levels(Some(paid.rows()), rows);
    let present = known.as_ref().map_or(rows.len(), Bits::count_ones);
    let nulls = (rows.len() - present) as u64;
    let start = body.len();
    // rows that follow each other have values that do
    let first = if rows.follow() { known.as_ref().map_or(Some(0), |known| known.ones().next()) } else { None };
    let first = first.and_then(|at| paid.place(rows.at(at)));
    let places = if first.is_some() { Vec::new() } else { rows.places(paid, known.as_ref()) };
    macro_rules! put {
        ($put:ident, $lanes:expr) => {
            match first {
                Some(first) => {
                    $put($lanes[first..first + present].iter().map(|v| (*v).into()), present, nulls, &mut body)
                }
                None => $put(places.iter().map(|place| $lanes[*place].into()), present, nulls, &mut body),
            }
        };
    }
    let statistics = match paid.values().data() {
        ColumnData::F64(v) => put!(floats, v),
        ColumnData::F32(v) => put!(floats, v),
        ColumnData::I8(v) => put!(whole, v),
        ColumnData::I16(v) => put!(whole, v),
        ColumnData::I32(v) => put!(whole, v),
        ColumnData::I64(v) => put!(whole, v),
        _ => return Err(ParquetError::General("an amount is a number".to_owned())),
    };
    few_or_plain(body, start, rows.len(), description, statistics)
}

/// Values from `start` as a dictionary when few of them differ, else one by one.
fn few_or_plain(
    body: Vec<u8>,
    start: usize,
    rows: usize,
    description: ColumnDescPtr,
    statistics: Statistics,
) -> Result<Chunk> {
    match Few::of(&body[start..]) {
        Some(few) => by_dictionary(body, (start, &few), rows, description, statistics),
        None => plain(&body, rows, description, statistics),
    }
}

fn by_dictionary(
    mut body: Vec<u8>,
    (start, few): (usize, &Few),
    rows: usize,
    description: ColumnDescPtr,
    statistics: Statistics,
) -> Result<Chunk> {
    let mut pages = Pages::new();
    let values: Vec<u8> = few.values.iter().flat_map(|value| value.to_le_bytes()).collect();
    pages.dictionary(&values, few.values.len())?;
    body.truncate(start);
    put_indexes(few.indexes(), few.values.len(), &mut body);
    pages.data(&body, rows, Encoding::RLE_DICTIONARY)?;
    pages.finish(rows, description, statistics)
}

fn plain(body: &[u8], rows: usize, description: ColumnDescPtr, statistics: Statistics) -> Result<Chunk> {
    let mut pages = Pages::new();
    pages.data(body, rows, Encoding::PLAIN)?;
    pages.finish(rows, description, statistics)
}

/// The longest text that stands whole in a file's footer, and how long a chunk's different texts may be together.
const LONGEST: usize = 64;
const TEXTS: usize = 1 << 20;

/// The chunk of texts: each different one once, in order of first appearance, or one by one where most of them differ;
/// none where one is long.
pub(crate) fn texts(
    (dictionary, codes): (&[Arc<str>], &[u32]),
    known: Option<&Bits>,
    rows: &Rows<'_>,
    description: ColumnDescPtr,
) -> Option<Result<Chunk>> {
    let (known, mut body) = levels(known, rows);
    let nulls = |present: usize| Some((rows.len() - present) as u64);
    if dictionary.len() > rows.len().max(TEXTS / LONGEST) {
        let text = |row: usize| dictionary[codes[row] as usize].as_bytes();
        let texts: Vec<&[u8]> = match &known {
            None => rows.iter().map(text).collect(),
            Some(known) => known.ones().map(|at| text(rows.at(at))).collect(),
        };
        let (low, high) = bounds(&texts)?;
        texts.iter().for_each(|text| put_text(text, &mut body));
        let statistics = Statistics::byte_array(low, high, None, nulls(texts.len()), false);
        return Some(plain(&body, rows.len(), description, statistics));
    }
    let mut place = vec![u32::MAX; dictionary.len()];
    let (mut values, mut indexes, mut texts) = (Vec::new(), Vec::with_capacity(rows.len()), Vec::new());
    let mut take = |row: usize| {
        let code = codes[row] as usize;
        if place[code] == u32::MAX {
            place[code] = u32::try_from(values.len()).expect("a group has fewer than 2^32 rows");
            let text = dictionary[code].as_bytes();
            put_text(text, &mut texts);
            values.push(text);
        }
        indexes.push(place[code]);
    };
    match &known {
        None => rows.iter().for_each(&mut take),
        Some(known) => known.ones().for_each(|at| take(rows.at(at))),
    }
    if texts.len() > TEXTS {
        return None;
    }
    let (low, high) = bounds(&values)?;
    let statistics = Statistics::byte_array(low, high, None, nulls(indexes.len()), false);
    if values.is_empty() {
        return Some(plain(&body, rows.len(), description, statistics));
    }
    put_indexes(&indexes, values.len(), &mut body);
    let written = || {
        let mut pages = Pages::new();
        pages.dictionary(&texts, values.len())?;
        pages.data(&body, rows.len(), Encoding::RLE_DICTIONARY)?;
        pages.finish(rows.len(), description, statistics)
    };
    Some(written())
}

/// The least and the greatest of some texts, as the footer tells them; none where one is long.
fn bounds(texts: &[&[u8]]) -> Option<(Option<ByteArray>, Option<ByteArray>)> {
    let bound = |text: Option<&&[u8]>| text.map(|text| ByteArray::from(text.to_vec()));
    let are_short = texts.iter().all(|text| text.len() <= LONGEST);
    are_short.then(|| (bound(texts.iter().min()), bound(texts.iter().max())))
}

/// A short text as a page holds it.
fn put_text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
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
    pages.dictionary(&bytes, 1)?;
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

fn floats(values: impl Iterator<Item = f64>, count: usize, nulls: u64, body: &mut Vec<u8>) -> Statistics {
    let (mut low, mut high, mut comparable) = (f64::INFINITY, f64::NEG_INFINITY, true);
    let values = values.map(|value| {
        low = if value < low { value } else { low };
        high = if value > high { value } else { high };
        comparable &= !value.is_nan();
        value.to_le_bytes()
    });
    put_all(values, count, body);
    // the format asks that a zero bound covers both zeros
    let range = (comparable && low <= high)
        .then_some((if low == 0.0 { -0.0 } else { low }, if high == 0.0 { 0.0 } else { high }));
    Statistics::double(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

fn whole(values: impl Iterator<Item = i64>, count: usize, nulls: u64, body: &mut Vec<u8>) -> Statistics {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    let values = values.map(|value| {
        (low, high) = (low.min(value), high.max(value));
        value.to_le_bytes()
    });
    put_all(values, count, body);
    let range = (low <= high).then_some((low, high));
    Statistics::int64(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

/// Eight bytes of each value.
fn put_all(values: impl Iterator<Item = [u8; 8]>, count: usize, body: &mut Vec<u8>) {
    let start = body.len();
    body.resize(start + count * 8, 0);
    let (places, _) = body[start..].as_chunks_mut::<8>();
    places.iter_mut().zip(values).for_each(|(place, value)| *place = value);
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

    /// The different values, so many of them, as a page holds them.
    fn dictionary(&mut self, body: &[u8], values: usize) -> Result<()> {
        let num_values = u32::try_from(values).map_err(|_| ParquetError::General("too many values".to_owned()))?;
        let buf = Bytes::from(compress(body)?);
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
