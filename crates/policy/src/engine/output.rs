//! Computing chosen nodes of a plan for all rows.

use super::exec::Runner;
use super::figures::Gathering;
use super::kernels::Lanes;
use super::outcome::Truth;
use super::pack::pack;
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
}

/// The nodes for all rows. Household figures are gathered first, those that need others after them.
pub fn evaluate(plan: &Plan<'_>, wanted: &[Id]) -> Vec<Output> {
    let rows = plan.table.rows();
    let groups: &[u32] = if plan.folds.is_empty() { &[] } else { &plan.table.households().group_of };
    let mut figures: Vec<_> = plan.folds.iter().map(|_| None).collect();
    let mut level = 0;
    while figures.iter().any(Option::is_none) {
        let now: Vec<_> = (0..figures.len()).filter(|fold| plan.levels[plan.folds[*fold].arg] == level).collect();
        let roots: Vec<_> = now.iter().map(|fold| plan.folds[*fold].arg).collect();
        let count = plan.table.households().count;
        let mut gatherings: Vec<_> = now.iter().map(|fold| Gathering::new(&plan.folds[*fold], count)).collect();
        let mut runner = Runner::new(plan, &figures, groups, &roots);
        runner.run(|runner, id| {
            roots.iter().zip(&mut gatherings).filter(|(root, _)| **root == id).for_each(|(_, g)| g.add(runner));
        });
        for (fold, gathering) in now.into_iter().zip(gatherings) {
            figures[fold] = Some(gathering.finish());
        }
        level += 1;
    }
    let mut distinct = wanted.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut place = vec![usize::MAX; plan.ops.len()];
    distinct.iter().enumerate().for_each(|(at, id)| place[*id] = at);
    let mut fillings: Vec<_> = distinct.iter().map(|id| Filling::new(plan.reprs[*id], rows)).collect();
    Runner::new(plan, &figures, groups, &distinct).run(|runner, id| {
        if let Some(filling) = fillings.get_mut(place[id]) {
            filling.add(runner, id);
        }
    });
    let mut outputs: Vec<_> =
        distinct.iter().zip(fillings).map(|(id, filling)| Some(filling.finish(plan.reprs[*id], rows))).collect();
    let last_use = |at: usize, id: Id| wanted[at + 1..].iter().all(|other| *other != id);
    let take = |(at, id): (usize, &Id)| {
        let output = &mut outputs[place[*id]];
        if last_use(at, *id) { output.take() } else { output.clone() }.unwrap_or(Output::Empty)
    };
    wanted.iter().enumerate().map(take).collect()
}

impl Filling {
    fn new(repr: Repr, rows: usize) -> Self {
        let mut filling = Self { known: Vec::with_capacity(rows.div_ceil(64)), ..Self::default() };
        match repr {
            Repr::Bits => filling.truth.reserve_exact(rows.div_ceil(64)),
            Repr::Whole => filling.whole.reserve_exact(rows),
            Repr::Float => filling.float.reserve_exact(rows),
            Repr::Text => {}
        }
        filling
    }

    fn add(&mut self, runner: &Runner<'_, '_>, id: Id) {
        if let Op::Pay(met, paid) = runner.plan.ops[id] {
            return self.add_few(runner, met, paid);
        }
        self.known.extend_from_slice(runner.known(id));
        match runner.plan.reprs[id] {
            Repr::Bits => self.truth.extend_from_slice(runner.truth(id)),
            Repr::Whole => extend(&mut self.whole, runner.whole(id), runner.rows),
            Repr::Float => extend(&mut self.float, runner.float(id), runner.rows),
            Repr::Text => {}
        }
    }

    /// What is paid to those who meet a rule.
    fn add_few(&mut self, runner: &Runner<'_, '_>, met: Id, paid: Id) {
        let start = self.known.len();
        self.known.extend(runner.truth(met).iter().zip(runner.known(paid)).map(|(truth, known)| truth & known));
        if !runner.rows.is_multiple_of(64)
            && let Some(last) = self.known.last_mut()
        {
            *last &= (1 << (runner.rows % 64)) - 1;
        }
        match runner.plan.reprs[paid] {
            Repr::Whole => pack(&mut self.whole, &self.known[start..], runner.whole(paid), runner.rows),
            Repr::Float => pack(&mut self.float, &self.known[start..], runner.float(paid), runner.rows),
            Repr::Bits | Repr::Text => {}
        }
    }

    fn finish(self, repr: Repr, rows: usize) -> Output {
        let known = Bits::from_words(self.known, rows);
        match repr {
            Repr::Bits => Output::Truth(Truth { yes: Bits::from_words(self.truth, rows), known }),
            Repr::Whole => Output::Whole(self.whole, known),
            Repr::Float => Output::Float(self.float, known),
            Repr::Text => Output::Empty,
        }
    }
}

fn extend<T: Copy>(out: &mut Vec<T>, lanes: Lanes<'_, T>, rows: usize) {
    match lanes {
        Lanes::Each(lanes) => out.extend_from_slice(lanes),
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
            (Self::Truth(truth), Repr::Bits) => (ColumnData::Bool(truth.yes), truth.known),
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
