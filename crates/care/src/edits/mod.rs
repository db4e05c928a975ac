//! Fields of a person that visitors change. Two changes made from the same value are both kept until a person decides;
//! nothing is overwritten.

mod decide;
mod queries;
mod record;

pub(crate) use decide::decide_in_the_field;
pub use decide::{Decided, decide};
pub use queries::{Dispute, Edit, disputes, standing_of};
pub(crate) use record::record;

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is what is known.
    Current,
    /// A later change was made with this one in sight.
    Superseded,
    /// It said what stood there already.
    Agreed,
    /// It and another were made without knowing of each other.
    Conflict,
    /// A person kept another one.
    Dropped,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Superseded => "superseded",
            Self::Agreed => "agreed",
            Self::Conflict => "conflict",
            Self::Dropped => "dropped",
        }
    }
}
