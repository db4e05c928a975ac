//! Values of those rows that have one, one after the other.

use super::{Bits, Column};
use crate::value::Value;

/// A value for some rows; the others take no room.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparse {
    rows: Bits,
    /// How many rows have a value before each word of `rows`.
    before: Vec<u32>,
    values: Column,
}

impl Sparse {
    /// The values of `rows`, in row order.
    ///
    /// # Panics
    /// When there are more or fewer values than rows set.
    #[must_use]
    pub fn new(rows: Bits, values: Column) -> Self {
        let mut count = 0;
        let running = |word: &u64| {
            let before = count;
            count += word.count_ones();
            before
        };
        let before = rows.words().iter().map(running).collect();
        assert_eq!(count as usize, values.len(), "a value for each row");
        Self { rows, before, values }
    }

    /// Those values of a column that are known and whose row is set.
    #[must_use]
    pub fn of(column: &Column, rows: &Bits) -> Self {
        let rows = column.known().map_or_else(|| rows.clone(), |known| known.and(rows));
        let values = column.take(&rows.ones().collect::<Vec<_>>());
        Self::new(rows, values)
    }

    /// Which rows have a value.
    #[must_use]
    pub const fn rows(&self) -> &Bits {
        &self.rows
    }

    /// The values there are, in row order.
    #[must_use]
    pub const fn values(&self) -> &Column {
        &self.values
    }

    /// Where the value of a row stands among the values; none when it has none.
    #[must_use]
    pub fn place(&self, row: usize) -> Option<usize> {
        self.rows.get(row).then(|| {
            let below = self.rows.words()[row / 64] & ((1 << (row % 64)) - 1);
            self.before[row / 64] as usize + below.count_ones() as usize
        })
    }

    /// The value of a row; null when it has none.
    #[must_use]
    pub fn get(&self, row: usize) -> Value {
        self.place(row).map_or(Value::Null, |place| self.values.get(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ValueType;

    #[test]
    fn rows_find_their_values() {
        let rows = Bits::from_bools((0..200).map(|row| row % 3 == 0));
        let values: Vec<Value> = (0..67).map(|n| Value::Int(n * 3)).collect();
        let sparse = Sparse::new(rows, Column::from_values(ValueType::Int, &values).expect("ints"));
        for row in 0..200_usize {
            let expected = if row % 3 == 0 { Value::Int(row as i64) } else { Value::Null };
            assert_eq!(sparse.get(row), expected);
        }
        assert_eq!(sparse.get(1000), Value::Null);
    }
}
