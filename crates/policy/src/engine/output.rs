//! Computing chosen nodes of a plan for all rows.

use std::sync::Arc;

use super::exec::Runner;
use super::figures::{self, Gathering};
use super::kernels::{Lanes, ROWS, are_set, each_one};
use super::narrow::narrow;
use super::outcome::Truth;
use super::pack::{SPARE, pack};
use super::plan::{Id, Op, Plan};
use crate::column::{Bits, Column, ColumnData, Sparse};
use crate::expr::Repr;
use crate::value::ValueType;

/// A node's value for every row.
#[derive(Clone, Debug)]
pub enum Output {
    Truth(Truth),
    Whole(Vec<i64>, Bits),
    Float(Vec<f64>, Bits),
    /// There is no table, or it is a text, which nothing asks for.
    Empty,
}

/// An output being filled.
#[derive(Default)]
struct Filling {
    truth: Vec<u64>,
    known: Vec<u64>,
    whole: Vec<i64>,
    float: Vec<f64>,
    /// Known for every row: no known rows are kept.
    sure: bool,
    packed_whole: Vec<i64>,
    packed_float: Vec<f64>,
}

/// The nodes for all rows. Household figures are gathered first, those that need others after them.
pub fn evaluate(plan: &mut Plan<'_>, wanted: &mut [Id]) -> Vec<Output> {
    narrow(plan, wanted);
    let roots: Vec<_> = (0..plan.folds.len()).map(|fold| figures::root(plan, fold)).collect();
    let plan = &*plan;
    let rows = plan.table.rows();
    let groups: &[u32] = if plan.folds.is_empty() { &[] } else { &plan.table.households().group_of };
    let mut figures: Vec<_> = plan.folds.iter().map(|_| None).chain(plan.derived.iter().map(|_| None)).collect();
    let mut level = 0;
    while figures.iter().any(Option::is_none) {
        let now: Vec<_> = (0..plan.folds.len()).filter(|fold| plan.levels[plan.folds[*fold].arg] == level).collect();
        let roots: Vec<_> = now.iter().map(|fold| roots[*fold]).collect();
        let gathering =
            |(fold, root): (&usize, &Id)| Gathering::new(&plan.folds[*fold], *root, plan.table.households());
        let mut gatherings: Vec<_> = now.iter().zip(&roots).map(gathering).collect();
        let mut runner = Runner::new(plan, &figures, groups, &roots);
        runner.run(|runner, id| {
            roots.iter().zip(&mut gatherings).filter(|(root, _)| **root == id).for_each(|(_, g)| g.add(runner));
        });
        for (fold, gathering) in now.into_iter().zip(gatherings) {
            figures[fold] = Some(gathering.finish());
        }
        for (place, (op, a, b)) in plan.derived.iter().enumerate() {
            if let (Some(a), Some(b)) = (&figures[*a], &figures[*b]) {
                figures[plan.folds.len() + place] = Some(figures::derived(*op, a, b));
            }
        }
        level += 1;
    }
    let mut distinct = wanted.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut place = vec![usize::MAX; plan.ops.len()];
    distinct.iter().enumerate().for_each(|(at, id)| place[*id] = at);
    let mut fillings: Vec<_> = distinct.iter().map(|id| Filling::new(plan, *id)).collect();
    Runner::new(plan, &figures, groups, &distinct).run(|runner, id| {
        if let Some(filling) = fillings.get_mut(place[id]) {
            filling.add(runner, id);
        }
    });
    let everyone = Arc::new(Bits::filled(rows, true));
    let finish = |(id, filling): (&Id, Filling)| Some(filling.finish(plan.reprs[*id], rows, &everyone));
    let mut outputs: Vec<_> = distinct.iter().zip(fillings).map(finish).collect();
    let last_use = |at: usize, id: Id| wanted[at + 1..].iter().all(|other| *other != id);
    let take = |(at, id): (usize, &Id)| {
        let output = &mut outputs[place[*id]];
        if last_use(at, *id) { output.take() } else { output.clone() }.unwrap_or(Output::Empty)
    };
    wanted.iter().enumerate().map(take).collect()
}

impl Filling {
    fn new(plan: &Plan<'_>, id: Id) -> Self {
        let rows = plan.table.rows();
        let mut filling = Self { sure: plan.sure[id], ..Self::default() };
        if !filling.sure {
            filling.known.reserve_exact(rows.div_ceil(64));
        }
        match plan.reprs[id] {
            Repr::Bits => filling.truth.reserve_exact(rows.div_ceil(64)),
            Repr::Whole => filling.whole.reserve_exact(rows),
            Repr::Float => filling.float.reserve_exact(rows),
            Repr::Text => {}
        }
        if let (Op::Pay(..), Repr::Whole | Repr::Float) = (&plan.ops[id], plan.reprs[id]) {
            filling.packed_whole = vec![0; if plan.reprs[id] == Repr::Whole { ROWS + SPARE } else { 0 }];
            filling.packed_float = vec![0.0; if plan.reprs[id] == Repr::Float { ROWS + SPARE } else { 0 }];
        }
        filling
    }

    fn add(&mut self, runner: &Runner<'_, '_>, id: Id) {
        if let Op::Pay(met, paid) = runner.plan.ops[id] {
            return self.add_few(runner, met, paid);
        }
        if !self.sure {
            self.known.extend_from_slice(runner.known(id));
        }
        match runner.plan.reprs[id] {
            Repr::Bits => self.truth.extend_from_slice(runner.truth(id)),
            Repr::Whole => extend(&mut self.whole, runner.whole(id), runner.rows),
            Repr::Float => extend(&mut self.float, runner.float(id), runner.rows),
            Repr::Text => {}
        }
    }

    /// What is paid to those who meet a rule: computed for them only, or to be picked from all rows.
    fn add_few(&mut self, runner: &Runner<'_, '_>, met: Id, paid: Id) {
        let start = self.known.len();
        self.known.extend_from_slice(runner.truth(met));
        let words = &mut self.known[start..];
        if let (Some(last), tail @ 1..) = (words.last_mut(), runner.rows % 64) {
            *last &= (1 << tail) - 1;
        }
        let (chosen, count) = (runner.plan.chosen_by[paid] == Some(met), runner.chosen_rows(met));
        let sure = runner.plan.sure[paid] || chosen && are_set(runner.known(paid), count);
        let picked: Vec<u64>;
        let pick: &[u64] = match (chosen, sure) {
            (false, true) => words,
            (false, false) => {
                words.iter_mut().zip(runner.known(paid)).for_each(|(word, known)| *word &= known);
                words
            }
            (true, true) => &[],
            (true, false) => {
                picked = known_of_chosen(words, runner.known(paid));
                &picked
            }
        };
        match runner.plan.reprs[paid] {
            Repr::Whole if chosen && sure => extend(&mut self.whole, runner.whole(paid), count),
            Repr::Float if chosen && sure => extend(&mut self.float, runner.float(paid), count),
            Repr::Whole => {
                let rows = if chosen { count } else { runner.rows };
                let filled = pack(&mut self.packed_whole, pick, runner.whole(paid), rows);
                self.whole.extend_from_slice(&self.packed_whole[..filled]);
            }
            Repr::Float => {
                let rows = if chosen { count } else { runner.rows };
                let filled = pack(&mut self.packed_float, pick, runner.float(paid), rows);
                self.float.extend_from_slice(&self.packed_float[..filled]);
            }
            Repr::Bits | Repr::Text => {}
        }
    }

    fn finish(self, repr: Repr, rows: usize, everyone: &Arc<Bits>) -> Output {
        let known = if self.sure { Arc::clone(everyone) } else { Arc::new(Bits::from_words(self.known, rows)) };
        match repr {
            Repr::Bits => Output::Truth(Truth { yes: Arc::new(Bits::from_words(self.truth, rows)), known }),
            Repr::Whole => Output::Whole(self.whole, Arc::unwrap_or_clone(known)),
            Repr::Float => Output::Float(self.float, Arc::unwrap_or_clone(known)),
            Repr::Text => Output::Empty,
        }
    }
}

/// Clears rows whose value is not known, and says which of the chosen ones are.
fn known_of_chosen(words: &mut [u64], known: &[u64]) -> Vec<u64> {
    let (mut read, chosen) = (0, words.to_vec());
    each_one(&chosen, words.len() * 64, |row| {
        if known[read / 64] >> (read % 64) & 1 == 0 {
            words[row / 64] &= !(1 << (row % 64));
        }
        read += 1;
    });
    known[..read.div_ceil(64)].to_vec()
}

fn extend<T: Copy>(out: &mut Vec<T>, lanes: Lanes<'_, T>, rows: usize) {
    match lanes {
        Lanes::Each(lanes) => out.extend_from_slice(&lanes[..rows]),
        Lanes::Same(value) => out.extend(std::iter::repeat_n(value, rows)),
    }
}

impl Output {
    /// What some rows are paid, as a type of the same representation.
    pub fn sparse(self, ty: ValueType, rows: usize) -> Sparse {
        let (data, set) = match (self, Repr::of(ty)) {
            (Self::Whole(values, set), Repr::Whole) => (ColumnData::I64(values), set),
            (Self::Float(values, set), Repr::Float) => (ColumnData::F64(values), set),
            _ => return Sparse::new(Bits::filled(rows, false), Column::unknown(ty, 0)),
        };
        Sparse::new(set, Column::new(ty, data, None).expect("lanes of the type's representation"))
    }

    /// As a column of a type of the same representation; all unknown when there was no table.
    pub fn column(self, ty: ValueType, rows: usize) -> Column {
        let (data, known) = match (self, Repr::of(ty)) {
            (Self::Truth(truth), Repr::Bits) => {
                (ColumnData::Bool(Arc::unwrap_or_clone(truth.yes)), Arc::unwrap_or_clone(truth.known))
            }
            (Self::Whole(values, known), Repr::Whole) if ty == ValueType::Date => {
                let days = values.into_iter().map(|day| i32::try_from(day).unwrap_or(0)).collect();
                (ColumnData::Date(days), known)
            }
            (Self::Whole(values, known), Repr::Whole) => (ColumnData::I64(values), known),
            (Self::Float(values, known), Repr::Float) => (ColumnData::F64(values), known),
            _ => return Column::unknown(ty, rows),
        };
        Column::new(ty, data, Some(known)).expect("lanes of the type's representation")
    }
}
