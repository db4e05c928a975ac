//! Filling columns and tables, row by row or in any order.

mod numbers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{Bits, Column, ColumnData, Table};
use crate::value::{Value, ValueType, WrongType, date_of, days_of, pow10};

/// Fills one column. Rows not set are not known. Whole numbers take the narrowest lanes when finished.
#[derive(Clone, Debug)]
pub struct ColumnBuilder {
    ty: ValueType,
    lanes: Lanes,
    known: Bits,
}

#[derive(Clone, Debug)]
enum Lanes {
    Bool(Bits),
    Whole(Vec<i64>),
    Float(Vec<f64>),
    Date(Vec<i32>),
    Text(Texts),
}

#[derive(Clone, Debug, Default)]
struct Texts {
    dictionary: Vec<Arc<str>>,
    code_of: HashMap<Arc<str>, u32, RandomState>,
    codes: Vec<u32>,
    /// The code given last.
    last: u32,
}

/// Why a table can't be filled so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    #[error("table {entity} has no column {key}")]
    UnknownColumn { entity: String, key: String },
    #[error("column {key} of table {entity}: {fault}")]
    Type { entity: String, key: String, fault: WrongType },
    #[error("column {key} of table {entity} has {found} rows, the table {expected}")]
    Length { entity: String, key: String, expected: usize, found: usize },
}

/// Fills the table of one entity.
#[derive(Clone, Debug)]
pub struct TableBuilder {
    entity: String,
    ids: Vec<i64>,
    keys: Vec<String>,
    columns: Vec<ColumnBuilder>,
    field_of: BTreeMap<String, usize>,
}

impl ColumnBuilder {
    #[must_use]
    pub fn new(ty: ValueType) -> Self {
        let lanes = match ty {
            ValueType::Bool => Lanes::Bool(Bits::default()),
            ValueType::Int | ValueType::Fen | ValueType::Decimal(_) => Lanes::Whole(Vec::new()),
            ValueType::Float => Lanes::Float(Vec::new()),
            ValueType::Date => Lanes::Date(Vec::new()),
            ValueType::Text => Lanes::Text(Texts::default()),
        };
        Self { ty, lanes, known: Bits::default() }
    }

    #[must_use]
    pub const fn ty(&self) -> ValueType {
        self.ty
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.known.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Longer with unknown rows, or shorter.
    pub fn resize(&mut self, rows: usize) {
        self.known.resize(rows);
        match &mut self.lanes {
            Lanes::Bool(v) => v.resize(rows),
            Lanes::Whole(v) => v.resize(rows, 0),
            Lanes::Float(v) => v.resize(rows, 0.0),
            Lanes::Date(v) => v.resize(rows, 0),
            Lanes::Text(texts) => texts.codes.resize(rows, 0),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the value has another type; an int is taken for fen, decimal and float, a decimal of fewer places for
    /// one of more.
    pub fn push(&mut self, value: &Value) -> Result<(), WrongType> {
        self.resize(self.len() + 1);
        let set = self.set(self.len() - 1, value);
        if set.is_err() {
            self.resize(self.len() - 1);
        }
        set
    }

    /// Sets a row that is there already; null makes it unknown again.
    ///
    /// # Errors
    /// As [`ColumnBuilder::push`].
    ///
    /// # Panics
    /// When `row` is beyond the end.
    pub fn set(&mut self, row: usize, value: &Value) -> Result<(), WrongType> {
        let wrong = WrongType { expected: self.ty, found: value.kind_name() };
        match (&mut self.lanes, value) {
            (lanes, Value::Null) => {
                self.known.set(row, false);
                lanes.clear(row);
                return Ok(());
            }
            (Lanes::Bool(v), Value::Bool(b)) => v.set(row, *b),
            (Lanes::Whole(v), _) => v[row] = whole(self.ty, value).ok_or(wrong)?,
            (Lanes::Float(v), _) => v[row] = value.as_float().filter(|x| x.is_finite()).ok_or(wrong)?,
            (Lanes::Date(v), Value::Date(d)) => v[row] = days_of(*d),
            (Lanes::Text(texts), Value::Text(t)) => texts.codes[row] = texts.code(t, Arc::clone),
            _ => return Err(wrong),
        }
        self.known.set(row, true);
        Ok(())
    }

    /// Sets a text without making a value of it first.
    ///
    /// # Errors
    /// When this is not a text column.
    ///
    /// # Panics
    /// When `row` is beyond the end.
    pub fn set_text(&mut self, row: usize, text: &str) -> Result<(), WrongType> {
        let Lanes::Text(texts) = &mut self.lanes else {
            return Err(WrongType { expected: self.ty, found: "text" });
        };
        texts.codes[row] = texts.code(text, |t| Arc::from(t));
        self.known.set(row, true);
        Ok(())
    }

    /// Sets a date, in days since 1970-01-01, without making a value of it first.
    ///
    /// # Errors
    /// When this is not a column of dates.
    ///
    /// # Panics
    /// When `row` is beyond the end.
    pub fn set_days(&mut self, row: usize, days: i32) -> Result<(), WrongType> {
        let Lanes::Date(lane) = &mut self.lanes else {
            return Err(WrongType { expected: self.ty, found: "date" });
        };
        lane[row] = days;
        self.known.set(row, true);
        Ok(())
    }

    /// The value set so far.
    #[must_use]
    pub fn get(&self, row: usize) -> Value {
        if !self.known.get(row) {
            return Value::Null;
        }
        match &self.lanes {
            Lanes::Bool(v) => Value::Bool(v.get(row)),
            Lanes::Whole(v) => match self.ty {
                ValueType::Fen => Value::Fen(v[row]),
                ValueType::Decimal(scale) => Value::Decimal { units: v[row], scale },
                _ => Value::Int(v[row]),
            },
            Lanes::Float(v) => Value::Float(v[row]),
            Lanes::Date(v) => Value::Date(date_of(v[row])),
            Lanes::Text(texts) => Value::Text(Arc::clone(&texts.dictionary[texts.codes[row] as usize])),
        }
    }

    /// The rows set so far.
    #[must_use]
    pub const fn known(&self) -> &Bits {
        &self.known
    }

    /// Sets the same value in each of some rows that is not known so far.
    ///
    /// # Errors
    /// As [`ColumnBuilder::push`]; nothing is set then.
    ///
    /// # Panics
    /// When `rows` is not as long as the column.
    pub fn set_unknown(&mut self, rows: &Bits, value: &Value) -> Result<(), WrongType> {
        assert_eq!(rows.len(), self.len(), "a bit for each row");
        let unknown = rows.and_not(&self.known);
        let Some(first) = unknown.ones().next() else { return Ok(()) };
        self.set(first, value)?;
        match &mut self.lanes {
            Lanes::Bool(v) => {
                if v.get(first) {
                    *v = v.or(&unknown);
                }
            }
            Lanes::Whole(v) => set_all(v, &unknown, first),
            Lanes::Float(v) => set_all(v, &unknown, first),
            Lanes::Date(v) => set_all(v, &unknown, first),
            Lanes::Text(texts) => set_all(&mut texts.codes, &unknown, first),
        }
        self.known = self.known.or(&unknown);
        Ok(())
    }

    #[must_use]
    pub fn finish(self) -> Column {
        let data = match self.lanes {
            Lanes::Bool(v) => ColumnData::Bool(v),
            Lanes::Whole(v) => narrowest(v),
            Lanes::Float(v) => ColumnData::F64(v),
            Lanes::Date(v) => ColumnData::Date(v),
            Lanes::Text(texts) => ColumnData::Text { dictionary: texts.dictionary.into(), codes: texts.codes },
        };
        Column::new(self.ty, data, Some(self.known)).expect("lanes were made for the type")
    }
}

/// What the `first` row holds, in all `rows`.
fn set_all<T: Copy>(lane: &mut [T], rows: &Bits, first: usize) {
    let value = lane[first];
    rows.ones().for_each(|row| lane[row] = value);
}

impl Lanes {
    fn clear(&mut self, row: usize) {
        match self {
            Self::Bool(v) => v.set(row, false),
            Self::Whole(v) => v[row] = 0,
            Self::Float(v) => v[row] = 0.0,
            Self::Date(v) => v[row] = 0,
            Self::Text(texts) => texts.codes[row] = 0,
        }
    }
}

impl TableBuilder {
    /// An empty table with these columns, to be filled with [`TableBuilder::push_row`].
    #[must_use]
    pub fn new<K: Into<String>>(entity: &str, columns: impl IntoIterator<Item = (K, ValueType)>) -> Self {
        Self::with_ids(entity, columns, Vec::new())
    }

    /// A table whose rows are known beforehand, to be filled in any order with [`TableBuilder::set`].
    #[must_use]
    pub fn with_ids<K: Into<String>>(
        entity: &str,
        columns: impl IntoIterator<Item = (K, ValueType)>,
        ids: Vec<i64>,
    ) -> Self {
        let (mut keys, mut builders, mut field_of) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (key, ty) in columns {
            let key = key.into();
            if let std::collections::btree_map::Entry::Vacant(entry) = field_of.entry(key.clone()) {
                entry.insert(keys.len());
                keys.push(key);
                let mut builder = ColumnBuilder::new(ty);
                builder.resize(ids.len());
                builders.push(builder);
            }
        }
        Self { entity: entity.to_owned(), ids, keys, columns: builders, field_of }
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.ids.len()
    }

    /// The place of a column, for [`TableBuilder::set`].
    #[must_use]
    pub fn field(&self, key: &str) -> Option<usize> {
        self.field_of.get(key).copied()
    }

    /// Adds a row; columns not named are not known.
    ///
    /// # Errors
    /// For an unknown column or a value of another type; the row is then not added.
    pub fn push_row(&mut self, id: i64, facts: &[(&str, Value)]) -> Result<usize, TableFault> {
        let row = self.ids.len();
        self.ids.push(id);
        self.columns.iter_mut().for_each(|column| column.resize(row + 1));
        for (key, value) in facts {
            let set = match self.field(key) {
                Some(field) => self.set(row, field, value),
                None => Err(TableFault::UnknownColumn { entity: self.entity.clone(), key: (*key).to_owned() }),
            };
            if let Err(fault) = set {
                self.ids.truncate(row);
                self.columns.iter_mut().for_each(|column| column.resize(row));
                return Err(fault);
            }
        }
        Ok(row)
    }

    /// Sets one fact of a row.
    ///
    /// # Errors
    /// When the value has another type than the column.
    ///
    /// # Panics
    /// When `row` or `field` is not there.
    pub fn set(&mut self, row: usize, field: usize, value: &Value) -> Result<(), TableFault> {
        let set = self.columns[field].set(row, value);
        set.map_err(|fault| TableFault::Type { entity: self.entity.clone(), key: self.keys[field].clone(), fault })
    }

    /// One column's builder, for filling it without a lookup per value.
    ///
    /// # Panics
    /// When `field` is not there.
    pub fn column_mut(&mut self, field: usize) -> &mut ColumnBuilder {
        &mut self.columns[field]
    }

    /// The value set so far.
    #[must_use]
    pub fn get(&self, row: usize, field: usize) -> Value {
        self.columns[field].get(row)
    }

    #[must_use]
    pub fn finish(self) -> Table {
        let columns = self.keys.into_iter().zip(self.columns.into_iter().map(ColumnBuilder::finish)).collect();
        Table::new(&self.entity, self.ids, columns).expect("every column has the table's rows")
    }
}

impl Texts {
    fn code<T: AsRef<str> + ?Sized>(&mut self, text: &T, own: impl Fn(&T) -> Arc<str>) -> u32 {
        // Neighbours in a table often say the same.
        if self.dictionary.get(self.last as usize).is_some_and(|last| **last == *text.as_ref()) {
            return self.last;
        }
        self.last = match self.code_of.get(text.as_ref()) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.dictionary.len()).expect("fewer than 2^32 different texts");
                let owned = own(text);
                self.dictionary.push(Arc::clone(&owned));
                self.code_of.insert(owned, code);
                code
            }
        };
        self.last
    }
}

fn whole(ty: ValueType, value: &Value) -> Option<i64> {
    match (ty, value) {
        (ValueType::Int | ValueType::Fen, Value::Int(n)) | (ValueType::Fen, Value::Fen(n)) => Some(*n),
        (ValueType::Decimal(scale), Value::Int(n)) => n.checked_mul(pow10(scale)),
        (ValueType::Decimal(scale), Value::Decimal { units, scale: own }) if *own <= scale => {
            units.checked_mul(pow10(scale - own))
        }
        _ => None,
    }
}

fn narrowest(values: Vec<i64>) -> ColumnData {
    let (low, high) = values.iter().fold((0, 0), |(low, high), v| (low.min(*v), high.max(*v)));
    let fits = |min: i64, max: i64| low >= min && high <= max;
    let expect = "the column's range was checked";
    if fits(i8::MIN.into(), i8::MAX.into()) {
        ColumnData::I8(values.iter().map(|v| i8::try_from(*v).expect(expect)).collect())
    } else if fits(i16::MIN.into(), i16::MAX.into()) {
        ColumnData::I16(values.iter().map(|v| i16::try_from(*v).expect(expect)).collect())
    } else if fits(i32::MIN.into(), i32::MAX.into()) {
        ColumnData::I32(values.iter().map(|v| i32::try_from(*v).expect(expect)).collect())
    } else {
        ColumnData::I64(values)
    }
}
