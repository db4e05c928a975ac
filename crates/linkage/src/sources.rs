//! Parameters source by source: each list has its own share of known people and its own slips.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::model::{Model, Origin, Parameters, ParametersFault};
use crate::spec::Spec;
use crate::train::Learner;

/// Parameters that are kept from one run to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Learned from all rows.
    pub all: Parameters,
    /// By the label of the source, where the spec names a column of labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source: BTreeMap<String, Parameters>,
}

/// What rows are judged by.
#[derive(Clone, Debug)]
pub struct Models {
    pub all: Model,
    /// One for each label of the right rows, in their order.
    pub of_source: Vec<Model>,
}

/// A source with fewer rows takes the parameters of all sources.
pub const FEWEST_ROWS: usize = 200;

impl Models {
    /// Learns, for all rows and for each source. Where learning does not settle, a source takes what was learned from
    /// all rows, and all rows take the stated defaults; [`Model::origin`] says which.
    #[must_use]
    pub fn learn(learner: &Learner<'_>, data: &Data) -> Self {
        let all = learner.learn(None);
        let of_source = (0..data.right().labels.len()).map(|source| of_source(learner, data, source, &all)).collect();
        Self { all, of_source }
    }

    /// From parameters that were kept; a source that has none yet is learned.
    ///
    /// # Errors
    /// When they do not fit the spec.
    pub fn from_kept<'a>(
        kept: &Kept,
        spec: &Spec,
        data: &Data,
        learner: impl FnOnce() -> Learner<'a>,
    ) -> Result<Self, ParametersFault> {
        let all = Model::from_parameters(&kept.all, spec, data)?;
        let labels = &data.right().labels;
        let is_new = labels.iter().any(|label| !kept.source.contains_key(label));
        let learner = is_new.then(learner);
        let one = |(source, label): (usize, &String)| match (kept.source.get(label), &learner) {
            (Some(parameters), _) => Model::from_parameters(parameters, spec, data),
            (None, Some(learner)) => Ok(of_source(learner, data, source, &all)),
            (None, None) => Ok(Model { origin: shared_origin(&all), ..all.clone() }),
        };
        let of_source = labels.iter().enumerate().map(one).collect::<Result<_, _>>()?;
        Ok(Self { all, of_source })
    }

    /// In the form that is kept.
    #[must_use]
    pub fn kept(&self, spec: &Spec, data: &Data) -> Kept {
        let labels = data.right().labels.iter().cloned();
        let source = labels.zip(self.of_source.iter().map(|model| model.parameters(spec))).collect();
        Kept { all: self.all.parameters(spec), source }
    }

    /// The model for a right row.
    #[must_use]
    pub fn of(&self, data: &Data, right: u32) -> &Model {
        self.of_source.get(self.place(data, right)).unwrap_or(&self.all)
    }

    /// The place of a right row's model among all: its source's, the last for rows without one.
    #[must_use]
    pub fn place(&self, data: &Data, right: u32) -> usize {
        data.right().label_of.get(right as usize).map_or(self.of_source.len(), |label| *label as usize)
    }

    /// All models: of the sources in their order, last that of all rows.
    pub fn each(&self) -> impl Iterator<Item = &Model> {
        self.of_source.iter().chain([&self.all])
    }
}

fn of_source(learner: &Learner<'_>, data: &Data, source: usize, all: &Model) -> Model {
    let labels = &data.right().label_of;
    let rows: Vec<u32> =
        (0..).zip(labels).filter(|(_, label)| **label as usize == source).map(|(row, _)| row).collect();
    if rows.len() >= FEWEST_ROWS {
        let own = learner.learn(Some(&rows));
        if own.origin == Origin::Learned {
            return own;
        }
    }
    Model { origin: shared_origin(all), ..all.clone() }
}

fn shared_origin(all: &Model) -> Origin {
    if all.origin == Origin::Defaults { Origin::Defaults } else { Origin::AllSources }
}
