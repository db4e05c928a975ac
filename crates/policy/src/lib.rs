//! Policy packs: a jurisdiction's plan as data, checked, compiled and answered for every person.
//!
//! Pure and synchronous: it knows no database and no page, and reads files only in `load`.

pub mod column;
pub mod measure;
pub mod model;
pub mod sql;
pub mod value;

mod cases;
mod check;
mod describe;
mod determine;
mod diff;
mod engine;
pub mod explain;
mod expr;
mod fault;
pub mod inquiry;
mod load;
mod program;
#[cfg(test)]
mod sample;
mod show;
mod waiting;

pub use check::{CheckReport, Counts, ToConfirm, check};
pub use describe::{Element, Field, elements, fact_text, kind_name};
pub use determine::{Answered, determine_jsonl};
pub use diff::{Change, FieldChange, How, PackDiff, diff};
pub use engine::{Dates, Determinations, Paid, QueueOutcome, RuleOutcome, Truth};
pub use explain::{Explainer, Member, Reason, RuleAnswer};
pub use fault::PackFault;
pub use load::{load, pack_ids};
pub use measure::{IndicatorLine, IndicatorTable, VillageSum};
pub use model::{Outcome, Pack};
pub use program::Program;
pub use show::{show, show_json};
pub use waiting::Waiting;
