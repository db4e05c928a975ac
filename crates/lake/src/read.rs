//! Files back into tables.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use kernel::{Date, PersonId, parse_date};
use parquet::basic::{LogicalType, Type as Physical};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{Type, TypePtr};
use policy::column::{Column, ColumnBuilder, Population, Table};
use policy::value::{Value, ValueType};

use crate::decode::Lanes;
use crate::fault::LakeFault;
use crate::publish::entries;
use crate::schema::{self, COLUMNS_KEY, PERSON_ID, SCHEMA_KEY, SCHEMA_VERSION};
use crate::stretch;

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
    let id = schema::id_column(entity);
    let files = paths.iter().map(|path| Source::open(path)).collect::<Result<Vec<_>, LakeFault>>()?;
    let first = paths.first().map_or(Path::new(entity), PathBuf::as_path);
    let rows: usize = files.iter().map(|file| file.rows).sum();
    let mut types: BTreeMap<String, ValueType> = BTreeMap::new();
    for file in &files {
        file.types(|name| name == id || wanted(name), &mut types)?;
    }
    let ids = if types.remove(id).is_some() {
        let lanes = lanes(&files, id, None, rows)?;
        lanes.into_ids().ok_or_else(|| LakeFault::shape(first, "ids are not whole numbers"))?
    } else {
        (0..rows).map(|row| i64::try_from(row).expect("fewer than 2^63 rows")).collect()
    };
    let mut table = Table::new(entity, ids, BTreeMap::new()).expect("no column yet");
    for (name, ty) in types {
        let column = lanes(&files, &name, Some(ty), rows)?.into_column(ty);
        let column = column.ok_or_else(|| LakeFault::shape(first, format!("column {name} is not {ty}")))?;
        let column = if name == PERSON_ID { printed_ids(&column) } else { column };
        table.put(&name, column).map_err(|fault| LakeFault::shape(first, fault.to_string()))?;
    }
    Ok(table)
}

/// What a file says about itself under a key, such as `yilian.pack`.
///
/// # Errors
/// As [`read`].
pub fn note(path: &Path, key: &str) -> Result<Option<String>, LakeFault> {
    Ok(Source::open(path)?.note(key).map(str::to_owned))
}

/// One column of all files, of ids without a type: a whole column at a time keeps little memory in use.
fn lanes(files: &[Source<'_>], name: &str, ty: Option<ValueType>, rows: usize) -> Result<Lanes, LakeFault> {
    let narrow = matches!(ty, Some(ValueType::Int | ValueType::Fen | ValueType::Decimal(_)));
    let mut lanes: Option<Lanes> = None;
    let mut before = 0;
    for file in files {
        let fields = file.fields();
        if let Some(at) = fields.iter().position(|field| field.name() == name) {
            let mut append = || -> parquet::errors::Result<Lanes> {
                let mut filled = match lanes.take() {
                    Some(lanes) => lanes,
                    None => Lanes::new(fields[at].get_physical_type(), narrow, before, rows)?,
                };
                for group in file.metadata.row_groups() {
                    let pages = stretch::pages(&file.file, group, at)?;
                    filled.append(group, at, fields[at].is_optional(), pages)?;
                }
                Ok(filled)
            };
            lanes = Some(append().map_err(LakeFault::parquet(file.path))?);
        } else if let Some(lanes) = &mut lanes {
            lanes.append_unknown(file.rows);
        }
        before += file.rows;
    }
    lanes.ok_or_else(|| LakeFault::shape(Path::new(name), "no file has this column"))
}

/// A file with its footer read.
struct Source<'p> {
    path: &'p Path,
    file: File,
    metadata: ParquetMetaData,
    rows: usize,
}

impl<'p> Source<'p> {
    fn open(path: &'p Path) -> Result<Self, LakeFault> {
        let file = File::open(path).map_err(LakeFault::io("open", path))?;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).map_err(LakeFault::parquet(path))?;
        let rows = usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
        let source = Self { path, file, metadata, rows };
        let version = source.note(SCHEMA_KEY).and_then(|version| version.parse::<u32>().ok());
        if version.is_some_and(|version| version > SCHEMA_VERSION) {
            return Err(LakeFault::shape(path, "was written under a newer schema; use a newer program to read it"));
        }
        Ok(source)
    }

    fn note(&self, key: &str) -> Option<&str> {
        self.metadata.file_metadata().key_value_metadata()?.iter().find(|kv| kv.key == key)?.value.as_deref()
    }

    fn fields(&self) -> &[TypePtr] {
        self.metadata.file_metadata().schema().get_fields()
    }

    /// Adds the types of the wanted columns that are not known yet.
    fn types(&self, wanted: impl Fn(&str) -> bool, types: &mut BTreeMap<String, ValueType>) -> Result<(), LakeFault> {
        let own: BTreeMap<String, String> =
            self.note(COLUMNS_KEY).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        for field in self.fields().iter().filter(|field| wanted(field.name())) {
            if !types.contains_key(field.name()) {
                let named = own.get(field.name()).and_then(|name| schema::type_of_name(name));
                let ty = named.or_else(|| type_of_field(field));
                let ty = ty.ok_or_else(|| {
                    LakeFault::shape(
                        self.path,
                        format!(
                            "column {} is of a type that is not read; make it text, a number or a date",
                            field.name()
                        ),
                    )
                })?;
                types.insert(field.name().to_owned(), ty);
            }
        }
        Ok(())
    }
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
        // a count of microseconds is no number that anyone means
        (_, Some(LogicalType::Timestamp(_) | LogicalType::Time(_))) => return None,
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
