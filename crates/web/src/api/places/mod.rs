//! Places of care: what the lists say of each.

pub mod list;
