//! The plan clause by clause.

pub mod show;
