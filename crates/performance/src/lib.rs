//! How far the plan is met: indicators measured against target and deadline, and the duties of departments.
//!
//! Owns the tables `indicator_value` and `duty_report`. It must not know where people come from or how a condition is
//! evaluated: it is given counts and judges them by the pack.

mod duties;
mod judge;
mod record;

pub use duties::{Duty, DutyReport, DutyState, duties, report};
pub use judge::{Judgement, State, judge};
pub use record::{Measured, PerformanceError, last_of_period, measured_on, record};

/// The tables of this room.
pub const MIGRATIONS: &[store::Migration] = &[store::Migration {
    context: "performance",
    id: 1,
    name: "indicator_value",
    sql: include_str!("../sql/migrations/0001_indicator_value.sql"),
}];
