//! What is paid is computed only for those who are paid: their rows alone, one after the other.
//!
//! Everything that something needs for all rows stays as it is. What is left hangs below a payment, or below a term
//! that a sum adds where a condition is true, and is written anew over the chosen rows.

use super::plan::{Id, Op, Plan, Term, operands};
use super::sum::BITS;
use crate::expr::Repr;

/// Writes `wanted` anew so that amounts are computed for chosen rows only.
pub fn narrow(plan: &mut Plan<'_>, wanted: &mut [Id]) {
    let count = plan.ops.len();
    let mut needs = Needs { plan, all_rows: vec![false; count], chosen_rows: vec![false; count] };
    for id in wanted.iter() {
        match needs.plan.ops[*id] {
            Op::Pay(met, paid) => {
                needs.for_all(met);
                needs.for_chosen(paid);
            }
            _ => needs.for_all(*id),
        }
    }
    let all_rows = needs.all_rows;
    for id in wanted {
        if let Op::Pay(met, paid) = plan.ops[*id] {
            let repr = plan.reprs[paid];
            let chosen = choose(plan, &all_rows, met, paid);
            *id = plan.node(Op::Pay(met, chosen), repr);
        }
    }
    for id in 0..count {
        if let Some(shorter) = of_households(plan, id).or_else(|| of_constants(plan, id)) {
            plan.ops[id] = shorter;
        }
        if let (true, Op::Sum(terms)) = (all_rows[id], plan.ops[id].clone()) {
            let chosen = |term| match term {
                Term::Where { when, value, strict } => {
                    Term::Where { when, value: choose_uncomputed(plan, &all_rows, when, value), strict }
                }
                each @ Term::Each(_) => each,
            };
            plan.ops[id] = Op::Sum(terms.into_iter().map(chosen).collect());
        }
    }
}

/// What two figures of a household come to is computed once for the household.
fn of_households(plan: &mut Plan<'_>, id: Id) -> Option<Op> {
    let Op::Arith(op, a, b) = plan.ops[id] else { return None };
    let figure = |id: Id| match plan.ops[id] {
        Op::Gather(fold) if plan.reprs[id] == Repr::Float => Some(fold),
        Op::GatherFloat(fold) => Some(fold),
        _ => None,
    };
    plan.derived.push((op, figure(a)?, figure(b)?));
    Some(Op::Gather(plan.folds.len() + plan.derived.len() - 1))
}

/// What is done with a sum of few constants is done once for each that they can come to.
fn of_constants(plan: &Plan<'_>, id: Id) -> Option<Op> {
    let Op::Arith(op, sum, by) = plan.ops[id] else { return None };
    let (Op::Sum(terms), Op::Float(by)) = (&plan.ops[sum], &plan.ops[by]) else { return None };
    let constant = |term: &Term| matches!(term, Term::Where { value, .. } if plan.is_constant(*value));
    let few = (3..=BITS).contains(&terms.len()) && terms.iter().all(constant) && f64::from_bits(*by) != 0.0;
    few.then(|| Op::SumThen(terms.clone(), op, *by))
}

/// Which nodes are needed for all rows.
struct Needs<'p, 'a> {
    plan: &'p Plan<'a>,
    all_rows: Vec<bool>,
    chosen_rows: Vec<bool>,
}

impl Needs<'_, '_> {
    fn for_all(&mut self, id: Id) {
        if std::mem::replace(&mut self.all_rows[id], true) {
            return;
        }
        let Op::Sum(terms) = &self.plan.ops[id] else {
            return operands(&self.plan.ops[id]).into_iter().for_each(|operand| self.for_all(operand));
        };
        for term in terms {
            match *term {
                Term::Each(id) => self.for_all(id),
                Term::Where { when, value, .. } => {
                    self.for_all(when);
                    self.for_chosen(value);
                }
            }
        }
    }

    fn for_chosen(&mut self, id: Id) {
        if std::mem::replace(&mut self.chosen_rows[id], true) {
            return;
        }
        let op = &self.plan.ops[id];
        if is_row_by_row(self.plan, id) {
            operands(op).into_iter().for_each(|operand| self.for_chosen(operand));
        } else if !matches!(op, Op::Column(_) | Op::FloatColumn(_)) {
            self.for_all(id);
        }
    }
}

/// Whether a node can as well be computed from chosen rows of its operands.
fn is_row_by_row(plan: &Plan<'_>, id: Id) -> bool {
    matches!(plan.reprs[id], Repr::Whole | Repr::Float)
        && matches!(
            plan.ops[id],
            Op::Arith(..) | Op::Least(..) | Op::Greatest(..) | Op::ToFloat(..) | Op::ScaleUp(..) | Op::Round(..)
        )
}

/// As [`choose`], but what is there for all rows is read where it is.
fn choose_uncomputed(plan: &mut Plan<'_>, all_rows: &[bool], by: Id, id: Id) -> Id {
    if all_rows[id] { id } else { choose(plan, all_rows, by, id) }
}

/// The node for the rows of a condition only.
fn choose(plan: &mut Plan<'_>, all_rows: &[bool], by: Id, id: Id) -> Id {
    let repr = plan.reprs[id];
    if matches!(plan.ops[by], Op::Null(_) | Op::Bit(_)) || plan.is_constant(id) {
        return id;
    }
    let op = match plan.ops[id].clone() {
        _ if all_rows[id] => Op::Chosen(by, id),
        Op::Column(index) if !plan.is_given(id) => Op::ChosenColumn(by, index, repr),
        Op::FloatColumn(index) => Op::ChosenColumn(by, index, repr),
        _ if !is_row_by_row(plan, id) => Op::Chosen(by, id),
        op => op.over(|operand| choose(plan, all_rows, by, operand)),
    };
    plan.node(op, repr)
}
