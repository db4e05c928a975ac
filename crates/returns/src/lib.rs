//! What a county publishes upward and what a province holds of it: signed, versioned Parquet with a manifest.
//!
//! The county's side reads the lake and the measured indicators of a published night; the province's side verifies,
//! loads and says what is missing or behind. Counts of people too small to be told never leave. It must not know a
//! page, and opens no name or number.

mod agreement;
mod beside;
mod fault;
mod load;
mod make;
mod manifest;
mod protect;
mod sign;
mod status;
mod tables;
mod verify;

use store::Migration;

pub use agreement::Agreement;
pub use beside::{BesideLine, Figures, MeasuredLakes, Verdict};
pub use fault::{ReturnError, ReturnFault};
pub use load::{Loaded, load};
pub use make::{Made, Making, make};
pub use manifest::{FileLine, Manifest};
pub use sign::{Signer, Trust, create_key_file, trust, trusted, withdraw};
pub use status::{CountyLine, IndicatorLine, RuleLine, Standing, holds_any, indicators, rules, status};
pub use verify::{Verified, verify};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "returns",
    id: 1,
    name: "returns",
    sql: include_str!("../sql/migrations/0001_returns.sql"),
}];
