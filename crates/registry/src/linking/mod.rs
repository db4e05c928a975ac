//! Who a row is about when its number does not say: compared, linked, asked, decided.
//!
//! Rules are data (`packs/national/linkage.toml`), scoring is the `linkage` room's. What is kept of a comparison are
//! levels and weights; names and numbers stay sealed and are opened in memory only.

mod alias;
mod compare;
mod evidence;
pub mod merge;
mod night;
mod queue;
mod rules;
pub(crate) mod store;
mod waiting;

pub use alias::Aliases;
pub use evidence::{Evidence, FieldEvidence, Moved};
pub use night::Linked;
pub use queue::{Choice, Question, QuestionLine, open, show};
pub use rules::{Decisions, RowsOf, Rules, RulesFault};
pub use store::State;
pub(crate) use waiting::is_id_column;

/// What is compared, by the names `linkage.toml` uses.
pub const FIELDS: [&str; 7] = ["id_number", "name", "birth_date", "sex", "phone", "address", "residence_division"];
