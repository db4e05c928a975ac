//! Between HTTP and the pages: what a request asks for, who may ask, what goes wrong.

mod admit;
mod ask;
pub mod flood;
mod guard;
mod problem;
mod problem_json;
mod squeeze;
mod token;
mod viewer;
mod zero;

pub use admit::{admit, signed};
pub use ask::{Ask, is_machine};
pub use flood::{Flood, Rate, Rates};
pub use guard::{headers, same_site};
pub use problem::{FieldFault, Problem, dress};
pub use problem_json::{ProblemShape, refusals};
pub use squeeze::{gzip, squeeze, takes_gzip};
pub use viewer::{Viewer, Within};
pub use zero::no_zero;
