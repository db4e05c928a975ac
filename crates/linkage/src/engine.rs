//! The whole run over data in memory: block, learn, compare, decide.

use crate::assign::{Scored, one_to_one, probabilities};
use crate::block::Index;
use crate::data::Data;
use crate::model::{Model, Origin, ParametersFault};
use crate::score::{Agreement, Bounds, Comparer, Tables, agreements, ratio};
use crate::sources::{Kept, Models};
use crate::spec::Spec;
use crate::train::{Effort, Learner};

/// What a run has to say while it works.
pub trait Progress {
    fn say(&mut self, line: &str);
}

impl<F: FnMut(&str)> Progress for F {
    fn say(&mut self, line: &str) {
        self(line);
    }
}

/// Everything that a pair is judged by.
#[derive(Clone, Debug)]
pub struct Engine<'a> {
    pub spec: &'a Spec,
    pub data: &'a Data,
    pub index: Index,
    pub models: Models,
    agreements: Vec<Vec<Agreement>>,
}

/// A pair with what a person needs to see why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    pub left: u32,
    pub right: u32,
    pub probability: f64,
    /// Level and weight in bits of each field.
    pub fields: Vec<(u8, f64)>,
}

/// Pairs with lower odds are forgotten at once.
const LEAST_ODDS: f64 = 1e-3;

impl<'a> Engine<'a> {
    /// Builds the index and learns, or takes the parameters kept.
    ///
    /// # Errors
    /// When the parameters do not fit the spec.
    pub fn prepare(
        spec: &'a Spec,
        data: &'a Data,
        kept: Option<&Kept>,
        progress: &mut dyn Progress,
    ) -> Result<Self, ParametersFault> {
        let index = Index::build(spec, data);
        progress.say(&format!("{} blocking passes", spec.blocks.len()));
        if index.cut_rows > 0 {
            progress.say(&format!(
                "{} rows lie in blocks too large after every split; they met their nearest neighbours only",
                index.cut_rows
            ));
        }
        let agreements = agreements(spec, data);
        let learner = || Learner::new(spec, data, &index, &agreements, Effort::default());
        let models = match kept {
            Some(kept) => Models::from_kept(kept, spec, data, learner)?,
            None => Models::learn(&learner(), data),
        };
        let engine = Self { spec, data, index, models, agreements };
        engine.tell(kept, progress);
        Ok(engine)
    }

    fn tell(&self, kept: Option<&Kept>, progress: &mut dyn Progress) {
        let said = |model: &Model, was_kept: bool| match (was_kept, model.origin) {
            (true, _) => "took the parameters given".to_owned(),
            (false, Origin::Learned) => format!("learned parameters in {} rounds", model.rounds),
            (false, Origin::AllSources) => {
                "too few rows, or learning did not settle: parameters of all sources are used".to_owned()
            }
            (false, Origin::Defaults) => "learning did not settle: stated default parameters are used".to_owned(),
        };
        progress.say(&said(&self.models.all, kept.is_some()));
        for (label, model) in self.data.right().labels.iter().zip(&self.models.of_source) {
            let was_kept = kept.is_some_and(|kept| kept.source.contains_key(label));
            let label = if label.is_empty() { "rows without a source" } else { label };
            progress.say(&format!("{label}: {}", said(model, was_kept)));
        }
    }

    /// The tables to score a right row by.
    #[must_use]
    pub fn tables(&self, right: u32) -> Tables<'_> {
        self.tables_by(self.models.of(self.data, right))
    }

    fn tables_by<'m>(&'m self, model: &'m Model) -> Tables<'m> {
        Tables::new(self.spec, self.data, model).with(&self.agreements)
    }

    /// All pairs worth reporting, decided; in the order of right rows.
    #[must_use]
    pub fn link(&self, threads: usize, progress: &mut dyn Progress) -> Vec<Scored> {
        let tables: Vec<Tables<'_>> = self.models.each().map(|model| self.tables_by(model)).collect();
        let rights = self.data.right().len();
        let chunk = rights.div_ceil(threads.max(1)).max(1);
        let mut pairs: Vec<Scored> = Vec::new();
        let mut compared = 0;
        std::thread::scope(|scope| {
            let tables = &tables;
            let start = |from: usize| scope.spawn(move || self.score(tables, from..(from + chunk).min(rights)));
            let running: Vec<_> = (0..rights).step_by(chunk).map(start).collect();
            for thread in running {
                match thread.join() {
                    Ok((found, count)) => {
                        compared += count;
                        if pairs.is_empty() {
                            pairs = found;
                        } else {
                            pairs.extend(found);
                        }
                    }
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        progress.say(&format!("compared {compared} pairs, {} have a chance", pairs.len()));
        let lefts = self.data.left.len();
        let is_one_to_one = self.models.all.one_to_one;
        probabilities(&mut pairs, is_one_to_one, lefts, rights);
        pairs.retain(|pair| pair.probability >= self.spec.report);
        if is_one_to_one { one_to_one(pairs, lefts, rights) } else { pairs }
    }

    fn score(&self, tables: &[Tables<'_>], rights: std::ops::Range<usize>) -> (Vec<Scored>, u64) {
        let mut comparer = Comparer::new(self.spec, self.data);
        let mut bounds: Vec<Bounds<'_>> = tables.iter().map(|tables| Bounds::new(tables, LEAST_ODDS)).collect();
        let mut found = Vec::new();
        let mut compared = 0;
        let mut candidates = Vec::new();
        let mut levels = vec![0; self.spec.fields.len()];
        let touched = self.touched();
        for right in rights {
            let right = right as u32;
            self.index.candidates(right, &mut candidates);
            if candidates.is_empty() {
                continue;
            }
            compared += candidates.len() as u64;
            comparer.take(self.data.right().row(right));
            let place = self.models.place(self.data, right);
            let (tables, bounds) = (&tables[place], &mut bounds[place]);
            let prior = tables.model.prior_odds();
            bounds.take(self.data.right().row(right));
            self.touch(&touched, candidates.iter().copied());
            for left in &candidates {
                let row = self.data.left.row(*left);
                if !comparer.levels_within(row, bounds, &mut levels) {
                    continue;
                }
                let odds = prior * ratio(&tables.classes(row, &levels));
                if odds >= LEAST_ODDS {
                    found.push(Scored { left: *left, right, odds: odds.min(1e30), probability: 0.0 });
                }
            }
        }
        (found, compared)
    }

    /// Fields whose values have more to be read than their number.
    fn touched(&self) -> Vec<usize> {
        (0..self.data.left.fields).filter(|field| self.data.values(*field).has_facts()).collect()
    }

    /// Reads what comparing some left rows reads first, all together, so that waiting for memory overlaps.
    fn touch(&self, fields: &[usize], lefts: impl Iterator<Item = u32> + Clone) {
        std::hint::black_box(lefts.clone().fold(0, |all, left| all ^ self.data.left.row(left)[0]));
        for field in fields {
            let values = self.data.values(*field);
            let touch = |all: u32, left: u32| all ^ values.touch(self.data.left.row(left)[*field]);
            std::hint::black_box(lefts.clone().fold(0, touch));
        }
    }

    /// The level and weight of every field of some pairs.
    #[must_use]
    pub fn explain(&self, pairs: &[Scored]) -> Vec<Explained> {
        let tables: Vec<Tables<'_>> = self.models.each().map(|model| self.tables_by(model)).collect();
        let mut comparer = Comparer::new(self.spec, self.data);
        let mut levels = vec![0; self.spec.fields.len()];
        let mut explain = |pair: &Scored| {
            let tables = &tables[self.models.place(self.data, pair.right)];
            comparer.take(self.data.right().row(pair.right));
            let row = self.data.left.row(pair.left);
            comparer.levels(row, &mut levels);
            let weights = tables.weights(row, &levels);
            let fields = tables.plain_levels(&levels).zip(weights).collect();
            Explained { left: pair.left, right: pair.right, probability: pair.probability, fields }
        };
        let touched = self.touched();
        let mut explained = Vec::with_capacity(pairs.len());
        for pairs in pairs.chunks(64) {
            self.touch(&touched, pairs.iter().map(|pair| pair.left));
            explained.extend(pairs.iter().map(&mut explain));
        }
        explained
    }

    /// One pair, whether or not it met in a block; as if it had no rival.
    #[must_use]
    pub fn explain_pair(&self, left: u32, right: u32) -> Explained {
        let tables = self.tables(right);
        let mut comparer = Comparer::of(&tables);
        let mut levels = vec![0; self.spec.fields.len()];
        comparer.take(self.data.right().row(right));
        let row = self.data.left.row(left);
        comparer.levels(row, &mut levels);
        let odds = tables.model.prior_odds() * ratio(&tables.classes(row, &levels));
        let fields = tables.plain_levels(&levels).zip(tables.weights(row, &levels)).collect();
        Explained { left, right, probability: odds / (1.0 + odds), fields }
    }
}
