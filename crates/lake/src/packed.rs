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

use crate::hybrid;

/// A chunk's bytes and what the file's footer says of it.
pub(crate) struct Chunk {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

/// The chunk of `rows`, in that order; none for columns of other types.
pub(crate) fn chunk(column: &Column, rows: &[u32], description: ColumnDescPtr) -> Option<Result<Chunk>> {
    let known = column.known().map(|known| select(known, rows)).filter(|known| !known.all());
    let nulls = known.as_ref().map_or(0, |known| (known.len() - known.count_ones()) as u64);
    let mut body = vec![0; 4];
    hybrid::encode_levels(known.as_ref(), rows.len(), &mut body);
    let length = u32::try_from(body.len() - 4).expect("levels of one row group are short");
    body[..4].copy_from_slice(&length.to_le_bytes());
    let statistics = match column.data() {
        ColumnData::Bool(values) => bits(&select(values, rows), known.as_ref(), nulls, &mut body),
        ColumnData::F64(values) => floats(rows, known.as_ref(), nulls, &mut body, |row| values[row]),
        ColumnData::F32(values) => floats(rows, known.as_ref(), nulls, &mut body, |row| f64::from(values[row])),
        _ => return None,
    };
    Some(finish(&body, rows.len(), description, statistics))
}

/// The bits of `rows`. A stretch that begins with a word is copied.
fn select(bits: &Bits, rows: &[u32]) -> Bits {
    match rows {
        [first, .., last] if *first % 64 == 0 && (last - first) as usize == rows.len() - 1 && rows.is_sorted() => {
            Bits::from_words(bits.words()[*first as usize / 64..=*last as usize / 64].to_vec(), rows.len())
        }
        _ => Bits::from_bools(rows.iter().map(|row| bits.get(*row as usize))),
    }
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
    rows: &[u32],
    known: Option<&Bits>,
    nulls: u64,
    body: &mut Vec<u8>,
    value: impl Fn(usize) -> f64,
) -> Statistics {
    let (mut low, mut high, mut comparable) = (f64::INFINITY, f64::NEG_INFINITY, true);
    let mut put = |row: &u32| {
        let value = value(*row as usize);
        low = low.min(value);
        high = high.max(value);
        comparable &= !value.is_nan();
        value.to_le_bytes()
    };
    match known {
        None => body.extend(rows.iter().flat_map(&mut put)),
        Some(known) => body.extend(known.ones().flat_map(|at| put(&rows[at]))),
    }
    // the format asks that a zero bound covers both zeros
    let range = (comparable && low <= high)
        .then_some((if low == 0.0 { -0.0 } else { low }, if high == 0.0 { 0.0 } else { high }));
    Statistics::double(range.map(|r| r.0), range.map(|r| r.1), None, Some(nulls), false)
}

fn finish(body: &[u8], rows: usize, description: ColumnDescPtr, statistics: Statistics) -> Result<Chunk> {
    let compressed = snap::raw::Encoder::new().compress_vec(body);
    let compressed = compressed.map_err(|cause| ParquetError::External(Box::new(cause)))?;
    let count = u32::try_from(rows).map_err(|_| ParquetError::General("too many rows for a page".to_owned()))?;
    let page = Page::DataPage {
        buf: Bytes::from(compressed),
        num_values: count,
        encoding: Encoding::PLAIN,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    let mut sink = TrackedWrite::new(Vec::new());
    let spec = SerializedPageWriter::new(&mut sink).write_page(CompressedPage::new(page, body.len()))?;
    let size = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
    let metadata = ColumnChunkMetaData::builder(description)
        .set_compression(Compression::SNAPPY)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE])
        .set_total_compressed_size(size(spec.compressed_size))
        .set_total_uncompressed_size(size(spec.uncompressed_size))
        .set_num_values(i64::from(count))
        .set_data_page_offset(0)
        .set_statistics(statistics)
        .build()?;
    let close = ColumnCloseResult {
        bytes_written: spec.compressed_size as u64,
        rows_written: u64::from(count),
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok(Chunk { bytes: Bytes::from(sink.into_inner()?), close })
}
