//! One Parquet file: an id and nullable columns, in row groups, the same bytes for the same rows.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use policy::column::{Column, Table};
use policy::value::ValueType;

use crate::encode::{Encoder, write_ids};
use crate::fault::LakeFault;
use crate::schema;

/// Rows to a group when nothing else cuts them.
pub(crate) const GROUP_ROWS: usize = 1 << 16;

/// What goes into a file beside its rows.
pub(crate) struct FileSpec<'a> {
    pub entity: &'a str,
    pub ids: &'a [i64],
    pub columns: Vec<(&'a str, Encoder<'a>, ValueType)>,
    pub metadata: Vec<KeyValue>,
}

impl<'a> FileSpec<'a> {
    pub fn new(
        entity: &'a str,
        ids: &'a [i64],
        columns: impl IntoIterator<Item = (&'a str, &'a Column)>,
        more: &[(&str, String)],
    ) -> Self {
        let columns: Vec<_> = columns.into_iter().map(|(name, c)| (name, Encoder::new(c), c.ty())).collect();
        let metadata = schema::metadata(entity, columns.iter().map(|(name, _, ty)| (*name, *ty)), more);
        Self { entity, ids, columns, metadata }
    }

    /// Writes the rows of each group and waits until they are on disk.
    pub fn write<'g>(&self, path: &Path, groups: impl IntoIterator<Item = &'g [u32]>) -> Result<(), LakeFault> {
        let file = File::create(path).map_err(LakeFault::io("create", path))?;
        let file = self.write_to(file, groups).map_err(LakeFault::parquet(path))?;
        file.sync_all().map_err(LakeFault::io("flush", path))
    }

    fn write_to<'g>(&self, file: File, groups: impl IntoIterator<Item = &'g [u32]>) -> Result<File> {
        let id_name = schema::id_column(self.entity);
        let parquet_schema = schema::parquet_schema(id_name, self.columns.iter().map(|(name, _, ty)| (*name, *ty)))?;
        let mut writer = SerializedFileWriter::new(file, parquet_schema, Arc::new(self.properties(id_name)))?;
        let descriptions: Vec<_> = writer.schema_descr().columns().to_vec();
        for rows in groups {
            let mut group = writer.next_row_group()?;
            if let Some(mut chunk) = group.next_column()? {
                write_ids(self.ids, rows, &mut chunk)?;
                chunk.close()?;
            }
            for ((_, encoder, _), description) in self.columns.iter().zip(&descriptions[1..]) {
                if let Some(packed) = encoder.packed(rows, description) {
                    let packed = packed?;
                    group.append_column(&packed.bytes, packed.close)?;
                } else if let Some(mut chunk) = group.next_column()? {
                    encoder.write(rows, &mut chunk)?;
                    chunk.close()?;
                }
            }
            group.close()?;
        }
        writer.into_inner()
    }

    /// Whole numbers and dates as differences, floats plain, texts by dictionary; nothing that varies by run.
    fn properties(&self, id_name: &str) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_created_by("yilian lake".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_dictionary_enabled(false)
            .set_column_encoding(ColumnPath::from(id_name), Encoding::DELTA_BINARY_PACKED)
            .set_key_value_metadata(Some(self.metadata.clone()));
        for (name, _, ty) in &self.columns {
            let path = ColumnPath::from(*name);
            properties = match ty {
                ValueType::Text => properties.set_column_dictionary_enabled(path, true),
                ValueType::Bool | ValueType::Float => properties.set_column_encoding(path, Encoding::PLAIN),
                _ => properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            };
        }
        properties.build()
    }
}

/// Writes a whole table in its own row order; every column, whatever its sensitivity.
///
/// For measuring and for tables without personal data: what leaves for an analyst goes through [`crate::write`].
///
/// # Errors
/// When the file can't be written.
pub fn write_table(table: &Table, path: &Path) -> Result<(), LakeFault> {
    let columns = table.columns().iter().map(|(key, column)| (key.as_str(), column));
    let columns = columns.filter(|(key, _)| *key != schema::id_column(table.entity()));
    let spec = FileSpec::new(table.entity(), table.ids(), columns, &[]);
    let rows: Vec<u32> = (0..table.rows()).map(|row| u32::try_from(row).expect("fewer than 2^32 rows")).collect();
    spec.write(path, rows.chunks(GROUP_ROWS))
}
