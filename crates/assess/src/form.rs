//! A filled-in form, before any scale has looked at it.

use std::collections::BTreeMap;

/// What an assessor ticked and noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Item code and answer in the order given; an item left open is simply not here.
    pub answers: Vec<(String, Answer)>,
    /// Yes/no fields; an absent one means no.
    pub flags: BTreeMap<String, bool>,
    /// Diagnosis codes by field; absent means none.
    pub diagnoses: BTreeMap<String, Vec<String>>,
    /// Numbers of events by field, all kinds added up; absent means none.
    pub events: BTreeMap<String, u64>,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Score(i64),
    /// Something that is no score at all: text, a fraction, a number beyond any scale.
    NotAScore,
}

/// Why a form can't be scored. Messages name items, never answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// In the order of the input.
    #[error("not an item of this scale: {}", items.join(", "))]
    NotAnItem { items: Vec<String> },
    /// In the order of the form.
    #[error("no answer for {}", items.join(", "))]
    MissingItem { items: Vec<String> },
    /// In the order of the form.
    #[error("the answer is none of the options of {}", items.join(", "))]
    OutOfRange { items: Vec<String> },
}

impl FormFault {
    /// The stable code other programs rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnItem { .. } => "not_an_item",
            Self::MissingItem { .. } => "missing_item",
            Self::OutOfRange { .. } => "out_of_range",
        }
    }

    /// The items concerned.
    #[must_use]
    pub fn items(&self) -> &[String] {
        match self {
            Self::NotAnItem { items } | Self::MissingItem { items } | Self::OutOfRange { items } => items,
        }
    }
}

impl Form {
    /// Adds a score.
    #[must_use]
    pub fn score(mut self, item: &str, score: i64) -> Self {
        self.answers.push((item.to_owned(), Answer::Score(score)));
        self
    }

    /// Sets a yes/no field.
    #[must_use]
    pub fn flag(mut self, field: &str, value: bool) -> Self {
        self.flags.insert(field.to_owned(), value);
        self
    }

    /// Adds a diagnosis code.
    #[must_use]
    pub fn diagnosis(mut self, field: &str, code: &str) -> Self {
        self.diagnoses.entry(field.to_owned()).or_default().push(code.to_owned());
        self
    }

    /// Adds events of one kind.
    #[must_use]
    pub fn events(mut self, field: &str, count: u64) -> Self {
        let all = self.events.entry(field.to_owned()).or_default();
        *all = all.saturating_add(count);
        self
    }
}
