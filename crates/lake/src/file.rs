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
use policy::column::{Population, Table};
use policy::value::ValueType;

use crate::encode::{Encoder, write_ids};
use crate::fault::LakeFault;
use crate::outcomes::Outcomes;
use crate::rows::Rows;
use crate::schema;

/// Rows to a group when nothing else cuts them.
pub(crate) const GROUP_ROWS: usize = 1 << 16;

/// What goes into a file beside its rows.
pub(crate) struct FileSpec<'a> {
    pub entity: &'a str,
    pub ids: &'a [i64],
    pub columns: Vec<(&'a str, Encoder<'a>)>,
    pub metadata: Vec<KeyValue>,
}

impl<'a> FileSpec<'a> {
    pub fn new(entity: &'a str, ids: &'a [i64], columns: Vec<(&'a str, Encoder<'a>)>, more: &[(&str, String)]) -> Self {
        let metadata = schema::metadata(entity, columns.iter().map(|(name, c)| (*name, c.ty())), more);
        Self { entity, ids, columns, metadata }
    }

    /// Writes the rows of each group and waits until they are on disk.
    pub fn write<'g>(&self, path: &Path, groups: impl IntoIterator<Item = &'g [u32]>) -> Result<(), LakeFault> {
        let file = File::create(path).map_err(LakeFault::io("create", path))?;
        let file = self.write_to(file, groups).map_err(LakeFault::parquet(path))?;
        file.sync_all().map_err(LakeFault::io("flush", path))
    }

    /// Writes every row in its own order.
    fn write_all(&self, path: &Path) -> Result<(), LakeFault> {
        let row = |row: usize| u32::try_from(row).expect("a table has fewer than 2^32 rows");
        let rows: Vec<u32> = (0..self.ids.len()).map(row).collect();
        self.write(path, rows.chunks(GROUP_ROWS))
    }

    fn write_to<'g>(&self, file: File, groups: impl IntoIterator<Item = &'g [u32]>) -> Result<File> {
        let id_name = schema::id_column(self.entity);
        let parquet_schema = schema::parquet_schema(id_name, self.columns.iter().map(|(name, c)| (*name, c.ty())))?;
        let mut writer = SerializedFileWriter::new(file, parquet_schema, Arc::new(self.properties(id_name)))?;
        let descriptions: Vec<_> = writer.schema_descr().columns().to_vec();
        for rows in groups {
            let rows = &Rows::new(rows);
            let mut group = writer.next_row_group()?;
            if let Some(mut chunk) = group.next_column()? {
                write_ids(self.ids, rows, &mut chunk)?;
                chunk.close()?;
            }
            for ((_, encoder), description) in self.columns.iter().zip(&descriptions[1..]) {
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

    /// What is not packed: dates and whole numbers of which many differ as differences, long texts by dictionary; nothing
    /// that varies by run.
    fn properties(&self, id_name: &str) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_created_by("yilian lake".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_dictionary_enabled(false)
            .set_column_encoding(ColumnPath::from(id_name), Encoding::DELTA_BINARY_PACKED)
            .set_key_value_metadata(Some(self.metadata.clone()));
        for (name, column) in &self.columns {
            let path = ColumnPath::from(*name);
            properties = match column.ty() {
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
    let id = schema::id_column(table.entity());
    let columns = table.columns().iter().filter(|(key, _)| *key != id);
    let columns = columns.map(|(key, column)| (key.as_str(), Encoder::new(column))).collect();
    FileSpec::new(table.entity(), table.ids(), columns, &[]).write_all(path)
}

/// Writes what the rules found to one file, in the order of the table's rows.
///
/// # Errors
/// When the file can't be written or the population has no such table.
pub fn write_outcomes(population: &Population, outcomes: &Outcomes<'_>, path: &Path) -> Result<(), LakeFault> {
    let table = population.table(outcomes.entity);
    let table = table.ok_or_else(|| LakeFault::shape(path, format!("no table {}", outcomes.entity)))?;
    let names = outcomes.amount_names();
    FileSpec::new(table.entity(), table.ids(), outcomes.columns(&names), &[]).write_all(path)
}
