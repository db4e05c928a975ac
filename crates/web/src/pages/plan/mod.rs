//! The plan clause by clause.

pub mod cells;
pub mod export;
pub mod show;
