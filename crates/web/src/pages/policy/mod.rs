//! The policy pack: rules, parameters, cases, SQL, and what a draft would change.

pub mod parameters;
pub mod rules;
pub mod sql;
pub mod whatif;
