//! Assessments of ability: two assessors answer alone, each signs; where they differ they settle it; then it counts.

mod answer;
mod compare;
mod queries;
mod settle;

use serde::{Deserialize, Serialize};

use crate::operation::Answers;

pub(crate) use answer::answer;
pub use compare::{Difference, differences};
pub use queries::{AssessmentLine, Sheet, of_person};
pub(crate) use settle::{agree, propose};

/// How far an assessment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// One has answered.
    Open,
    /// Both have, and differ.
    Differs,
    /// One has proposed what both should have answered.
    Proposed,
    Done,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Differs => "differs",
            Self::Proposed => "proposed",
            Self::Done => "done",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Open, Self::Differs, Self::Proposed, Self::Done].into_iter().find(|state| state.name() == text)
    }
}

/// What stands sealed in an assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sealed {
    pub proposal: Option<Proposal>,
    pub outcome: Option<Scored>,
}

/// What one of the two proposes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Proposal {
    pub operation: String,
    pub by: i64,
    pub answers: Answers,
    pub reason: String,
}

/// The result, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Scored {
    pub answers: Answers,
    pub total: i64,
    pub subtotals: Vec<(String, i64)>,
    pub preliminary_level: i64,
    pub final_level: i64,
    pub adjustments: Vec<String>,
}

impl Answers {
    /// As the scale reads it.
    #[must_use]
    pub fn form(&self, scale: &assess::Scale) -> assess::Form {
        let mut form = assess::Form::default();
        for (item, score) in &self.items {
            form = form.score(item, *score);
        }
        for evidence in scale.adjustments.iter().map(|adjustment| &adjustment.evidence) {
            match evidence {
                assess::Evidence::Flag { field } => form = form.flag(field, self.coma),
                assess::Evidence::Diagnosis { field, .. } => {
                    for code in &self.diagnoses {
                        form = form.diagnosis(field, code);
                    }
                }
                assess::Evidence::Events { field, .. } => {
                    for count in self.events.values() {
                        form = form.events(field, u64::from(*count));
                    }
                }
            }
        }
        form
    }
}
