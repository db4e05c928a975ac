//! How far the plan is met: indicators measured against target and deadline, the duties of departments, and the
//! official document a plan is read against.
//!
//! Owns the tables `indicator_value` and `duty_report` and the folder of attached documents. It must not know where
//! people come from or how a condition is evaluated: it is given counts and judges them by the pack.

pub mod document;
mod duties;
mod judge;
mod record;
mod report;

pub use duties::{Duty, DutyReport, DutyState, Withdrawal, duties};
pub use judge::{Judgement, State, judge};
pub use record::{Measured, PerformanceError, last_of_period, measured_on, record};
pub use report::{DutyFault, Field, NewReport, Recording, report, withdraw};

/// The tables of this room.
pub const MIGRATIONS: &[store::Migration] = &[
    step(1, "indicator_value", include_str!("../sql/migrations/0001_indicator_value.sql")),
    step(2, "duty_evidence", include_str!("../sql/migrations/0002_duty_evidence.sql")),
];

const fn step(id: u32, name: &'static str, sql: &'static str) -> store::Migration {
    store::Migration { context: "performance", id, name, sql }
}
