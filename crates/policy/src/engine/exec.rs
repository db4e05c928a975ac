//! Computing the nodes of a plan for one block of rows after the other.

use super::figures::Figure;
use super::kernels::{Lanes, ONES, ROWS, WORDS, ZEROS};
use super::pack::{SPARE, count};
use super::plan::{Id, Op, Plan, operands};
use crate::column::ColumnData;
use crate::expr::Repr;

/// The lanes of a computed node for the block.
#[derive(Default)]
pub struct Slot {
    pub known: Vec<u64>,
    pub truth: Vec<u64>,
    pub whole: Vec<i64>,
    pub float: Vec<f64>,
    pub codes: Vec<u32>,
}

/// Computes some nodes of a plan, block by block.
pub struct Runner<'p, 'a> {
    pub plan: &'p Plan<'a>,
    pub figures: &'p [Option<Figure>],
    pub groups: &'p [u32],
    schedule: Vec<Id>,
    slot_of: Vec<usize>,
    slots: Vec<Slot>,
    /// How many rows of the block each condition chooses that something is computed for.
    chosen: Vec<Option<usize>>,
    pub first: usize,
    /// How many rows the node at hand has: those of the block, or those chosen.
    pub rows: usize,
}

impl<'p, 'a> Runner<'p, 'a> {
    /// Prepares to compute `roots` and what they need. Lanes are used again as soon as nothing needs them.
    pub fn new(plan: &'p Plan<'a>, figures: &'p [Option<Figure>], groups: &'p [u32], roots: &[Id]) -> Self {
        let schedule = plan.needed(roots.iter().copied());
        let mut last_use = vec![0; plan.ops.len()];
        for (step, id) in schedule.iter().enumerate() {
            operands(&plan.ops[*id]).into_iter().for_each(|operand| last_use[operand] = step);
        }
        let (mut slot_of, mut slots) = (vec![usize::MAX; plan.ops.len()], Vec::new());
        let mut free: [Vec<usize>; 4] = Default::default();
        for (step, id) in schedule.iter().enumerate() {
            if !plan.is_given(*id) {
                let repr = plan.reprs[*id];
                slot_of[*id] = free[repr as usize].pop().unwrap_or_else(|| {
                    slots.push(Slot::new(repr));
                    slots.len() - 1
                });
            }
            let mut done: Vec<_> = operands(&plan.ops[*id]).into_iter().filter(|o| last_use[*o] == step).collect();
            done.push(*id);
            done.sort_unstable();
            done.dedup();
            for operand in done {
                let unused = last_use[operand] <= step;
                if unused && slot_of[operand] != usize::MAX {
                    free[plan.reprs[operand] as usize].push(slot_of[operand]);
                }
            }
        }
        let mut chosen = vec![None; plan.ops.len()];
        schedule.iter().filter_map(|id| plan.chosen_by[*id]).for_each(|by| chosen[by] = Some(0));
        Self { plan, figures, groups, schedule, slot_of, slots, chosen, first: 0, rows: 0 }
    }

    /// Runs over all rows; after each node of a block, `after` may read it.
    pub fn run(&mut self, mut after: impl FnMut(&Self, Id)) {
        let (schedule, processor) = (std::mem::take(&mut self.schedule), pulp::Arch::new());
        for first in (0..self.plan.table.rows()).step_by(ROWS) {
            self.first = first;
            let rows = ROWS.min(self.plan.table.rows() - first);
            for id in &schedule {
                if self.slot_of[*id] != usize::MAX {
                    let at = self.slot_of[*id];
                    let mut slot = std::mem::take(&mut self.slots[at]);
                    self.rows = self.rows_of(*id, rows);
                    processor.dispatch(Step { runner: self, id: *id, slot: &mut slot });
                    self.slots[at] = slot;
                }
                self.rows = rows;
                if self.chosen[*id].is_some() {
                    self.chosen[*id] = Some(count(self.truth(*id), rows));
                }
                after(self, *id);
            }
        }
        self.schedule = schedule;
    }

    /// What chooses rows reads all of the block; what is made of chosen rows has only these.
    fn rows_of(&self, id: Id, rows: usize) -> usize {
        match (self.plan.chosen_by[id], &self.plan.ops[id]) {
            (Some(by), op) if !matches!(op, Op::Chosen(..) | Op::ChosenColumn(..)) => self.chosen_rows(by),
            _ => rows,
        }
    }

    /// How many rows of the block a condition chooses.
    #[inline]
    pub fn chosen_rows(&self, by: Id) -> usize {
        self.chosen[by].unwrap_or(0)
    }

    /// Words of known rows to keep of a node: none of one that is always known.
    #[inline(always)]
    pub fn kept(&self, id: Id) -> usize {
        if self.plan.sure[id] { 0 } else { self.words() }
    }

    /// Words of the block.
    #[inline]
    pub const fn words(&self) -> usize {
        self.rows.div_ceil(64)
    }

    #[inline]
    fn column(&self, id: Id) -> Option<&crate::column::Column> {
        if let Op::Column(index) = self.plan.ops[id] { Some(&self.plan.columns[index]) } else { None }
    }

    /// Which rows of a node are known.
    #[inline(always)]
    pub fn known(&self, id: Id) -> &[u64] {
        let words = self.words();
        match &self.plan.ops[id] {
            _ if self.plan.sure[id] => &ONES[..words],
            Op::Null(_) => &ZEROS[..words],
            Op::Column(index) => self.column_known(*index),
            _ => &self.slots[self.slot_of[id]].known[..words],
        }
    }

    /// Which rows of a column are known.
    #[inline(always)]
    pub fn column_known(&self, index: usize) -> &[u64] {
        let words = self.words();
        match self.plan.columns[index].known() {
            None => &ONES[..words],
            Some(known) => &known.words()[self.first / 64..self.first / 64 + words],
        }
    }

    /// Which rows of a condition are true.
    #[inline(always)]
    pub fn truth(&self, id: Id) -> &[u64] {
        let words = self.words();
        match &self.plan.ops[id] {
            Op::Null(_) | Op::Bit(false) => &ZEROS[..words],
            Op::Bit(true) => &ONES[..words],
            Op::Column(_) => match self.column(id).map(crate::column::Column::data) {
                Some(ColumnData::Bool(bits)) => &bits.words()[self.first / 64..self.first / 64 + words],
                _ => &ZEROS[..words],
            },
            _ => &self.slots[self.slot_of[id]].truth[..words],
        }
    }

    #[inline]
    pub fn whole(&self, id: Id) -> Lanes<'_, i64> {
        match &self.plan.ops[id] {
            Op::Null(_) => Lanes::Same(0),
            Op::Whole(n) => Lanes::Same(*n),
            _ if self.slot_of[id] != usize::MAX => Lanes::Each(&self.slots[self.slot_of[id]].whole[..self.rows]),
            _ => match self.column(id).map(crate::column::Column::data) {
                Some(ColumnData::I64(lanes)) => Lanes::Each(&lanes[self.first..self.first + self.rows]),
                _ => Lanes::Same(0),
            },
        }
    }

    #[inline]
    pub fn float(&self, id: Id) -> Lanes<'_, f64> {
        match &self.plan.ops[id] {
            Op::Null(_) => Lanes::Same(0.0),
            Op::Float(bits) => Lanes::Same(f64::from_bits(*bits)),
            _ if self.slot_of[id] != usize::MAX => Lanes::Each(&self.slots[self.slot_of[id]].float[..self.rows]),
            _ => match self.column(id).map(crate::column::Column::data) {
                Some(ColumnData::F64(lanes)) => Lanes::Each(&lanes[self.first..self.first + self.rows]),
                _ => Lanes::Same(0.0),
            },
        }
    }

    #[inline]
    pub fn codes(&self, id: Id) -> Lanes<'_, u32> {
        match &self.plan.ops[id] {
            Op::Null(_) | Op::Text(_) => Lanes::Same(0),
            _ if self.slot_of[id] != usize::MAX => Lanes::Each(&self.slots[self.slot_of[id]].codes[..self.rows]),
            _ => match self.column(id).map(crate::column::Column::data) {
                Some(ColumnData::Text { codes, .. }) => Lanes::Each(&codes[self.first..self.first + self.rows]),
                _ => Lanes::Same(0),
            },
        }
    }
}

/// One node of one block, compiled once for every processor and once for those with wide vectors.
struct Step<'r, 'p, 'a> {
    runner: &'r Runner<'p, 'a>,
    id: Id,
    slot: &'r mut Slot,
}

impl pulp::NullaryFnOnce for Step<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.runner.compute(self.id, self.slot);
    }
}

impl Slot {
    fn new(repr: Repr) -> Self {
        let mut slot = Self { known: vec![0; WORDS], ..Self::default() };
        match repr {
            Repr::Bits => slot.truth = vec![0; WORDS],
            Repr::Whole => slot.whole = vec![0; ROWS + SPARE],
            Repr::Float => slot.float = vec![0.0; ROWS + SPARE],
            Repr::Text => slot.codes = vec![0; ROWS],
        }
        slot
    }
}
