//! Policy packs: a jurisdiction's plan as data, checked, compiled and answered for every person.
//!
//! Pure and synchronous: it knows no database and no page, and reads files only in `load`.

pub mod column;
pub mod model;
pub mod value;

mod check;
mod fault;
mod load;

pub use fault::PackFault;
pub use load::load;
pub use model::{Outcome, Pack};
