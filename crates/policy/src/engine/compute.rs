//! What each kind of node does to a block of rows.

use super::exec::{Runner, Slot};
use super::figures::Figure;
use super::kernels::{Lane, Lanes, blend, each_one, magnitude, map, map2, select, select2, whole_arith};
use super::plan::{DateTable, Id, Op};
use super::{calendar, whole};
use crate::column::{Column, ColumnData};
use crate::expr::{Arith, Comparison, Repr};
use crate::value::pow10;

/// 1.5 × 2^52, whose lower bits count ones.
const OFFSET: f64 = 6_755_399_441_055_744.0;
const OFFSET_BITS: i64 = 0x4338_0000_0000_0000;

impl Runner<'_, '_> {
    /// Computes one node into its lanes; its operands are computed already.
    pub(super) fn compute(&self, id: Id, slot: &mut Slot) {
        let (plan, words) = (self.plan, self.words());
        let known = &mut slot.known[..words];
        match &plan.ops[id] {
            Op::Null(_) | Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_) => {}
            Op::Column(index) => self.load(&plan.columns[*index], *index, slot),
            Op::CompareColumn(index, op, n) => {
                known.copy_from_slice(self.column_known(*index));
                self.compare_column(&plan.columns[*index], *op, *n, &mut slot.truth[..words]);
                mask(&mut slot.truth, known);
            }
            Op::Test(a, _) => {
                known.copy_from_slice(self.known(*a));
                let answers = &plan.answers[&id];
                let answer = |code: u32| answers.get(code as usize).copied().unwrap_or(false);
                select2(self.codes(*a), Lanes::Same(0), self.rows, &mut slot.truth[..words], |code, _| answer(code));
                mask(&mut slot.truth, known);
            }
            Op::Compare(op, a, b) => {
                both(known, self.known(*a), self.known(*b));
                self.compare(*op, *a, *b, &mut slot.truth[..words]);
                mask(&mut slot.truth, known);
            }
            Op::Not(a) => {
                let (truth, of) = (self.truth(*a), self.known(*a));
                known.copy_from_slice(of);
                zip(&mut slot.truth, truth, of, |truth, known| known & !truth);
            }
            Op::And(all) => self.kleene(all, slot, false),
            Op::Or(all) => self.kleene(all, slot, true),
            Op::IsNull(a) => {
                known.fill(!0);
                zip(&mut slot.truth, self.known(*a), self.known(*a), |known, _| !known);
            }
            Op::Is(wanted, a) => {
                known.fill(!0);
                let (truth, of) = (self.truth(*a), self.known(*a));
                zip(&mut slot.truth, truth, of, |truth, known| if *wanted { truth } else { known & !truth });
            }
            Op::Arith(op, a, b) => {
                both(known, self.known(*a), self.known(*b));
                self.arith(*op, *a, *b, slot);
            }
            Op::Least(a, b) => self.extreme(*a, *b, slot, true),
            Op::Greatest(a, b) => self.extreme(*a, *b, slot, false),
            Op::ToFloat(a, scale) => {
                known.copy_from_slice(self.known(*a));
                self.to_float(*a, *scale, &mut slot.float[..self.rows]);
            }
            Op::ScaleUp(a, by) => {
                known.copy_from_slice(self.known(*a));
                let unit = Lanes::Same(pow10(*by));
                whole_arith(Arith::Multiply, self.whole(*a), unit, &mut slot.whole[..self.rows], known);
            }
            Op::Round(rounding, a) => {
                known.copy_from_slice(self.known(*a));
                let out = &mut slot.whole[..self.rows];
                match plan.reprs[*a] {
                    Repr::Float => each(out, known, self.float(*a), |x| whole::round_float(*rounding, x)),
                    _ => each(out, known, self.whole(*a), |n| whole::round_whole(*rounding, n)),
                }
            }
            Op::Date(which, a, b) => {
                both(known, self.known(*a), b.map_or(self.known(*a), |b| self.known(b)));
                let (a, b) = (self.whole(*a), b.map_or(Lanes::Same(0), |b| self.whole(b)));
                let wanted: Vec<u64> = known.to_vec();
                each_one(&wanted, self.rows, |row| {
                    slot.whole[row] = calendar::call(*which, a.get(row), b.get(row)).unwrap_or_else(|| {
                        known[row / 64] &= !(1 << (row % 64));
                        0
                    });
                });
            }
            Op::DateTable(a, index) => {
                known.copy_from_slice(self.known(*a));
                self.look_up(*a, &plan.date_tables[*index], slot);
            }
            Op::Case(arms, last) => self.case(id, arms, *last, slot),
            Op::Coalesce(all) => self.coalesce(id, all, slot),
            Op::Award(met, paid) => self.award(*met, *paid, slot),
            Op::Gather(fold) => self.gather(*fold, slot),
        }
    }

    /// Widens a column's lanes.
    fn load(&self, column: &Column, index: usize, slot: &mut Slot) {
        let words = self.words();
        slot.known[..words].copy_from_slice(self.column_known(index));
        let (from, to) = (self.first, self.first + self.rows);
        match column.data() {
            ColumnData::I8(v) => map(Lanes::Each(&v[from..to]), &mut slot.whole[..self.rows], i64::from),
            ColumnData::I16(v) => map(Lanes::Each(&v[from..to]), &mut slot.whole[..self.rows], i64::from),
            ColumnData::I32(v) | ColumnData::Date(v) => {
                map(Lanes::Each(&v[from..to]), &mut slot.whole[..self.rows], i64::from);
            }
            ColumnData::F32(v) => map(Lanes::Each(&v[from..to]), &mut slot.float[..self.rows], f64::from),
            ColumnData::Bool(_) | ColumnData::I64(_) | ColumnData::F64(_) | ColumnData::Text { .. } => {}
        }
    }

    fn compare_column(&self, column: &Column, op: Comparison, n: i64, out: &mut [u64]) {
        let (from, to) = (self.first, self.first + self.rows);
        match column.data() {
            ColumnData::I8(v) => compare_narrow(&v[from..to], op, i8::try_from(n).ok(), n, out),
            ColumnData::I16(v) => compare_narrow(&v[from..to], op, i16::try_from(n).ok(), n, out),
            ColumnData::I32(v) | ColumnData::Date(v) => {
                compare_narrow(&v[from..to], op, i32::try_from(n).ok(), n, out);
            }
            ColumnData::I64(v) => compare_narrow(&v[from..to], op, Some(n), n, out),
            _ => out.fill(0),
        }
    }

    fn compare(&self, op: Comparison, a: Id, b: Id, out: &mut [u64]) {
        match self.plan.reprs[a] {
            Repr::Whole => compare_lanes(self.whole(a), self.whole(b), op, self.rows, out),
            Repr::Float => compare_lanes(self.float(a), self.float(b), op, self.rows, out),
            Repr::Bits => {
                let equal = op == Comparison::Equal;
                let (a, b) = (self.truth(a), self.truth(b));
                zip(out, a, b, |a, b| if equal { !(a ^ b) } else { a ^ b });
            }
            Repr::Text => {
                out.fill(0);
                let (Some(da), Some(db)) = (self.plan.dictionaries.get(&a), self.plan.dictionaries.get(&b)) else {
                    return;
                };
                let (a, b) = (self.codes(a), self.codes(b));
                for row in 0..self.rows {
                    if let (Some(a), Some(b)) = (da.get(a.get(row) as usize), db.get(b.get(row) as usize)) {
                        out[row / 64] |= u64::from(op.holds(a.as_bytes().cmp(b.as_bytes()))) << (row % 64);
                    }
                }
            }
        }
    }

    /// OR (`decides` true): true when one is; known when all are or one is true. AND with false likewise.
    fn kleene(&self, all: &[Id], slot: &mut Slot, decides: bool) {
        let words = self.words();
        let (truth, known) = (&mut slot.truth[..words], &mut slot.known[..words]);
        truth.fill(if decides { 0 } else { !0 });
        known.fill(!0);
        for id in all {
            let (t, k) = (self.truth(*id), self.known(*id));
            for (((truth, known), t), k) in truth.iter_mut().zip(known.iter_mut()).zip(t).zip(k) {
                if decides {
                    *known = (*known & k) | *truth | t;
                    *truth |= t;
                } else {
                    let (falses, f) = (*known & !*truth, k & !t);
                    *known = (*known & k) | falses | f;
                    *truth &= t;
                }
            }
        }
    }

    fn arith(&self, op: Arith, a: Id, b: Id, slot: &mut Slot) {
        let known = &mut slot.known[..self.rows.div_ceil(64)];
        if self.plan.reprs[a] == Repr::Whole {
            return whole_arith(op, self.whole(a), self.whole(b), &mut slot.whole[..self.rows], known);
        }
        let (a, b, out) = (self.float(a), self.float(b), &mut slot.float[..self.rows]);
        match op {
            Arith::Add => map2(a, b, out, |a, b| a + b),
            Arith::Subtract => map2(a, b, out, |a, b| a - b),
            Arith::Multiply => map2(a, b, out, |a, b| a * b),
            Arith::Divide => {
                let mut divides = [0; super::kernels::WORDS];
                select2(b, Lanes::Same(0.0), self.rows, &mut divides[..known.len()], |b, zero| b != zero);
                mask(known, &divides);
                map2(a, b, out, |a, b| a / b);
            }
        }
    }

    fn extreme(&self, a: Id, b: Id, slot: &mut Slot, least: bool) {
        both(&mut slot.known[..self.words()], self.known(a), self.known(b));
        if self.plan.reprs[a] == Repr::Whole {
            let (a, b, out) = (self.whole(a), self.whole(b), &mut slot.whole[..self.rows]);
            return if least { map2(a, b, out, i64::min) } else { map2(a, b, out, i64::max) };
        }
        let (a, b, out) = (self.float(a), self.float(b), &mut slot.float[..self.rows]);
        if least {
            map2(a, b, out, |a, b| if b < a { b } else { a });
        } else {
            map2(a, b, out, |a, b| if b > a { b } else { a });
        }
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a float is asked for; bits are carried")]
    fn to_float(&self, a: Id, scale: u8, out: &mut [f64]) {
        let unit = pow10(scale) as f64;
        if let Op::Column(index) = self.plan.ops[a] {
            let (from, to) = (self.first, self.first + self.rows);
            match (self.plan.columns[index].data(), scale) {
                (ColumnData::I8(v), 0) => return map(Lanes::Each(&v[from..to]), out, f64::from),
                (ColumnData::I16(v), 0) => return map(Lanes::Each(&v[from..to]), out, f64::from),
                (ColumnData::I32(v), 0) => return map(Lanes::Each(&v[from..to]), out, f64::from),
                _ => {}
            }
        }
        let lanes = self.whole(a);
        // Below 2^51 the number can be laid into a float's lower bits, which vector instructions do.
        let small = magnitude(lanes) < 51;
        let float = |n: i64| f64::from_bits((n + OFFSET_BITS) as u64) - OFFSET;
        match (scale, small) {
            (0, true) => map(lanes, out, float),
            (0, false) => map(lanes, out, |n| n as f64),
            (_, true) => map(lanes, out, |n| float(n) / unit),
            (_, false) => map(lanes, out, |n| n as f64 / unit),
        }
    }

    fn look_up(&self, a: Id, table: &DateTable, slot: &mut Slot) {
        let words = self.words();
        let Lanes::Each(days) = self.whole(a) else { return };
        let mut nulls = false;
        for (out, day) in slot.whole[..self.rows].iter_mut().zip(days) {
            let at = usize::try_from(day - table.first).unwrap_or(usize::MAX);
            let value = table.values.get(at).copied().unwrap_or(0);
            nulls |= value == i32::MIN;
            *out = i64::from(value);
        }
        if nulls {
            let mut found = [0; super::kernels::WORDS];
            select(&slot.whole[..self.rows], &mut found[..words], |value| value != i64::from(i32::MIN));
            mask(&mut slot.known[..words], &found);
        }
    }

    /// Arms are laid over each other from the last to the first.
    fn case(&self, id: Id, arms: &[(Id, Id)], last: Id, slot: &mut Slot) {
        let sources: Vec<_> = arms.iter().map(|(_, then)| *then).chain([last]).collect();
        let offsets = self.offsets(id, &sources);
        self.lay(slot, id, &super::kernels::ONES[..self.words()], last, offsets[arms.len()]);
        for ((when, then), offset) in arms.iter().zip(offsets).rev() {
            self.lay(slot, id, self.truth(*when), *then, offset);
        }
    }

    fn coalesce(&self, id: Id, all: &[Id], slot: &mut Slot) {
        slot.known[..self.words()].fill(0);
        let offsets = self.offsets(id, all);
        for (source, offset) in all.iter().zip(offsets).rev() {
            self.lay(slot, id, self.known(*source), *source, offset);
        }
    }

    /// Where each source's dictionary begins in the node's own.
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
    fn lay(&self, slot: &mut Slot, id: Id, at: &[u64], source: Id, offset: u32) {
        let words = self.words();
        let of = self.known(source);
        for ((known, at), of) in slot.known[..words].iter_mut().zip(at).zip(of) {
            *known = (*known & !at) | (at & of);
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
                let mut codes = [0; super::kernels::ROWS];
                map(self.codes(source), &mut codes[..self.rows], |code| code + offset);
                lay_lanes(&mut slot.codes[..self.rows], at, Lanes::Each(&codes[..self.rows]));
            }
        }
    }

    fn award(&self, met: Id, paid: Id, slot: &mut Slot) {
        let (truth, rule, amount) = (self.truth(met), self.known(met), self.known(paid));
        for (((known, truth), rule), amount) in slot.known.iter_mut().zip(truth).zip(rule).zip(amount) {
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

    fn gather(&self, fold: usize, slot: &mut Slot) {
        let (words, groups) = (self.words(), &self.groups[self.first..self.first + self.rows]);
        slot.known[..words].fill(!0);
        let Some(figure) = &self.figures[fold] else { return };
        match figure {
            Figure::Bits { truth, known } => {
                select(groups, &mut slot.known[..words], |group| known[group as usize]);
                select(groups, &mut slot.truth[..words], |group| truth[group as usize]);
                return;
            }
            Figure::Whole { values, .. } => {
                map(Lanes::Each(groups), &mut slot.whole[..self.rows], |group| values[group as usize]);
            }
            Figure::Float { values, .. } => {
                map(Lanes::Each(groups), &mut slot.float[..self.rows], |group| values[group as usize]);
            }
        }
        if let Figure::Whole { unknown, .. } | Figure::Float { unknown, .. } = figure
            && !unknown.is_empty()
        {
            select(groups, &mut slot.known[..words], |group| !unknown[group as usize]);
        }
    }
}

fn lay_lanes<T: Lane>(out: &mut [T], at: &[u64], from: Lanes<'_, T>) {
    if at.iter().all(|word| *word == !0) {
        return map(from, out, |lane| lane);
    }
    blend(out, at, from);
}

/// Values that may be null for a row.
fn each<T: Copy>(out: &mut [i64], known: &mut [u64], lanes: Lanes<'_, T>, value: impl Fn(T) -> Option<i64>) {
    for (row, out) in out.iter_mut().enumerate() {
        *out = value(lanes.get(row)).unwrap_or_else(|| {
            known[row / 64] &= !(1 << (row % 64));
            0
        });
    }
}

/// A constant beyond the lanes' range compares alike with every row.
fn compare_narrow<T: Copy + PartialOrd>(lanes: &[T], op: Comparison, narrow: Option<T>, n: i64, out: &mut [u64]) {
    match narrow {
        Some(constant) => compare_lanes(Lanes::Each(lanes), Lanes::Same(constant), op, lanes.len(), out),
        None => out.fill(if op.holds(0.cmp(&n)) { !0 } else { 0 }),
    }
}

#[inline]
fn compare_lanes<T: Copy + PartialOrd>(a: Lanes<'_, T>, b: Lanes<'_, T>, op: Comparison, rows: usize, out: &mut [u64]) {
    match op {
        Comparison::Equal => select2(a, b, rows, out, |a, b| a == b),
        Comparison::NotEqual => select2(a, b, rows, out, |a, b| a != b),
        Comparison::Less => select2(a, b, rows, out, |a, b| a < b),
        Comparison::LessOrEqual => select2(a, b, rows, out, |a, b| a <= b),
        Comparison::Greater => select2(a, b, rows, out, |a, b| a > b),
        Comparison::GreaterOrEqual => select2(a, b, rows, out, |a, b| a >= b),
    }
}

fn both(out: &mut [u64], a: &[u64], b: &[u64]) {
    zip(out, a, b, |a, b| a & b);
}

fn mask(out: &mut [u64], by: &[u64]) {
    out.iter_mut().zip(by).for_each(|(out, by)| *out &= by);
}

#[inline]
fn zip(out: &mut [u64], a: &[u64], b: &[u64], join: impl Fn(u64, u64) -> u64) {
    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = join(*a, *b));
}
