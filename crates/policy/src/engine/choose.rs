//! Choosing between lanes: the arm of a CASE, the first that is known, what is paid to those who meet a rule; and
//! choosing rows.

use super::exec::{Runner, Slot};
use super::kernels::{Lane, Lanes, ONES, ROWS, blend, map};
use super::pack::{pack, pack_as, pack_bits};
use super::plan::Id;
use crate::column::ColumnData;
use crate::expr::Repr;

impl Runner<'_, '_> {
    /// Arms are laid over each other from the last to the first.
    #[inline(always)]
    pub(super) fn case(&self, id: Id, arms: &[(Id, Id)], last: Id, slot: &mut Slot) {
        let sources: Vec<_> = arms.iter().map(|(_, then)| *then).chain([last]).collect();
        let offsets = self.offsets(id, &sources);
        self.lay(slot, id, &ONES[..self.words()], last, offsets[arms.len()]);
        for ((when, then), offset) in arms.iter().zip(offsets).rev() {
            self.lay(slot, id, self.truth(*when), *then, offset);
        }
    }

    #[inline(always)]
    pub(super) fn coalesce(&self, id: Id, all: &[Id], slot: &mut Slot) {
        slot.known[..self.words()].fill(0);
        let offsets = self.offsets(id, all);
        for (source, offset) in all.iter().zip(offsets).rev() {
            self.lay(slot, id, self.known(*source), *source, offset);
        }
    }

    /// The rows of a node that a condition chooses.
    #[inline(always)]
    pub(super) fn chosen(&self, id: Id, by: Id, of: Id, slot: &mut Slot) {
        let (words, rows) = (self.truth(by), self.rows);
        if !self.plan.sure[id] {
            pack_bits(&mut slot.known, words, self.known(of), rows);
        }
        match self.plan.reprs[id] {
            Repr::Whole => _ = pack(&mut slot.whole, words, self.whole(of), rows),
            Repr::Float => _ = pack(&mut slot.float, words, self.float(of), rows),
            Repr::Bits | Repr::Text => {}
        }
    }

    /// The same of a narrow column.
    #[inline(always)]
    pub(super) fn chosen_column(&self, id: Id, by: Id, index: usize, slot: &mut Slot) {
        let (words, rows) = (self.truth(by), self.rows);
        if !self.plan.sure[id] {
            pack_bits(&mut slot.known, words, self.column_known(index), rows);
        }
        let block = self.first..self.first + rows;
        match (self.plan.columns[index].data(), self.plan.reprs[id]) {
            (ColumnData::I8(v), Repr::Float) => _ = pack_as(&mut slot.float, words, &v[block], f64::from),
            (ColumnData::I16(v), Repr::Float) => _ = pack_as(&mut slot.float, words, &v[block], f64::from),
            (ColumnData::I32(v), Repr::Float) => _ = pack_as(&mut slot.float, words, &v[block], f64::from),
            (ColumnData::F32(v), _) => _ = pack_as(&mut slot.float, words, &v[block], f64::from),
            (ColumnData::I8(v), _) => _ = pack_as(&mut slot.whole, words, &v[block], i64::from),
            (ColumnData::I16(v), _) => _ = pack_as(&mut slot.whole, words, &v[block], i64::from),
            (ColumnData::I32(v) | ColumnData::Date(v), _) => {
                _ = pack_as(&mut slot.whole, words, &v[block], i64::from);
            }
            _ => {}
        }
    }

    /// Where each source's dictionary begins in the node's own.
    #[inline(always)]
    fn offsets(&self, id: Id, sources: &[Id]) -> Vec<u32> {
        if self.plan.reprs[id] != Repr::Text {
            return vec![0; sources.len()];
        }
        let mut next = 0;
        let length = |id: &Id| self.plan.dictionaries.get(id).map_or(0, |texts| texts.len());
        let offset = |id: &Id| {
            let here = next;
            next += u32::try_from(length(id)).unwrap_or(0);
            here
        };
        sources.iter().map(offset).collect()
    }

    /// Replaces the rows of `at` by those of a source.
    #[inline(always)]
    fn lay(&self, slot: &mut Slot, id: Id, at: &[u64], source: Id, offset: u32) {
        let (words, kept) = (self.words(), self.kept(id));
        if kept > 0 {
            let of = self.known(source);
            for ((known, at), of) in slot.known[..kept].iter_mut().zip(at).zip(of) {
                *known = (*known & !at) | (at & of);
            }
        }
        match self.plan.reprs[id] {
            Repr::Bits => {
                for ((truth, at), of) in slot.truth[..words].iter_mut().zip(at).zip(self.truth(source)) {
                    *truth = (*truth & !at) | (at & of);
                }
            }
            Repr::Whole => lay_lanes(&mut slot.whole[..self.rows], at, self.whole(source)),
            Repr::Float => lay_lanes(&mut slot.float[..self.rows], at, self.float(source)),
            Repr::Text => {
                let mut codes = [0; ROWS];
                map(self.codes(source), &mut codes[..self.rows], |code| code + offset);
                lay_lanes(&mut slot.codes[..self.rows], at, Lanes::Each(&codes[..self.rows]));
            }
        }
    }

    #[inline(always)]
    pub(super) fn award(&self, id: Id, met: Id, paid: Id, slot: &mut Slot) {
        let (truth, rule, amount) = (self.truth(met), self.known(met), self.known(paid));
        for (((known, truth), rule), amount) in slot.known[..self.kept(id)].iter_mut().zip(truth).zip(rule).zip(amount)
        {
            *known = (rule & !truth) | (truth & amount);
        }
        match self.plan.reprs[paid] {
            Repr::Float => {
                slot.float[..self.rows].fill(0.0);
                blend(&mut slot.float[..self.rows], truth, self.float(paid));
            }
            _ => {
                slot.whole[..self.rows].fill(0);
                blend(&mut slot.whole[..self.rows], truth, self.whole(paid));
            }
        }
    }
}

#[inline(always)]
fn lay_lanes<T: Lane>(out: &mut [T], at: &[u64], from: Lanes<'_, T>) {
    if at.iter().all(|word| *word == !0) {
        return map(from, out, |lane| lane);
    }
    blend(out, at, from);
}
