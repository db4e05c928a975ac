//! The plan clause by clause, the evidence of its duties, its official document.

pub mod cells;
mod clause;
pub mod document;
pub mod evidence;
pub mod export;
pub mod show;
