//! Figures of a division: over the places or people inside it.

use std::collections::BTreeMap;

use kernel::DivisionLevel;

use super::row::{At, Scalar, code_of, division_of, folded};
use super::{Dates, columns};
use crate::column::{Column, Population, Table};
use crate::expr::{Expr, Fold, Inside};
use crate::program::Program;
use crate::value::ValueType;

const LEVELS: [DivisionLevel; 5] = [
    DivisionLevel::Province,
    DivisionLevel::Prefecture,
    DivisionLevel::County,
    DivisionLevel::Township,
    DivisionLevel::Community,
];

/// The figure of every row of the division table. A row of the other table whose division is not known lies in none.
pub fn column(
    (program, population, divisions, dates): (&Program, &Population, &Table, Dates),
    inside: Inside,
    fold: Fold,
    arg: &Expr,
    whole: &Expr,
) -> Column {
    let ty = whole.ty.unwrap_or(ValueType::Int);
    let mut members: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut values = Column::unknown(ValueType::Bool, 0);
    if let Some(table) = population.table(inside.entity()) {
        for row in 0..table.rows() {
            if let Some(code) = division_of(inside, At { table, row }) {
                for above in LEVELS.into_iter().filter_map(|level| code.at(level)) {
                    members.entry(above).or_default().push(row);
                }
            }
        }
        let arg_type = arg.ty.unwrap_or(ValueType::Bool);
        let output = columns(program, population, inside.entity(), dates, &[arg]).into_iter().next();
        values = output.map_or(values, |output| output.column(arg_type, table.rows()));
    }
    let none = Vec::new();
    let figure = |row: usize| {
        let rows = code_of(At { table: divisions, row }).and_then(|code| members.get(&code)).unwrap_or(&none);
        folded(fold, arg.repr(), rows.iter().map(|row| Scalar::of(&values.get(*row)))).value(ty)
    };
    let figures: Vec<_> = (0..divisions.rows()).map(figure).collect();
    Column::from_values(ty, &figures).unwrap_or_else(|_| Column::unknown(ty, divisions.rows()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Repr;

    #[test]
    fn nothing_counts_zero_and_has_no_least() {
        assert_eq!(folded(Fold::Count, Repr::Bits, std::iter::empty()), Scalar::Whole(0));
        assert_eq!(folded(Fold::Sum, Repr::Whole, std::iter::empty()), Scalar::Whole(0));
        assert_eq!(folded(Fold::Min, Repr::Whole, std::iter::empty()), Scalar::Null);
    }
}
