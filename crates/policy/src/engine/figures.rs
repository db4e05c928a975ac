//! One figure per household, gathered block by block.

use super::exec::Runner;
use super::kernels::{Lanes, each_one};
use super::plan::FoldSpec;
use crate::expr::{Fold, Repr};

/// The figures of all households. `unknown` is empty when every figure is known.
pub enum Figure {
    Bits { truth: Vec<bool>, known: Vec<bool> },
    Whole { values: Vec<i64>, unknown: Vec<bool> },
    Float { values: Vec<f64>, unknown: Vec<bool> },
}

/// A fold under way.
pub struct Gathering {
    spec: FoldSpec,
    unknown: Vec<bool>,
    any_unknown: bool,
    /// Counts; for any and all, members true and members false.
    counts: Vec<i64>,
    against: Vec<bool>,
    floats: Vec<f64>,
    /// For least and greatest: whether a member came already.
    begun: Vec<bool>,
}

impl Gathering {
    pub fn new(spec: &FoldSpec, groups: usize) -> Self {
        let float = spec.repr == Repr::Float;
        let extreme = matches!(spec.fold, Fold::Min | Fold::Max);
        Self {
            spec: spec.clone(),
            unknown: vec![false; groups],
            any_unknown: false,
            counts: if float { vec![] } else { vec![0; groups] },
            against: if spec.fold == Fold::All { vec![false; groups] } else { vec![] },
            floats: if float { vec![0.0; groups] } else { vec![] },
            begun: if extreme { vec![false; groups] } else { vec![] },
        }
    }

    /// Takes in the rows of a block.
    pub fn add(&mut self, runner: &Runner<'_, '_>) {
        let arg = self.spec.arg;
        let groups = &runner.groups[runner.first..runner.first + runner.rows];
        let known = runner.known(arg);
        let unknown: Vec<u64> = known.iter().map(|word| !word).collect();
        each_one(&unknown, runner.rows, |row| {
            self.unknown[groups[row] as usize] = true;
            self.any_unknown = true;
        });
        match self.spec.fold {
            Fold::Count | Fold::Any => self.count(runner.truth(arg), groups),
            Fold::All => {
                let falses: Vec<u64> = known.iter().zip(runner.truth(arg)).map(|(known, t)| known & !t).collect();
                each_one(&falses, runner.rows, |row| self.against[groups[row] as usize] = true);
            }
            Fold::Sum if self.spec.repr == Repr::Float => self.sum(runner.float(arg), known, groups),
            Fold::Sum => self.sum_whole(runner.whole(arg), known, groups),
            Fold::Min | Fold::Max => self.extreme(runner, known, groups),
        }
    }

    fn count(&mut self, truth: &[u64], groups: &[u32]) {
        for (groups, word) in groups.chunks(64).zip(truth) {
            for (at, group) in groups.iter().enumerate() {
                self.counts[*group as usize] += i64::from((word >> at & 1) as u8);
            }
        }
    }

    fn sum(&mut self, lanes: Lanes<'_, f64>, known: &[u64], groups: &[u32]) {
        if let Lanes::Each(lanes) = lanes
            && all_known(known, groups.len())
        {
            for (group, lane) in groups.iter().zip(lanes) {
                self.floats[*group as usize] += lane;
            }
            return;
        }
        each_one(known, groups.len(), |row| self.floats[groups[row] as usize] += lanes.get(row));
    }

    /// A sum beyond 64 bits is not known.
    fn sum_whole(&mut self, lanes: Lanes<'_, i64>, known: &[u64], groups: &[u32]) {
        each_one(known, groups.len(), |row| {
            let group = groups[row] as usize;
            match self.counts[group].checked_add(lanes.get(row)) {
                Some(sum) => self.counts[group] = sum,
                None => {
                    self.unknown[group] = true;
                    self.any_unknown = true;
                }
            }
        });
    }

    fn extreme(&mut self, runner: &Runner<'_, '_>, known: &[u64], groups: &[u32]) {
        let least = self.spec.fold == Fold::Min;
        let (arg, float) = (self.spec.arg, self.spec.repr == Repr::Float);
        each_one(known, groups.len(), |row| {
            let group = groups[row] as usize;
            let first = !std::mem::replace(&mut self.begun[group], true);
            if float {
                let (value, best) = (runner.float(arg).get(row), &mut self.floats[group]);
                if first || (least && value < *best) || (!least && value > *best) {
                    *best = value;
                }
            } else {
                let (value, best) = (runner.whole(arg).get(row), &mut self.counts[group]);
                if first || (least && value < *best) || (!least && value > *best) {
                    *best = value;
                }
            }
        });
    }

    pub fn finish(self) -> Figure {
        let unknown = if self.any_unknown { self.unknown } else { vec![] };
        let is_unknown = |group: usize| unknown.get(group).copied().unwrap_or(false);
        match (self.spec.fold, self.spec.repr) {
            (Fold::Any, _) => {
                let truth: Vec<bool> = self.counts.iter().map(|count| *count > 0).collect();
                let known = truth.iter().enumerate().map(|(group, any)| *any || !is_unknown(group)).collect();
                Figure::Bits { truth, known }
            }
            (Fold::All, _) => {
                let each = self.against.iter().enumerate();
                let (truth, known) =
                    each.map(|(g, against)| (!against && !is_unknown(g), *against || !is_unknown(g))).unzip();
                Figure::Bits { truth, known }
            }
            (Fold::Sum | Fold::Min | Fold::Max, Repr::Float) => Figure::Float { values: self.floats, unknown },
            _ => Figure::Whole { values: self.counts, unknown },
        }
    }
}

fn all_known(known: &[u64], rows: usize) -> bool {
    known.iter().take(rows / 64).all(|word| *word == !0)
        && (rows.is_multiple_of(64) || known[rows / 64].trailing_ones() as usize >= rows % 64)
}
