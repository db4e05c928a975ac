//! Evaluates a program over a population: every condition as a pair of bitmaps, 64 rows a word.
//!
//! A plan is made per table (`bind`), computed in blocks that stay in cache (`exec`, `compute`), household figures
//! before what reads them. `row` says the same for one row; both must agree on every row.

mod bind;
pub(crate) mod calendar;
mod choose;
mod compare;
mod compute;
mod exec;
mod figures;
mod found;
mod inside;
mod kernels;
pub(crate) mod missing;
mod narrow;
mod outcome;
mod output;
mod pack;
mod plan;
pub(crate) mod row;
mod sum;
pub(crate) mod whole;

use kernel::Date;

use self::bind::Binder;
pub(crate) use self::output::Output;
use self::output::evaluate;
use crate::column::Population;
use crate::expr::Expr;
use crate::program::Program;

pub use outcome::{Determinations, Paid, QueueOutcome, RuleOutcome, Truth};

/// The dates of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    pub as_of: Date,
    /// First and last day of the period an indicator speaks of.
    pub period: (Date, Date),
}

impl Dates {
    /// A run for one day; the period is that day.
    #[must_use]
    pub const fn on(as_of: Date) -> Self {
        Self { as_of, period: (as_of, as_of) }
    }
}

impl Program {
    /// Every rule for every row of its entity's table.
    ///
    /// Keys given in a table are used as they are; derived facts are computed where nothing is given. A table that
    /// is absent has no rows.
    #[must_use]
    pub fn run(&self, population: &Population, as_of: Date) -> Determinations {
        outcome::run(self, population, Dates::on(as_of))
    }
}

/// Expressions of one entity, for every row.
pub(crate) fn columns(
    program: &Program,
    population: &Population,
    entity: &str,
    dates: Dates,
    exprs: &[&Expr],
) -> Vec<Output> {
    let Some(table) = population.table(entity) else { return exprs.iter().map(|_| Output::Empty).collect() };
    let mut binder = Binder::new(program, population, table, dates);
    let mut ids: Vec<_> = exprs.iter().map(|expr| binder.bind(expr)).collect();
    evaluate(&mut binder.plan, &mut ids)
}

impl Output {
    /// The two bitmaps of a condition.
    pub(crate) fn truth(self, rows: usize) -> Truth {
        match self {
            Self::Truth(truth) => truth,
            _ => Truth::unknown_of(rows),
        }
    }
}
