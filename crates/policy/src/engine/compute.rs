//! What each kind of node does to a block of rows.

use super::compare::{Compared, compare};
use super::exec::{Runner, Slot};
use super::figures::Figure;
use super::kernels::{Lanes, each_one, magnitude, map, map2, select, whole_arith};
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
    #[inline(always)]
    pub(super) fn compute(&self, id: Id, slot: &mut Slot) {
        let (plan, words) = (self.plan, self.words());
        let known = &mut slot.known[..self.kept(id)];
        match &plan.ops[id] {
            Op::Null(_) | Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_) | Op::Pay(..) => {}
            Op::Column(index) => {
                copy(known, self.column_known(*index));
                self.load(&plan.columns[*index], slot);
            }
            Op::Chosen(by, of) => self.chosen(id, *by, *of, slot),
            Op::ChosenColumn(by, index, _) => self.chosen_column(id, *by, *index, slot),
            Op::CompareColumn(index, op, n) => {
                copy(known, self.column_known(*index));
                self.compare_column(&plan.columns[*index], *op, *n, &mut slot.truth[..words]);
                mask(&mut slot.truth, known);
            }
            Op::CompareFloats(index, op, bits) => {
                copy(known, self.column_known(*index));
                if let ColumnData::F32(v) = plan.columns[*index].data() {
                    #[expect(clippy::cast_possible_truncation, reason = "it is one already")]
                    let constant = f64::from_bits(*bits) as f32;
                    let lanes = Lanes::Each(&v[self.first..self.first + self.rows]);
                    compare(*op, lanes, Lanes::Same(constant), self.rows, &mut slot.truth[..words]);
                }
                mask(&mut slot.truth, known);
            }
            Op::Test(a, _) => {
                copy(known, self.known(*a));
                let answers = &plan.answers[&id];
                let answer = |code: u32| answers.get(code as usize).copied().unwrap_or(false);
                let truth = &mut slot.truth[..words];
                match self.codes(*a) {
                    Lanes::Each(codes) => select(codes, truth, answer),
                    Lanes::Same(code) => truth.fill(if answer(code) { !0 } else { 0 }),
                }
                mask(&mut slot.truth, known);
            }
            Op::Compare(op, a, b) => {
                both(known, self.known(*a), self.known(*b));
                self.compare(*op, *a, *b, &mut slot.truth[..words]);
                mask(&mut slot.truth, known);
            }
            Op::Not(a) => {
                let (truth, of) = (self.truth(*a), self.known(*a));
                copy(known, of);
                zip(&mut slot.truth, truth, of, |truth, known| known & !truth);
            }
            Op::And(all) => self.kleene(id, all, slot, false),
            Op::Or(all) => self.kleene(id, all, slot, true),
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
                self.arith(id, *op, *a, *b, slot);
            }
            Op::Least(a, b) => self.extreme(id, *a, *b, slot, true),
            Op::Greatest(a, b) => self.extreme(id, *a, *b, slot, false),
            Op::ToFloat(a, scale) => {
                copy(known, self.known(*a));
                self.to_float(*a, *scale, &mut slot.float[..self.rows]);
            }
            Op::FloatColumn(index) => {
                copy(known, self.column_known(*index));
                let (from, to, out) = (self.first, self.first + self.rows, &mut slot.float[..self.rows]);
                match plan.columns[*index].data() {
                    ColumnData::I8(v) => map(Lanes::Each(&v[from..to]), out, f64::from),
                    ColumnData::I16(v) => map(Lanes::Each(&v[from..to]), out, f64::from),
                    ColumnData::I32(v) => map(Lanes::Each(&v[from..to]), out, f64::from),
                    _ => out.fill(0.0),
                }
            }
            Op::ScaleUp(a, by) => {
                copy(known, self.known(*a));
                let unit = Lanes::Same(pow10(*by));
                whole_arith(Arith::Multiply, self.whole(*a), unit, &mut slot.whole[..self.rows], known);
            }
            Op::Round(rounding, a) => {
                copy(known, self.known(*a));
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
                copy(known, self.known(*a));
                self.look_up(id, *a, &plan.date_tables[*index], slot);
            }
            Op::Case(arms, last) => self.case(id, arms, *last, slot),
            Op::Coalesce(all) => self.coalesce(id, all, slot),
            Op::Award(met, paid) => self.award(id, *met, *paid, slot),
            Op::Sum(terms) => self.sum(id, terms, |sum| sum, slot),
            Op::SumThen(terms, op, constant) => {
                let constant = f64::from_bits(*constant);
                self.sum(id, terms, |sum| whole::arith_float(*op, sum, constant).unwrap_or(0.0), slot);
            }
            Op::Gather(fold) | Op::GatherFloat(fold) => self.gather(id, *fold, slot),
        }
    }

    /// Widens a column's lanes.
    #[inline(always)]
    fn load(&self, column: &Column, slot: &mut Slot) {
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

    #[inline(always)]
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

    #[inline(always)]
    fn compare(&self, op: Comparison, a: Id, b: Id, out: &mut [u64]) {
        match self.plan.reprs[a] {
            Repr::Whole => compare(op, self.whole(a), self.whole(b), self.rows, out),
            Repr::Float => compare(op, self.float(a), self.float(b), self.rows, out),
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

    /// OR (`decides` true): true when one is; known when one is true or all are false. AND with false likewise.
    #[inline(always)]
    fn kleene(&self, id: Id, all: &[Id], slot: &mut Slot, decides: bool) {
        let words = self.words();
        let (truth, known) = (&mut slot.truth[..words], &mut slot.known[..words]);
        if let (true, Some((first, rest))) = (self.plan.sure[id], all.split_first()) {
            truth.copy_from_slice(self.truth(*first));
            for id in rest {
                let each = truth.iter_mut().zip(self.truth(*id));
                if decides { each.for_each(|(truth, t)| *truth |= t) } else { each.for_each(|(truth, t)| *truth &= t) }
            }
            return;
        }
        truth.fill(if decides { 0 } else { !0 });
        // at first, which are false
        known.fill(if decides { !0 } else { 0 });
        for id in all {
            let (t, k) = (self.truth(*id), self.known(*id));
            for (((truth, falses), t), k) in truth.iter_mut().zip(known.iter_mut()).zip(t).zip(k) {
                if decides {
                    *truth |= t;
                    *falses &= k & !t;
                } else {
                    *truth &= t;
                    *falses |= k & !t;
                }
            }
        }
        known.iter_mut().zip(truth).for_each(|(known, truth)| *known |= *truth);
    }

    #[inline(always)]
    fn arith(&self, id: Id, op: Arith, a: Id, b: Id, slot: &mut Slot) {
        let known = &mut slot.known[..self.kept(id)];
        if self.plan.reprs[a] == Repr::Whole {
            let fits = self.plan.fits(op, a, b);
            let (a, b, out) = (self.whole(a), self.whole(b), &mut slot.whole[..self.rows]);
            return match op {
                Arith::Add if fits => map2(a, b, out, i64::wrapping_add),
                Arith::Subtract if fits => map2(a, b, out, i64::wrapping_sub),
                Arith::Multiply if fits => map2(a, b, out, i64::wrapping_mul),
                _ => whole_arith(op, a, b, out, known),
            };
        }
        let (a, b, out) = (self.float(a), self.float(b), &mut slot.float[..self.rows]);
        match op {
            Arith::Add => map2(a, b, out, |a, b| a + b),
            Arith::Subtract => map2(a, b, out, |a, b| a - b),
            Arith::Multiply => map2(a, b, out, |a, b| a * b),
            Arith::Divide => {
                if !known.is_empty() {
                    let mut divides = [0; super::kernels::WORDS];
                    compare(Comparison::NotEqual, b, Lanes::Same(0.0), self.rows, &mut divides[..known.len()]);
                    mask(known, &divides);
                }
                map2(a, b, out, |a, b| a / b);
            }
        }
    }

    #[inline(always)]
    fn extreme(&self, id: Id, a: Id, b: Id, slot: &mut Slot, least: bool) {
        both(&mut slot.known[..self.kept(id)], self.known(a), self.known(b));
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

    #[inline(always)]
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a float is asked for; bits are carried")]
    fn to_float(&self, a: Id, scale: u8, out: &mut [f64]) {
        let unit = pow10(scale) as f64;
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

    #[inline(always)]
    fn look_up(&self, id: Id, a: Id, table: &DateTable, slot: &mut Slot) {
        let words = self.words();
        let Lanes::Each(days) = self.whole(a) else { return };
        let mut nulls = false;
        for (out, day) in slot.whole[..self.rows].iter_mut().zip(days) {
            let at = usize::try_from(day - table.first).unwrap_or(usize::MAX);
            let value = table.values.get(at).copied().unwrap_or(0);
            nulls |= value == i32::MIN;
            *out = i64::from(value);
        }
        if nulls && !self.plan.sure[id] {
            let mut found = [0; super::kernels::WORDS];
            select(&slot.whole[..self.rows], &mut found[..words], |value| value != i64::from(i32::MIN));
            mask(&mut slot.known[..words], &found);
        }
    }

    #[inline(always)]
    fn gather(&self, id: Id, fold: usize, slot: &mut Slot) {
        let (words, groups) = (self.words(), &self.groups[self.first..self.first + self.rows]);
        let kept = self.kept(id);
        slot.known[..kept].fill(!0);
        let Some(figure) = &self.figures[fold] else { return };
        match figure {
            Figure::Bits { truth, known } => {
                if kept > 0 {
                    select(groups, &mut slot.known[..kept], |group| known[group as usize]);
                }
                select(groups, &mut slot.truth[..words], |group| truth[group as usize]);
                return;
            }
            Figure::Whole { values, .. } if slot.whole.is_empty() => {
                #[expect(clippy::cast_precision_loss, reason = "a household has fewer than 2^52 people")]
                map(Lanes::Each(groups), &mut slot.float[..self.rows], |group| values[group as usize] as f64);
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
            && kept > 0
        {
            select(groups, &mut slot.known[..kept], |group| !unknown[group as usize]);
        }
    }
}

/// Values that may be null for a row.
#[inline(always)]
fn each<T: Copy>(out: &mut [i64], known: &mut [u64], lanes: Lanes<'_, T>, value: impl Fn(T) -> Option<i64>) {
    for (row, out) in out.iter_mut().enumerate() {
        *out = value(lanes.get(row)).unwrap_or_else(|| {
            known[row / 64] &= !(1 << (row % 64));
            0
        });
    }
}

/// A constant beyond the lanes' range compares alike with every row.
#[inline(always)]
fn compare_narrow<T: Compared>(lanes: &[T], op: Comparison, narrow: Option<T>, n: i64, out: &mut [u64]) {
    match narrow {
        Some(constant) => compare(op, Lanes::Each(lanes), Lanes::Same(constant), lanes.len(), out),
        None => out.fill(if op.holds(0.cmp(&n)) { !0 } else { 0 }),
    }
}

#[inline(always)]
fn copy(out: &mut [u64], from: &[u64]) {
    zip(out, from, from, |from, _| from);
}

#[inline(always)]
fn both(out: &mut [u64], a: &[u64], b: &[u64]) {
    zip(out, a, b, |a, b| a & b);
}

#[inline(always)]
fn mask(out: &mut [u64], by: &[u64]) {
    out.iter_mut().zip(by).for_each(|(out, by)| *out &= by);
}

#[inline(always)]
fn zip(out: &mut [u64], a: &[u64], b: &[u64], join: impl Fn(u64, u64) -> u64) {
    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = join(*a, *b));
}
