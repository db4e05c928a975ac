//! The plan as data: rules, parameters, and what a draft would change.

pub mod parameters;
pub mod rule;
pub mod rules;
pub mod show;
pub mod whatif;
