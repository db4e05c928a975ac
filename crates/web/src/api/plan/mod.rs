//! The plan: its clauses, the duties of departments, evidence that they were done.

pub mod clauses;
pub mod duties;
pub mod report;
pub mod withdraw;
