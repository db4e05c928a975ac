//! Files back into tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kernel::{Date, PersonId, parse_date};
use parquet::basic::{LogicalType, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::Type;
use policy::column::{Column, ColumnBuilder, Population, Table};
use policy::value::{Value, ValueType};

use crate::decode::Lanes;
use crate::fault::LakeFault;
use crate::publish::entries;
use crate::schema::{self, COLUMNS_KEY, PERSON_ID, SCHEMA_KEY, SCHEMA_VERSION};

/// The days published below `lake`, oldest first.
///
/// # Errors
/// When the folder can't be listed.
pub fn dates(lake: &Path) -> Result<Vec<Date>, LakeFault> {
    let names = entries(lake)?;
    Ok(names.iter().filter_map(|(name, _)| parse_date(name.strip_prefix("as_of=")?).ok()).collect())
}

/// Reads the facts of a published day, county after county; outcomes are not facts and are left.
///
/// # Errors
/// When a file can't be read, or was written under a newer schema than this program knows.
pub fn read(day: &Path) -> Result<Population, LakeFault> {
    let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (_, county) in entries(day)? {
        for (name, path) in entries(&county)? {
            match name.strip_suffix(".parquet") {
                Some(table) if !table.starts_with("determination") => {
                    files.entry(table.to_owned()).or_default().push(path)
                }
                _ => {}
            }
        }
    }
    let tables = files.iter().map(|(entity, paths)| read_table(entity, paths));
    Ok(Population::new(tables.collect::<Result<Vec<Table>, LakeFault>>()?))
}

/// Reads the files of one table, one after the other, each row with the id the file gives it.
///
/// Takes any Parquet file of plain columns; without a column of ids, rows are numbered from 0.
///
/// # Errors
/// As [`read`].
pub fn read_table(entity: &str, paths: &[PathBuf]) -> Result<Table, LakeFault> {
    read_columns(entity, paths, |_| true)
}

/// Reads only the columns that are wanted, and the ids.
///
/// # Errors
/// As [`read`].
pub fn read_columns(entity: &str, paths: &[PathBuf], wanted: impl Fn(&str) -> bool) -> Result<Table, LakeFault> {
    let wanted = |name: &str| name == schema::id_column(entity) || wanted(name);
    let mut columns: BTreeMap<String, (ValueType, Lanes)> = BTreeMap::new();
    let mut rows = 0;
    for path in paths {
        let bytes = std::fs::read(path).map_err(LakeFault::io("read", path))?;
        let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(LakeFault::parquet(path))?;
        rows += append_file(&reader, path, rows, &wanted, &mut columns)?;
        for (_, lanes) in columns.values_mut() {
            lanes.catch_up(rows);
        }
    }
    let first = paths.first().map_or(Path::new(entity), PathBuf::as_path);
    let ids = match columns.remove(schema::id_column(entity)) {
        Some((_, lanes)) => lanes.into_ids().ok_or_else(|| LakeFault::shape(first, "ids are not whole numbers"))?,
        None => (0..rows).map(|row| i64::try_from(row).expect("fewer than 2^63 rows")).collect(),
    };
    let mut table = Table::new(entity, ids, BTreeMap::new()).expect("no column yet");
    for (name, (ty, lanes)) in columns {
        let column = lanes.into_column(ty);
        let column = column.ok_or_else(|| LakeFault::shape(first, format!("column {name} is not {ty}")))?;
        let column = if name == PERSON_ID { printed_ids(&column) } else { column };
        table.put(&name, column).map_err(|fault| LakeFault::shape(first, fault.to_string()))?;
    }
    Ok(table)
}

fn append_file(
    reader: &SerializedFileReader<Bytes>,
    path: &Path,
    before: usize,
    wanted: &impl Fn(&str) -> bool,
    columns: &mut BTreeMap<String, (ValueType, Lanes)>,
) -> Result<usize, LakeFault> {
    let metadata = reader.metadata().file_metadata();
    let note = |key: &str| metadata.key_value_metadata()?.iter().find(|kv| kv.key == key)?.value.as_deref();
    if note(SCHEMA_KEY).and_then(|version| version.parse().ok()).is_some_and(|version: u32| version > SCHEMA_VERSION) {
        return Err(LakeFault::shape(path, "was written under a newer schema; use a newer program to read it"));
    }
    let types: BTreeMap<String, String> =
        note(COLUMNS_KEY).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let fields = metadata.schema().get_fields();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(LakeFault::parquet(path))?;
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| wanted(field.name())) {
            if !columns.contains_key(field.name()) {
                let named = types.get(field.name()).and_then(|name| schema::type_of_name(name));
                let ty = named.or_else(|| type_of_field(field));
                let ty =
                    ty.ok_or_else(|| LakeFault::shape(path, format!("column {} has no known type", field.name())))?;
                let mut lanes = Lanes::new(field.get_physical_type()).map_err(LakeFault::parquet(path))?;
                lanes.append_unknown(before);
                columns.insert(field.name().to_owned(), (ty, lanes));
            }
            if let Some((_, lanes)) = columns.get_mut(field.name()) {
                lanes.append(&*group, at, field.is_optional()).map_err(LakeFault::parquet(path))?;
            }
        }
    }
    Ok(usize::try_from(metadata.num_rows()).unwrap_or(0))
}

/// The type of a column in a file that does not say it itself.
fn type_of_field(field: &Type) -> Option<ValueType> {
    if !field.is_primitive() {
        return None;
    }
    Some(match (field.get_physical_type(), field.get_basic_info().logical_type_ref()) {
        (_, Some(LogicalType::Decimal(_))) => ValueType::Decimal(u8::try_from(field.get_scale()).ok()?),
        (Physical::BOOLEAN, _) => ValueType::Bool,
        (Physical::INT32, Some(LogicalType::Date)) => ValueType::Date,
        (Physical::INT32 | Physical::INT64, _) => ValueType::Int,
        (Physical::FLOAT | Physical::DOUBLE, _) => ValueType::Float,
        (Physical::BYTE_ARRAY, Some(LogicalType::String)) => ValueType::Text,
        _ => return None,
    })
}

/// Person numbers as the printed ids that tables in memory hold.
fn printed_ids(column: &Column) -> Column {
    let mut printed = ColumnBuilder::new(ValueType::Text);
    for row in 0..column.len() {
        let id = column.get(row).as_units().map(|number| PersonId(number).to_string());
        printed.push(&id.map_or(Value::Null, |id| Value::text(&id))).expect("texts fit a text column");
    }
    printed.finish()
}
