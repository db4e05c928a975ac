//! Consultations from the desk: laying a draft open, deciding about comments, answering by themes.

mod act;
mod index;
mod show;

pub use act::{answer, comment, theme};
pub use index::{open, show as list};
pub use show::show;
