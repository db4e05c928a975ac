//! From a row of text to checked values: what each cell means, and everything that is wrong with it.
//!
//! Knows the source's columns and the division table. It does not know who a row is about, only the ID number
//! it gives; and it writes nothing.

mod cell;
mod division_names;
mod fault;
mod mask;
mod reader;

pub use division_names::DivisionNames;
pub use fault::{FaultCode, RowFault};
pub use mask::{mask, neutral};
pub(crate) use reader::Values;
pub use reader::{Checked, IdCell, RowReader};

/// Parts the values of a statement; no cell may hold it.
pub const SEPARATOR: char = '\u{1f}';
