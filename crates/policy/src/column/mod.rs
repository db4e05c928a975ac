//! The population as columns in memory: bits, columns, tables of one entity, all tables together.
//!
//! Columns are what the rule engine reads and what Parquet files hold. Nothing here knows a rule.

mod bits;
mod build;
mod data;
mod sparse;
mod table;

pub use bits::Bits;
pub use build::{ColumnBuilder, TableBuilder, TableFault};
pub use data::{Column, ColumnData, Meanings};
pub use sparse::Sparse;
pub use table::{Groups, Population, Table};
