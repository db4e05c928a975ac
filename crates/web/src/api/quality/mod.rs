//! How good the departments' lists are.

pub mod months;
