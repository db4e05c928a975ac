//! Between HTTP and the pages: what a request asks for, who may ask, what goes wrong.

mod admit;
mod ask;
mod guard;
mod problem;
mod viewer;

pub use admit::{admit, signed};
pub use ask::Ask;
pub use guard::{headers, same_site};
pub use problem::{FieldFault, Problem, dress};
pub use viewer::{Viewer, Within};
