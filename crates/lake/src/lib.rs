//! The lake: the population of a day as Parquet files, by date and county, for any analyst's tools.
//!
//! It turns columns in memory into files and back and publishes a day's files as a whole or not at all. It
//! knows no database and no rule; what may leave for a file is decided by the data dictionary's sensitivity.

mod decode;
mod describe;
mod encode;
mod fault;
mod few;
mod file;
mod hybrid;
mod narrow;
mod outcomes;
mod packed;
mod pages;
mod partition;
mod publish;
mod read;
mod retain;
mod rows;
mod schema;
mod stretch;
#[cfg(test)]
mod tests;
mod write;

pub use describe::describe;
pub use fault::LakeFault;
pub use file::{write_outcomes, write_table};
pub use outcomes::{Amount, Outcomes, RuleOutcome, outcomes};
pub use publish::recover;
pub use read::{dates, note, read, read_columns, read_table};
pub use retain::{Retention, retain, size};
pub use schema::SCHEMA_VERSION;
pub use write::{Snapshot, Staged, Written, stage, write, write_outcomes_of_day};
