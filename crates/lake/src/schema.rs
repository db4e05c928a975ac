//! How types of facts appear in a file, and what a file says about itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::{Type, TypePtr};
use policy::value::ValueType;

/// Raised whenever a column is renamed, removed or changes its meaning or type; a new column leaves it.
pub const SCHEMA_VERSION: u32 = 1;

/// The key under which a file keeps the types of its columns.
pub(crate) const COLUMNS_KEY: &str = "yilian.columns";
pub(crate) const ENTITY_KEY: &str = "yilian.entity";
pub(crate) const SCHEMA_KEY: &str = "yilian.schema_version";

/// A person's number is a whole number in every file, so that files join on it.
pub(crate) const PERSON_ID: &str = "person_id";

/// The name of the column that holds the rows' own ids.
pub(crate) fn id_column(entity: &str) -> &'static str {
    if entity == "person" { PERSON_ID } else { "id" }
}

/// The type's name in a file's metadata, such as `fen` or `decimal:3`.
pub(crate) fn type_name(ty: ValueType) -> String {
    match ty {
        ValueType::Decimal(scale) => format!("decimal:{scale}"),
        other => other.name().to_owned(),
    }
}

pub(crate) fn type_of_name(name: &str) -> Option<ValueType> {
    Some(match name {
        "bool" => ValueType::Bool,
        "int" => ValueType::Int,
        "fen" => ValueType::Fen,
        "float" => ValueType::Float,
        "date" => ValueType::Date,
        "text" => ValueType::Text,
        other => ValueType::Decimal(other.strip_prefix("decimal:")?.parse().ok()?),
    })
}

/// How the type is stored, for people: `DECIMAL(18, 2)`.
pub(crate) fn stored_as(ty: ValueType) -> String {
    match ty {
        ValueType::Bool => "BOOLEAN".to_owned(),
        ValueType::Int => "INT64".to_owned(),
        ValueType::Fen => "DECIMAL(18, 2) on INT64".to_owned(),
        ValueType::Decimal(scale) => format!("DECIMAL(18, {scale}) on INT64"),
        ValueType::Float => "DOUBLE".to_owned(),
        ValueType::Date => "DATE on INT32".to_owned(),
        ValueType::Text => "STRING".to_owned(),
    }
}

/// A required id and nullable columns.
pub(crate) fn parquet_schema<'a>(
    id_name: &str,
    columns: impl Iterator<Item = (&'a str, ValueType)>,
) -> Result<TypePtr> {
    let mut fields = vec![Arc::new(
        Type::primitive_type_builder(id_name, Physical::INT64).with_repetition(Repetition::REQUIRED).build()?,
    )];
    for (name, ty) in columns {
        let (physical, logical, precision, scale) = match ty {
            ValueType::Bool => (Physical::BOOLEAN, None, -1, -1),
            ValueType::Int => (Physical::INT64, None, -1, -1),
            ValueType::Fen => (Physical::INT64, Some(LogicalType::decimal(2, 18)), 18, 2),
            ValueType::Decimal(s) => (Physical::INT64, Some(LogicalType::decimal(s.into(), 18)), 18, s.into()),
            ValueType::Float => (Physical::DOUBLE, None, -1, -1),
            ValueType::Date => (Physical::INT32, Some(LogicalType::Date), -1, -1),
            ValueType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), -1, -1),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .with_precision(precision)
            .with_scale(scale);
        fields.push(Arc::new(field.build()?));
    }
    Ok(Arc::new(Type::group_type_builder("row").with_fields(fields).build()?))
}

/// What every file says: whose rows, under which schema, with which types, and what the caller adds.
pub(crate) fn metadata<'a>(
    entity: &str,
    columns: impl Iterator<Item = (&'a str, ValueType)>,
    more: &[(&str, String)],
) -> Vec<KeyValue> {
    let types: BTreeMap<&str, String> = columns.map(|(name, ty)| (name, type_name(ty))).collect();
    let types = serde_json::to_string(&types).expect("a map of texts is JSON");
    let own = [(SCHEMA_KEY, SCHEMA_VERSION.to_string()), (ENTITY_KEY, entity.to_owned()), (COLUMNS_KEY, types)];
    own.iter().chain(more).map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect()
}
