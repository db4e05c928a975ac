//! One fact of every row, in the narrowest lanes that hold it.

use std::sync::Arc;

use super::Bits;
use super::build::ColumnBuilder;
use crate::value::{Value, ValueType, WrongType, date_of};

/// The lanes of a column. Rows that are not known hold a zero of the lane's type.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    Bool(Bits),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Codes into the dictionary; a code of an unknown row means nothing.
    Text {
        dictionary: Arc<[Arc<str>]>,
        codes: Vec<u32>,
    },
}

/// A fact of every row: its type, its lanes, and which rows are known (`None`: all of them).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    ty: ValueType,
    data: ColumnData,
    known: Option<Bits>,
}

/// What a column's texts mean, by row.
#[derive(Clone, Debug)]
pub struct Meanings<'c, T> {
    of_code: Vec<T>,
    codes: &'c [u32],
    known: Option<&'c Bits>,
}

impl<T> Meanings<'_, T> {
    /// The meaning of a row's text; none when it is not known.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize) -> Option<&T> {
        let code = self.codes.get(row).filter(|_| self.known.is_none_or(|known| known.get(row)))?;
        self.of_code.get(*code as usize)
    }
}

impl ColumnData {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Bool(v) => v.len(),
            Self::I8(v) => v.len(),
            Self::I16(v) => v.len(),
            Self::I32(v) | Self::Date(v) => v.len(),
            Self::I64(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
            Self::Text { codes, .. } => codes.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    const fn fits(&self, ty: ValueType) -> bool {
        match self {
            Self::Bool(_) => matches!(ty, ValueType::Bool),
            Self::I8(_) | Self::I16(_) | Self::I32(_) | Self::I64(_) => {
                matches!(ty, ValueType::Int | ValueType::Fen | ValueType::Decimal(_))
            }
            Self::F32(_) | Self::F64(_) => matches!(ty, ValueType::Float),
            Self::Date(_) => matches!(ty, ValueType::Date),
            Self::Text { .. } => matches!(ty, ValueType::Text),
        }
    }
}

impl Column {
    /// Puts lanes and known rows together.
    ///
    /// # Errors
    /// When the lanes can't hold values of the type.
    ///
    /// # Panics
    /// When the bitmap has another length than the lanes, or a known row's text code lies outside the dictionary.
    pub fn new(ty: ValueType, data: ColumnData, known: Option<Bits>) -> Result<Self, WrongType> {
        if !data.fits(ty) {
            return Err(WrongType { expected: ty, found: "lanes of another type" });
        }
        assert!(known.as_ref().is_none_or(|k| k.len() == data.len()), "the known bitmap has the column's length");
        if let ColumnData::Text { dictionary, codes } = &data {
            let fits = |row: usize, code: u32| {
                (code as usize) < dictionary.len() || known.as_ref().is_some_and(|k| !k.get(row))
            };
            assert!(codes.iter().enumerate().all(|(row, code)| fits(row, *code)), "codes lie in the dictionary");
        }
        let known = known.filter(|bits| !bits.all());
        let data = match (data, &known) {
            (ColumnData::Bool(bits), Some(known)) => ColumnData::Bool(bits.and(known)),
            (data, _) => data,
        };
        Ok(Self { ty, data, known })
    }

    /// A column from single values.
    ///
    /// # Errors
    /// At the first value of another type.
    pub fn from_values<'a>(ty: ValueType, values: impl IntoIterator<Item = &'a Value>) -> Result<Self, WrongType> {
        let mut builder = ColumnBuilder::new(ty);
        for value in values {
            builder.push(value)?;
        }
        Ok(builder.finish())
    }

    /// A column in which nothing is known.
    #[must_use]
    pub fn unknown(ty: ValueType, rows: usize) -> Self {
        let mut builder = ColumnBuilder::new(ty);
        builder.resize(rows);
        builder.finish()
    }

    #[must_use]
    pub const fn ty(&self) -> ValueType {
        self.ty
    }

    #[must_use]
    pub const fn data(&self) -> &ColumnData {
        &self.data
    }

    /// Which rows are known; `None` when all are.
    #[must_use]
    pub const fn known(&self) -> Option<&Bits> {
        self.known.as_ref()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    #[must_use]
    #[inline]
    pub fn is_known(&self, row: usize) -> bool {
        row < self.len() && self.known.as_ref().is_none_or(|known| known.get(row))
    }

    /// The value of a row; null when it is not known or beyond the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Value {
        if !self.is_known(row) {
            return Value::Null;
        }
        match &self.data {
            ColumnData::Bool(bits) => Value::Bool(bits.get(row)),
            ColumnData::I8(v) => self.units(i64::from(v[row])),
            ColumnData::I16(v) => self.units(i64::from(v[row])),
            ColumnData::I32(v) => self.units(i64::from(v[row])),
            ColumnData::I64(v) => self.units(v[row]),
            ColumnData::F32(v) => Value::Float(f64::from(v[row])),
            ColumnData::F64(v) => Value::Float(v[row]),
            ColumnData::Date(v) => Value::Date(date_of(v[row])),
            ColumnData::Text { dictionary, codes } => Value::Text(Arc::clone(&dictionary[codes[row] as usize])),
        }
    }

    /// The text of a row without a new reference; none when it is not known or not text.
    #[must_use]
    #[inline]
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.data {
            ColumnData::Text { dictionary, codes } if self.is_known(row) => Some(&dictionary[codes[row] as usize]),
            _ => None,
        }
    }

    /// What the texts mean, each different text read once; nothing of a column of another type.
    #[must_use]
    pub fn meanings<T>(&self, read: impl FnMut(&str) -> T) -> Meanings<'_, T> {
        let mut read = read;
        let (dictionary, codes): (&[Arc<str>], &[u32]) = match &self.data {
            ColumnData::Text { dictionary, codes } => (dictionary, codes),
            _ => (&[], &[]),
        };
        Meanings { of_code: dictionary.iter().map(|text| read(text)).collect(), codes, known: self.known.as_ref() }
    }

    /// The values of chosen rows as a new column, in that order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let mut builder = ColumnBuilder::new(self.ty);
        for row in rows {
            builder.push(&self.get(*row)).expect("a column's own value has its type");
        }
        builder.finish()
    }

    const fn units(&self, units: i64) -> Value {
        match self.ty {
            ValueType::Fen => Value::Fen(units),
            ValueType::Decimal(scale) => Value::Decimal { units, scale },
            _ => Value::Int(units),
        }
    }
}
