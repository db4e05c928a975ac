//! Plain and dictionary pages straight into lanes; the library's reader takes the rarer encodings.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

use crate::hybrid;

/// A value of fixed width as it lies in a page.
pub(crate) trait Plain: Copy + Default {
    const BYTES: usize;
    fn read(bytes: &[u8], out: &mut Vec<Self>);
}

macro_rules! plain {
    ($type:ty) => {
        impl Plain for $type {
            const BYTES: usize = size_of::<$type>();
            fn read(bytes: &[u8], out: &mut Vec<Self>) {
                let (values, _) = bytes.as_chunks::<{ size_of::<$type>() }>();
                out.extend(values.iter().map(|value| Self::from_le_bytes(*value)));
            }
        }
    };
}
plain!(i32);
plain!(i64);
plain!(f32);
plain!(f64);

/// Whether [`values`] and [`flags`] can read the chunk.
pub(crate) fn can_read(chunk: &ColumnChunkMetaData) -> bool {
    use Encoding::{PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY};
    chunk.encodings().all(|encoding| matches!(encoding, PLAIN | RLE | PLAIN_DICTIONARY | RLE_DICTIONARY))
}

/// Adds a chunk's `rows` values to `out`, defaults where a row is null; gives back which rows are known unless all.
pub(crate) fn values<T: Plain>(
    pages: &mut dyn PageReader,
    rows: usize,
    nullable: bool,
    out: &mut Vec<T>,
) -> Result<Option<Vec<bool>>> {
    let mut dictionary: Vec<T> = Vec::new();
    let mut indexes = Vec::new();
    each_page(pages, rows, nullable, out, |page, out| {
        let count = page.present;
        match page.encoding {
            Encoding::PLAIN => {
                let bytes = page.bytes.get(..count * T::BYTES).ok_or_else(short)?;
                if page.is_dictionary {
                    T::read(bytes, &mut dictionary);
                } else {
                    T::read(bytes, out);
                }
            }
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                indexes.clear();
                let (width, packed) = page.bytes.split_first().ok_or_else(short)?;
                hybrid::decode(packed, usize::from(*width), count, &mut indexes)?;
                let last = indexes.iter().copied().max().unwrap_or(0);
                if count > 0 && last as usize >= dictionary.len() {
                    return Err(ParquetError::General("an index points beyond its dictionary".to_owned()));
                }
                out.extend(indexes.iter().map(|index| dictionary[*index as usize]));
            }
            other => return Err(ParquetError::General(format!("values are encoded as {other}"))),
        }
        Ok(())
    })
}

/// As [`values`], for yes/no columns.
pub(crate) fn flags(
    pages: &mut dyn PageReader,
    rows: usize,
    nullable: bool,
    out: &mut Vec<bool>,
) -> Result<Option<Vec<bool>>> {
    each_page(pages, rows, nullable, out, |page, out| {
        let count = page.present;
        match page.encoding {
            Encoding::PLAIN => {
                let bytes = page.bytes.get(..count.div_ceil(8)).ok_or_else(short)?;
                out.extend((0..count).map(|n| bytes[n / 8] >> (n % 8) & 1 == 1));
            }
            Encoding::RLE => {
                let mut bits = Vec::new();
                hybrid::decode(page.bytes.get(4..).ok_or_else(short)?, 1, count, &mut bits)?;
                out.extend(bits.iter().map(|bit| *bit == 1));
            }
            other => return Err(ParquetError::General(format!("yes/no values are encoded as {other}"))),
        }
        Ok(())
    })
}

/// The values of one page, without its levels.
struct Values<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    /// How many rows of the page have a value.
    present: usize,
    is_dictionary: bool,
}

fn each_page<T: Copy + Default>(
    pages: &mut dyn PageReader,
    rows: usize,
    nullable: bool,
    out: &mut Vec<T>,
    mut read: impl FnMut(Values<'_>, &mut Vec<T>) -> Result<()>,
) -> Result<Option<Vec<bool>>> {
    let start = out.len();
    let mut known: Option<Vec<bool>> = None;
    out.reserve(rows);
    while let Some(page) = pages.get_next_page()? {
        let encoding = page.encoding();
        if let Page::DictionaryPage { buf, num_values, .. } = &page {
            let present = *num_values as usize;
            read(Values { bytes: buf, encoding: Encoding::PLAIN, present, is_dictionary: true }, out)?;
            continue;
        }
        let (before, count) = (out.len(), page.num_values() as usize);
        let (levels, bytes) = split(&page, nullable)?;
        let page_known = if nullable { known_rows(levels, count)? } else { None };
        let present = page_known.as_ref().map_or(count, |known| known.iter().filter(|known| **known).count());
        read(Values { bytes, encoding, present, is_dictionary: false }, out)?;
        if let Some(page_known) = page_known {
            spread(out, before, &page_known);
            known.get_or_insert_with(|| vec![true; before - start]).extend(page_known);
        } else if let Some(known) = &mut known {
            known.resize(known.len() + count, true);
        }
    }
    if out.len() - start == rows { Ok(known) } else { Err(short()) }
}

/// Levels and values of a data page.
fn split(page: &Page, nullable: bool) -> Result<(&[u8], &[u8])> {
    let buf = page.buffer();
    let (from, length) = match page {
        Page::DataPageV2 { def_levels_byte_len, .. } => (0, *def_levels_byte_len as usize),
        _ if nullable => {
            let length = buf.get(..4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
            (4, length.ok_or_else(short)? as usize)
        }
        _ => (0, 0),
    };
    let levels = buf.get(from..from + length).ok_or_else(short)?;
    Ok((levels, &buf[from + length..]))
}

fn known_rows(levels: &[u8], count: usize) -> Result<Option<Vec<bool>>> {
    if hybrid::all_ones(levels, count) {
        return Ok(None);
    }
    let mut decoded = Vec::new();
    hybrid::decode(levels, 1, count, &mut decoded)?;
    let known: Vec<bool> = decoded.iter().map(|level| *level == 1).collect();
    Ok((!known.iter().all(|known| *known)).then_some(known))
}

/// Moves values that lie close together from `start` on to the rows that have one.
pub(crate) fn spread<T: Copy + Default>(out: &mut Vec<T>, start: usize, known: &[bool]) {
    let mut from = out.len();
    out.resize(start + known.len(), T::default());
    for (row, known) in known.iter().enumerate().rev() {
        if *known {
            from -= 1;
            out[start + row] = out[from];
        } else {
            out[start + row] = T::default();
        }
    }
}

fn short() -> ParquetError {
    ParquetError::General("a column is shorter than its row group".to_owned())
}
