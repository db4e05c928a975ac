//! Policy packs: a jurisdiction's plan as data, checked, compiled and answered for every person.
//!
//! Pure and synchronous: it knows no database and no page, and reads files only in `load`.

pub mod column;
pub mod model;
pub mod value;

mod fault;

pub use fault::PackFault;
pub use model::{Outcome, Pack};
