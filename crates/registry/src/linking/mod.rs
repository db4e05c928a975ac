//! Who a row is about when its number does not say: compared, linked, asked, decided.
//!
//! Rules are data (`packs/national/linkage.toml`), scoring is the `linkage` room's. What is kept of a comparison are
//! levels and weights; names and numbers stay sealed and are opened in memory only.

mod alias;
mod beside;
mod compare;
mod decide;
mod differ;
mod drawn;
pub(crate) mod everyone;
mod evidence;
mod fate;
mod keeping;
mod learned;
mod links;
mod many;
mod matching;
pub mod merge;
mod newcomer;
mod night;
mod opening;
mod pair;
mod queue;
mod rules;
pub(crate) mod store;
mod taken;
mod twins;
mod waiting;
mod word;

pub use alias::Aliases;
pub use beside::{Beside, FieldBeside, RowPlace, beside, names};
pub use decide::Outcome;
pub use differ::Piece;
pub use evidence::{Evidence, FieldEvidence, Moved};
pub use learned::{Learned, forget_learned, learned};
pub(crate) use many::{at_once, many_at_once};
pub use newcomer::are_unnumbered;
pub(crate) use newcomer::nobody;
pub use night::Linked;
pub use pair::{OpenPair, Other, Pair, Said, decided, decided_on, linked_to, open_pairs, pair, row_place, said};
pub use queue::{Choice, Question, QuestionLine, open, show};
pub use rules::{Below, Decisions, RowsOf, Rules, RulesFault};
pub use store::State;
pub(crate) use waiting::{is_id_column, linked_before};
pub use word::{By, DecisionFault};

/// How the engine's name begins, in decisions that are its own.
pub(crate) const ENGINE_WORD: &str = "linkage/";

/// What is compared, by the names `linkage.toml` uses.
pub const FIELDS: [&str; 7] = ["id_number", "name", "birth_date", "sex", "phone", "address", "residence_division"];
