//! A column being filled as plain numbers, so that it can be put away and brought back without a value made of each cell.

use std::collections::HashMap;
use std::sync::Arc;

use super::{ColumnBuilder, Lanes, Texts};

impl ColumnBuilder {
    /// The number that a row holds: units, days since 1970-01-01, 0 or 1, the bits of a float, or the place of a text among
    /// [`ColumnBuilder::texts`]. That of a row which is not known means nothing.
    ///
    /// # Panics
    /// When `row` is beyond the end.
    #[must_use]
    #[inline]
    pub fn number(&self, row: usize) -> i64 {
        match &self.lanes {
            Lanes::Bool(v) => i64::from(v.get(row)),
            Lanes::Whole(v) => v[row],
            Lanes::Float(v) => v[row].to_bits().cast_signed(),
            Lanes::Date(v) => i64::from(v[row]),
            Lanes::Text(texts) => i64::from(texts.codes[row]),
        }
    }

    /// The texts that numbers stand for; none in a column of another type.
    #[must_use]
    pub fn texts(&self) -> &[Arc<str>] {
        if let Lanes::Text(texts) = &self.lanes { &texts.dictionary } else { &[] }
    }

    /// Gives a column in which nothing is set yet the texts that numbers will stand for, each once.
    pub fn give_texts(&mut self, given: Vec<Arc<str>>) {
        if let Lanes::Text(texts) = &mut self.lanes {
            let code_of: HashMap<_, _, _> = given.iter().cloned().zip(0..).collect();
            *texts = Texts { dictionary: given, code_of, codes: std::mem::take(&mut texts.codes), last: 0 };
        }
    }

    /// Sets a row by its number; false when the column can't hold that.
    ///
    /// # Panics
    /// When `row` is beyond the end.
    #[inline]
    pub fn set_number(&mut self, row: usize, number: i64) -> bool {
        match &mut self.lanes {
            Lanes::Bool(v) => v.set(row, number != 0),
            Lanes::Whole(v) => v[row] = number,
            Lanes::Float(v) => v[row] = f64::from_bits(number.cast_unsigned()),
            Lanes::Date(v) => match i32::try_from(number) {
                Ok(days) => v[row] = days,
                Err(_) => return false,
            },
            Lanes::Text(texts) => match u32::try_from(number) {
                Ok(code) if (code as usize) < texts.dictionary.len() => texts.codes[row] = code,
                _ => return false,
            },
        }
        self.known.set(row, true);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Value, ValueType, date_of};

    #[test]
    fn numbers_bring_back_what_was_put_away() {
        let columns = [
            (ValueType::Bool, vec![Value::Bool(true), Value::Null, Value::Bool(false)]),
            (ValueType::Decimal(2), vec![Value::Decimal { units: -7, scale: 2 }, Value::Null]),
            (ValueType::Float, vec![Value::Float(-0.5), Value::Null]),
            (ValueType::Date, vec![Value::Date(date_of(-3)), Value::Null]),
            (ValueType::Text, vec![Value::text("one"), Value::Null, Value::text("two"), Value::text("one")]),
        ];
        for (ty, values) in columns {
            let mut column = ColumnBuilder::new(ty);
            values.iter().for_each(|value| column.push(value).unwrap());
            let mut again = ColumnBuilder::new(ty);
            again.give_texts(column.texts().to_vec());
            again.resize(values.len());
            assert!(column.known().ones().all(|row| again.set_number(row, column.number(row))));
            let found: Vec<Value> = (0..values.len()).map(|row| again.get(row)).collect();
            assert_eq!(found, values, "{ty:?}");
        }
        let mut text = ColumnBuilder::new(ValueType::Text);
        text.give_texts(vec!["one".into()]);
        text.resize(1);
        assert!(!text.set_number(0, 1) && !text.known().get(0));
        text.set_text(0, "one").unwrap();
        assert_eq!(text.texts().len(), 1, "a text that is there already is none more");
    }
}
