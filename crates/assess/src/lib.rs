//! Assessments: a scale is data, a form is what an assessor ticked, the answer is a level with its grounds.
//!
//! The interpreter sums item scores into groups and a total, reads the level from bands and applies the
//! scale's adjustments. Every item, score, cut-off and adjustment comes from a file in a pack; none is named
//! here. It knows no database, no page and no person: only [`Scale::load`] and [`check_cases`] touch files.

mod cases;
mod check;
mod form;
mod icd10;
mod json_form;
mod jsonl;
mod load;
mod scale;
mod score;
#[cfg(test)]
mod tests;

pub use cases::check_cases;
pub use form::{Answer, Form, FormFault};
pub use icd10::{Icd10Range, Icd10RangeFault};
pub use jsonl::{JsonlSummary, jsonl};
pub use load::ScaleFault;
pub use scale::{Adjustment, AnswerOption, Effect, Evidence, Group, Item, Level, RaiseLimit, Scale, Validity};
pub use score::Assessment;
