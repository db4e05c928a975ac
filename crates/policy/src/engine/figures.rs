//! One figure per household, gathered block by block.

use super::exec::Runner;
use super::kernels::{Lanes, are_set, each_one};
use super::pack::count as set;
use super::plan::{FoldSpec, Id, Op, Plan};
use crate::column::Groups;
use crate::expr::{Arith, Fold, Repr};

/// The figures of all households. `unknown` is empty when every figure is known.
pub enum Figure {
    Bits { truth: Vec<bool>, known: Vec<bool> },
    Whole { values: Vec<i64>, unknown: Vec<bool> },
    Float { values: Vec<f64>, unknown: Vec<bool> },
}

/// A figure made of two others, as the rows would compute it.
#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
pub fn derived(op: Arith, a: &Figure, b: &Figure) -> Figure {
    let (values, zeros) = match (a, b) {
        (Figure::Float { values: a, .. }, Figure::Float { values: b, .. }) => combined(op, a, b, |a| a, |b| b),
        (Figure::Float { values: a, .. }, Figure::Whole { values: b, .. }) => combined(op, a, b, |a| a, |b| b as f64),
        (Figure::Whole { values: a, .. }, Figure::Float { values: b, .. }) => combined(op, a, b, |a| a as f64, |b| b),
        (Figure::Whole { values: a, .. }, Figure::Whole { values: b, .. }) => {
            combined(op, a, b, |a| a as f64, |b| b as f64)
        }
        _ => (vec![], vec![]),
    };
    let mut unknown = vec![];
    for each in [a.unknown(), b.unknown(), &zeros].into_iter().filter(|each| !each.is_empty()) {
        unknown.resize(values.len(), false);
        unknown.iter_mut().zip(each).for_each(|(unknown, each)| *unknown |= each);
    }
    Figure::Float { values, unknown }
}

/// The values, and where they would be divided by zero if that is anywhere.
fn combined<A: Copy, B: Copy>(
    op: Arith,
    a: &[A],
    b: &[B],
    float_a: impl Fn(A) -> f64,
    float_b: impl Fn(B) -> f64,
) -> (Vec<f64>, Vec<bool>) {
    let each = a.iter().zip(b).map(|(a, b)| (float_a(*a), float_b(*b)));
    let values = match op {
        Arith::Add => each.map(|(a, b)| a + b).collect(),
        Arith::Subtract => each.map(|(a, b)| a - b).collect(),
        Arith::Multiply => each.map(|(a, b)| a * b).collect(),
        Arith::Divide => each.map(|(a, b)| a / b).collect(),
    };
    let is_zero = |b: &B| float_b(*b) == 0.0;
    let zeros = op == Arith::Divide && b.iter().any(is_zero);
    (values, if zeros { b.iter().map(is_zero).collect() } else { vec![] })
}

impl Figure {
    fn unknown(&self) -> &[bool] {
        match self {
            Self::Bits { .. } => &[],
            Self::Whole { unknown, .. } | Self::Float { unknown, .. } => unknown,
        }
    }
}

/// The node that a fold reads: what it folds, or where a sum adds only to some rows, what it adds to these.
pub fn root(plan: &mut Plan<'_>, fold: usize) -> Id {
    let spec = &plan.folds[fold];
    let arg = spec.arg;
    if let (Fold::Sum, Op::Case(arms, last)) = (spec.fold, &plan.ops[arg])
        && let ([(when, then)], Op::Float(zero)) = (arms.as_slice(), &plan.ops[*last])
        && plan.sure[arg]
        && *zero == 0.0_f64.to_bits()
    {
        return plan.node(Op::Pay(*when, *then), Repr::Float);
    }
    arg
}

/// A fold under way.
pub struct Gathering {
    spec: FoldSpec,
    root: Id,
    unknown: Vec<bool>,
    any_unknown: bool,
    /// Counts; for any and all, members true and members false.
    counts: Vec<i64>,
    against: Vec<bool>,
    floats: Vec<f64>,
    /// Households whose members that don't count are counted, from their size down, as these are fewer.
    down: bool,
    /// For least and greatest: whether a member came already.
    begun: Vec<bool>,
}

impl Gathering {
    pub fn new(spec: &FoldSpec, root: Id, households: &Groups) -> Self {
        let groups = households.count;
        let float = spec.repr == Repr::Float;
        let extreme = matches!(spec.fold, Fold::Min | Fold::Max);
        Self {
            spec: spec.clone(),
            root,
            unknown: vec![false; groups],
            any_unknown: false,
            counts: if float { vec![] } else { vec![0; groups] },
            against: if spec.fold == Fold::All { vec![false; groups] } else { vec![] },
            floats: if float { vec![0.0; groups] } else { vec![] },
            down: false,
            begun: if extreme { vec![false; groups] } else { vec![] },
        }
    }

    /// Takes in the rows of a block.
    pub fn add(&mut self, runner: &Runner<'_, '_>) {
        pulp::Arch::new().dispatch(|| self.add_block(runner));
    }

    #[inline(always)]
    fn add_block(&mut self, runner: &Runner<'_, '_>) {
        let arg = self.spec.arg;
        let groups = &runner.groups[runner.first..runner.first + runner.rows];
        if let Op::Pay(when, value) = runner.plan.ops[self.root] {
            return self.sum_where(runner.truth(when), runner.float(value), groups);
        }
        let known = runner.known(arg);
        if !runner.plan.sure[arg] {
            let unknown: Vec<u64> = known.iter().map(|word| !word).collect();
            each_one(&unknown, runner.rows, |row| {
                self.unknown[groups[row] as usize] = true;
                self.any_unknown = true;
            });
        }
        match self.spec.fold {
            Fold::Count | Fold::Any => {
                let truth = runner.truth(arg);
                if runner.first == 0 && 2 * set(truth, runner.rows) > runner.rows {
                    self.down = true;
                    self.counts = runner.plan.table.households().sizes().map(i64::from).collect();
                }
                self.count(truth, groups);
            }
            Fold::All => {
                let falses: Vec<u64> = known.iter().zip(runner.truth(arg)).map(|(known, t)| known & !t).collect();
                each_one(&falses, runner.rows, |row| self.against[groups[row] as usize] = true);
            }
            Fold::Sum if self.spec.repr == Repr::Float => self.sum(runner.float(arg), known, groups),
            Fold::Sum => self.sum_whole(runner.whole(arg), known, groups),
            Fold::Min | Fold::Max => self.extreme(runner, known, groups),
        }
    }

    #[inline(always)]
    fn count(&mut self, truth: &[u64], groups: &[u32]) {
        if self.down {
            let falses: Vec<u64> = truth.iter().map(|word| !word).collect();
            each_one(&falses, groups.len(), |row| self.counts[groups[row] as usize] -= 1);
        } else {
            each_one(truth, groups.len(), |row| self.counts[groups[row] as usize] += 1);
        }
    }

    #[inline(always)]
    fn sum(&mut self, lanes: Lanes<'_, f64>, known: &[u64], groups: &[u32]) {
        if let Lanes::Each(lanes) = lanes
            && are_set(known, groups.len())
        {
            for (group, lane) in groups.iter().zip(lanes) {
                self.floats[*group as usize] += lane;
            }
            return;
        }
        each_one(known, groups.len(), |row| self.floats[groups[row] as usize] += lanes.get(row));
    }

    #[inline(always)]
    fn sum_where(&mut self, truth: &[u64], lanes: Lanes<'_, f64>, groups: &[u32]) {
        let Lanes::Each(lanes) = lanes else {
            return each_one(truth, groups.len(), |row| self.floats[groups[row] as usize] += lanes.get(row));
        };
        for ((groups, lanes), word) in groups.chunks(64).zip(lanes.chunks(64)).zip(truth) {
            let mut rest = *word;
            for (group, lane) in groups.iter().zip(lanes) {
                self.floats[*group as usize] += f64::from_bits(lane.to_bits() & (rest & 1).wrapping_neg());
                rest >>= 1;
            }
        }
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
