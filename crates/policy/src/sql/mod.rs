//! A program as one SELECT in standard SQL, for databases that hold the population themselves.
//!
//! The statement reads a table named like the entity (`person`) with its id (`person_id`) and a column per fact read,
//! and gives the id, each rule's outcome under its id (true, false, null; 1, 0, null on SQLite) and each amount under
//! `<rule>__amount`, ordered by id. Facts: dates as DATE (ISO text on SQLite), fen as whole numbers, decimals as
//! numbers, text by bytes. Parameters and the date are written in.
//!
//! Where a whole number leaves 64 bits the engine says null and a database stops with an error.

mod dates;
mod expr;
mod layers;
mod sums;

use std::fmt::Write as _;
use std::sync::Arc;

use kernel::Date;

use self::layers::Layers;
pub use self::sums::{Sums, sums};
use crate::program::Program;
use crate::value::ValueType;

/// Whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Postgres,
    Sqlite,
    Datafusion,
}

impl Dialect {
    /// `postgres`, `sqlite`, `datafusion`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Datafusion => "datafusion",
        }
    }

    /// Common table expressions are computed once; DataFusion has no word for it.
    const fn materialized(self) -> &'static str {
        match self {
            Self::Postgres | Self::Sqlite => "AS MATERIALIZED",
            Self::Datafusion => "AS",
        }
    }

    const fn type_name(self, ty: ValueType) -> &'static str {
        match (ty, self) {
            (ValueType::Bool, Self::Sqlite) => "INTEGER",
            (ValueType::Bool, _) => "BOOLEAN",
            (ValueType::Int | ValueType::Fen | ValueType::Decimal(_) | ValueType::Date, Self::Sqlite) => "INTEGER",
            (ValueType::Int | ValueType::Fen | ValueType::Decimal(_) | ValueType::Date, _) => "BIGINT",
            (ValueType::Float, Self::Sqlite) => "REAL",
            (ValueType::Float, Self::Postgres) => "DOUBLE PRECISION",
            (ValueType::Float, Self::Datafusion) => "DOUBLE",
            (ValueType::Text, Self::Datafusion) => "VARCHAR",
            (ValueType::Text, _) => "TEXT",
        }
    }
}

/// Columns of a table that holds the rows of several installations: each numbers its people from 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Apart<'a> {
    /// Whose row it is: households stay within it, and the answers are ordered by it before the id.
    pub within: Option<&'a str>,
    /// Columns that are handed on with the answers.
    pub carried: &'a [&'a str],
}

impl Apart<'_> {
    fn columns(&self) -> impl Iterator<Item = String> {
        self.within.iter().chain(self.carried).map(|name| quoted(name))
    }
}

/// The rules about people as one SELECT, with parameters as in force on `as_of`.
#[must_use]
pub fn print(program: &Program, dialect: Dialect, as_of: Date) -> String {
    print_entity(program, dialect, "person", as_of)
}

/// The same over the rows of several installations: what tells them apart comes before the id.
#[must_use]
pub fn print_apart(program: &Program, dialect: Dialect, as_of: Date, apart: Apart<'_>) -> String {
    statement(&Layers::new(program, dialect, "person", as_of, apart), dialect, "person", as_of, apart)
}

/// The rules of one entity as one SELECT.
///
/// Figures over the rows inside a division are not part of it: rules that need one are left out.
#[must_use]
pub fn print_entity(program: &Program, dialect: Dialect, entity: &str, as_of: Date) -> String {
    let apart = Apart::default();
    statement(&Layers::new(program, dialect, entity, as_of, apart), dialect, entity, as_of, apart)
}

fn statement(layers: &Layers<'_>, dialect: Dialect, entity: &str, as_of: Date, apart: Apart<'_>) -> String {
    let id = quoted(&id_column(entity));
    let outputs: Vec<_> = apart.columns().chain([id.clone()]).chain(layers.outputs()).collect();
    let order: Vec<_> = apart.within.map(quoted).into_iter().chain([id]).collect();
    let (mut sql, last) = with(layers, dialect, entity, as_of);
    let _ = write!(sql, "\nSELECT {}\nFROM s{last}\nORDER BY {}", outputs.join(",\n  "), order.join(", "));
    sql
}

/// The layers as common table expressions, and the number of the last.
fn with(layers: &Layers<'_>, dialect: Dialect, entity: &str, as_of: Date) -> (String, usize) {
    let mut sql = format!("-- rules of {entity} as of {as_of}\nWITH s0 {} (\n", dialect.materialized());
    let base: Vec<_> = layers.base().collect();
    let _ = write!(sql, "  SELECT {}\n  FROM {}\n)", base.join(",\n    "), quoted(entity));
    let mut last = 0;
    for (level, columns) in layers.levels() {
        let columns: Vec<_> = columns.into_iter().map(|(name, text)| format!("{text} AS {}", quoted(&name))).collect();
        let _ = write!(sql, ",\ns{level} {} (\n  SELECT s{last}.*,\n    ", dialect.materialized());
        let _ = write!(sql, "{}\n  FROM s{last}\n)", columns.join(",\n    "));
        last = level;
    }
    (sql, last)
}

/// The facts of an entity that the printed statement reads, with their types.
#[must_use]
pub fn columns(program: &Program, entity: &str, as_of: Date) -> Vec<(String, ValueType)> {
    let layers = Layers::new(program, Dialect::Sqlite, entity, as_of, Apart::default());
    layers.facts().map(|fact| (fact.key.clone(), fact.ty)).collect()
}

/// One rule in the printed statement: its id and, when it pays, the type of the amount that follows its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub rule: Arc<str>,
    pub amount: Option<ValueType>,
}

/// The answers of the printed statement, in the order of its columns after the id.
#[must_use]
pub fn answers(program: &Program, entity: &str, as_of: Date) -> Vec<Answer> {
    Layers::new(program, Dialect::Sqlite, entity, as_of, Apart::default()).answers().collect()
}

/// A temporary table of the entity as the printed statement reads it: first the id, then the facts of [`columns`]. It goes
/// with the transaction on PostgreSQL; see [`drop_table`].
#[must_use]
pub fn create_table(program: &Program, dialect: Dialect, entity: &str, as_of: Date) -> String {
    let mut sql = format!("CREATE TEMPORARY TABLE {} (\n  {} ", quoted(entity), quoted(&id_column(entity)));
    sql.push_str(dialect.type_name(ValueType::Int));
    sql.push_str(" PRIMARY KEY");
    for (key, ty) in columns(program, entity, as_of) {
        // A date is read from its ISO text, a decimal from a number.
        let held = match ty {
            ValueType::Date => ValueType::Text,
            ValueType::Decimal(_) => ValueType::Float,
            other => other,
        };
        let _ = write!(sql, ",\n  {} {}", quoted(&key), dialect.type_name(held));
    }
    sql.push_str(if dialect == Dialect::Postgres { "\n) ON COMMIT DROP" } else { "\n)" });
    sql
}

/// Tells the planner how full that table is; it takes a fresh one for empty.
#[must_use]
pub fn analyze_table(dialect: Dialect, entity: &str) -> Option<String> {
    (dialect == Dialect::Postgres).then(|| format!("ANALYZE pg_temp.{}", quoted(entity)))
}

/// Removes that table and no other.
#[must_use]
pub fn drop_table(dialect: Dialect, entity: &str) -> String {
    let schema = if dialect == Dialect::Postgres { "pg_temp" } else { "temp" };
    format!("DROP TABLE {schema}.{}", quoted(entity))
}

/// The column that holds the id of an entity's rows.
#[must_use]
pub fn id_of(entity: &str) -> String {
    id_column(entity)
}

/// The id of an entity's rows: `person_id`, `project_id` for a housing project, …
fn id_column(entity: &str) -> String {
    match entity {
        "housing_project" => "project_id".to_owned(),
        "division" => "code".to_owned(),
        other => format!("{other}_id"),
    }
}

/// A name in double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
