//! How a night tells how far it is.

/// The steps of a night, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Ingest,
    Link,
    Snapshot,
    Determine,
    Act,
    Measure,
    Publish,
}

impl Step {
    pub const ALL: [Self; 7] =
        [Self::Ingest, Self::Link, Self::Snapshot, Self::Determine, Self::Act, Self::Measure, Self::Publish];

    /// The word in logs and summaries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Link => "link",
            Self::Snapshot => "snapshot",
            Self::Determine => "determine",
            Self::Act => "act",
            Self::Measure => "measure",
            Self::Publish => "publish",
        }
    }
}

/// Who watches a night; a terminal, a log, nobody.
pub trait Progress {
    /// A step begins; `total` pieces of work where it is known.
    fn begin(&mut self, step: Step, total: Option<u64>);
    /// One more piece of the step is done; `what` names it (a file, a table), never a person.
    fn advance(&mut self, what: &str);
    /// The step is over.
    fn end(&mut self, step: Step);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&mut self, _step: Step, _total: Option<u64>) {}
    fn advance(&mut self, _what: &str) {}
    fn end(&mut self, _step: Step) {}
}
