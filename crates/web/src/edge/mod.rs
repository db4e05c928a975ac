//! Between HTTP and the pages: what a request asks for, who may ask, what goes wrong.

mod ask;
mod guard;
mod problem;

pub use ask::Ask;
pub use guard::{headers, same_site};
pub use problem::{FieldFault, Problem, dress};
