//! The night: ingest → link → snapshot → determine → act → measure → publish, and what it leaves for the day.
//!
//! Orders the rooms below it and owns the tables of published nights. Deterministic and idempotent; what it writes
//! for one date is one transaction. It must not know a page or a terminal.

mod digest;
mod error;
mod exports;
mod inbox;
mod measuring;
mod night;
mod night_store;
mod now;
mod progress;
mod pushdown;
mod summarise;
mod summary;
mod whatif;
mod world;

use chrono::{DateTime, Utc};
use kernel::Date;
use std::path::PathBuf;
use store::{Database, Migration};

pub use error::CycleFault;
pub use inbox::list_files;
pub use measuring::{deadline, target};
pub use night::run;
pub use night_store::{
    Night, Outcomes, all as nights, latest as latest_night, on as night_on, outcomes, packs as night_packs,
};
pub use now::Now;
pub use progress::{Progress, Step, Unwatched};
pub use summary::{InDatabase, IndicatorLine, Lists, People, RuleCount, Summary, WorkChange, WorkCount};
pub use whatif::{Answer, Change, CostChange, Effect, RuleEffect, TownshipEffect, WhatIf, whatif};
pub use world::{Drill, World, catalogue, divisions, linking, load_pack, retention};

/// How a night is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder with the lists; absent is empty.
    pub inbox: PathBuf,
    /// Where lists go that were taken, sealed; none: they are deleted.
    pub archive: Option<PathBuf>,
    /// Folder of the Parquet snapshots.
    pub lake: PathBuf,
    /// Folder of the plain exports.
    pub out: PathBuf,
    pub packs: PathBuf,
    pub pack: String,
    pub as_of: Date,
    /// Takes lists dated after the night too.
    pub allow_future: bool,
    pub engine: Engine,
    /// When the run is recorded, for the audit trail.
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// What answers the rules about people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Our own, on columns in memory.
    #[default]
    Memory,
    /// The pack's SQL inside the database, held to what our own says of every row.
    Database,
}

/// The tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { context: "cycle", id: 1, name: "night", sql: include_str!("../sql/migrations/0001_night.sql") }];

/// The tables of every room, in the order in which they may refer to each other.
pub fn migrations() -> impl Iterator<Item = &'static Migration> {
    registry::MIGRATIONS.iter().chain(worklist::MIGRATIONS).chain(performance::MIGRATIONS).chain(MIGRATIONS)
}

/// Brings the database up to date.
///
/// # Errors
/// Those of the migrations.
pub fn migrate(database: &Database) -> Result<(), CycleFault> {
    database.migrate(migrations())?;
    Ok(())
}
