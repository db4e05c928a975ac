//! The bytes of one column chunk, read in one go and addressed as in their file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use parquet::column::page::PageReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

struct Stretch {
    start: u64,
    bytes: Bytes,
}

/// The pages of column `at` of a row group.
pub(crate) fn pages(mut file: &File, group: &RowGroupMetaData, at: usize) -> Result<Box<dyn PageReader>> {
    let chunk = group.column(at);
    let (start, length) = chunk.byte_range();
    let size = file.metadata()?.len();
    if start.checked_add(length).is_none_or(|end| end > size) {
        return Err(ParquetError::EOF("a column lies beyond the end of its file".to_owned()));
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| outside())?];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    let stretch = Arc::new(Stretch { start, bytes: Bytes::from(bytes) });
    let rows = usize::try_from(group.num_rows()).map_err(|_| outside())?;
    Ok(Box::new(SerializedPageReader::new(stretch, chunk, rows, None)?))
}

impl Length for Stretch {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Stretch {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.from(start).map(Buf::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start)?;
        if length <= bytes.len() { Ok(bytes.slice(..length)) } else { Err(outside()) }
    }
}

impl Stretch {
    fn from(&self, start: u64) -> Result<Bytes> {
        let at = start.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        let at = at.filter(|at| *at <= self.bytes.len()).ok_or_else(outside)?;
        Ok(self.bytes.slice(at..))
    }
}

fn outside() -> ParquetError {
    ParquetError::EOF("a page lies outside its column".to_owned())
}
