//! The table of one entity, and all tables together.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::{Column, ColumnData, TableFault};

/// The rows of one entity (`person`, `place`, …): an id each, and a column per fact.
#[derive(Clone, Debug)]
pub struct Table {
    entity: String,
    ids: Vec<i64>,
    columns: BTreeMap<String, Column>,
    row_of: OnceLock<Rows>,
    groups: OnceLock<Groups>,
}

/// How the row of an id is found.
#[derive(Clone, Debug)]
enum Rows {
    /// By halving: a map would take several times the room of the ids.
    Ascending,
    ById(HashMap<i64, usize>),
}

/// Which rows share a household. Rows without a known household each form their own.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Group of each row, 0..count.
    pub group_of: Vec<u32>,
    pub count: usize,
    starts: Vec<u32>,
    members: Vec<u32>,
}

/// Every table of one date.
#[derive(Clone, Debug, Default)]
pub struct Population {
    tables: BTreeMap<String, Table>,
}

impl Table {
    /// # Errors
    /// When a column has another number of rows than `ids`.
    pub fn new(entity: &str, ids: Vec<i64>, columns: BTreeMap<String, Column>) -> Result<Self, TableFault> {
        let mut table = Self {
            entity: entity.to_owned(),
            ids,
            columns: BTreeMap::new(),
            row_of: OnceLock::new(),
            groups: OnceLock::new(),
        };
        for (key, column) in columns {
            table.put(&key, column)?;
        }
        Ok(table)
    }

    /// Adds or replaces a column.
    ///
    /// # Errors
    /// When it has another number of rows than the table.
    pub fn put(&mut self, key: &str, column: Column) -> Result<(), TableFault> {
        if column.len() != self.ids.len() {
            return Err(TableFault::Length {
                entity: self.entity.clone(),
                key: key.to_owned(),
                expected: self.ids.len(),
                found: column.len(),
            });
        }
        self.groups = OnceLock::new();
        self.columns.insert(key.to_owned(), column);
        Ok(())
    }

    #[must_use]
    pub fn entity(&self) -> &str {
        &self.entity
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.ids.len()
    }

    /// The rows' ids, in row order.
    #[must_use]
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    #[must_use]
    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.get(key)
    }

    /// Every column, by key.
    #[must_use]
    pub const fn columns(&self) -> &BTreeMap<String, Column> {
        &self.columns
    }

    /// The row of an id; when an id stands twice, its first row.
    #[must_use]
    pub fn row_of(&self, id: i64) -> Option<usize> {
        let rows = self.row_of.get_or_init(|| match self.ids.is_sorted_by(|one, next| one < next) {
            true => Rows::Ascending,
            false => Rows::ById(self.ids.iter().enumerate().rev().map(|(row, id)| (*id, row)).collect()),
        });
        match rows {
            Rows::Ascending => self.ids.binary_search(&id).ok(),
            Rows::ById(map) => map.get(&id).copied(),
        }
    }

    /// One value; null when the table has no such column.
    #[must_use]
    pub fn get(&self, row: usize, key: &str) -> crate::value::Value {
        self.column(key).map_or(crate::value::Value::Null, |column| column.get(row))
    }

    /// Who lives with whom, by `household_id`; built when first asked for.
    #[must_use]
    pub fn households(&self) -> &Groups {
        self.groups.get_or_init(|| Groups::by(self.column("household_id"), self.rows()))
    }
}

impl Groups {
    fn by(column: Option<&Column>, rows: usize) -> Self {
        let (mut group_of, mut count) = (vec![u32::MAX; rows], 0_u32);
        if let Some(column) = column {
            match column.data() {
                ColumnData::Text { dictionary, codes } => {
                    dense(&mut group_of, &mut count, dictionary.len(), |row| {
                        column.is_known(row).then(|| codes[row] as usize)
                    });
                }
                _ => keyed(&mut group_of, &mut count, column),
            }
        }
        for group in group_of.iter_mut().filter(|group| **group == u32::MAX) {
            *group = count;
            count += 1;
        }
        let count = count as usize;
        let (starts, members) = members_of(&group_of, count);
        Self { group_of, count, starts, members }
    }

    /// How many rows each group has.
    pub fn sizes(&self) -> impl Iterator<Item = u32> {
        self.starts.windows(2).map(|ends| ends[1] - ends[0])
    }

    /// The rows of a group, ascending.
    #[must_use]
    pub fn members(&self, group: u32) -> &[u32] {
        let group = group as usize;
        &self.members[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// The rows that share a row's group, itself among them.
    #[must_use]
    pub fn with(&self, row: usize) -> &[u32] {
        self.members(self.group_of[row])
    }
}

/// Groups numbered by first appearance, from codes below `codes`.
fn dense(group_of: &mut [u32], count: &mut u32, codes: usize, code_of: impl Fn(usize) -> Option<usize>) {
    let mut group_of_code = vec![u32::MAX; codes];
    for (row, group) in group_of.iter_mut().enumerate() {
        if let Some(code) = code_of(row) {
            if group_of_code[code] == u32::MAX {
                group_of_code[code] = *count;
                *count += 1;
            }
            *group = group_of_code[code];
        }
    }
}

/// Groups by the values of a column of whole numbers or any other type.
fn keyed(group_of: &mut [u32], count: &mut u32, column: &Column) {
    let units = |row: usize| match column.data() {
        ColumnData::I8(v) => Some(i64::from(v[row])),
        ColumnData::I16(v) => Some(i64::from(v[row])),
        ColumnData::I32(v) | ColumnData::Date(v) => Some(i64::from(v[row])),
        ColumnData::I64(v) => Some(v[row]),
        ColumnData::F32(_) | ColumnData::F64(_) | ColumnData::Bool(_) | ColumnData::Text { .. } => None,
    };
    let rows = group_of.len();
    let known = (0..rows).filter(|row| column.is_known(*row)).filter_map(units);
    let (low, high) = known.fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    let span = i128::from(high) - i128::from(low) + 1;
    if span > 0 && span <= 4 * rows as i128 + 1024 {
        let span = usize::try_from(span).expect("at most four times the rows");
        dense(group_of, count, span, |row| {
            let value = units(row).filter(|_| column.is_known(row))?;
            usize::try_from(value - low).ok()
        });
        return;
    }
    let mut group_of_value: HashMap<String, u32> = HashMap::new();
    for (row, group) in group_of.iter_mut().enumerate().filter(|(row, _)| column.is_known(*row)) {
        *group = *group_of_value.entry(column.get(row).to_string()).or_insert_with(|| {
            *count += 1;
            *count - 1
        });
    }
}

/// Rows sorted by group: where each group starts, and the rows.
fn members_of(group_of: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; count + 1];
    for group in group_of {
        starts[*group as usize + 1] += 1;
    }
    for at in 0..count {
        starts[at + 1] += starts[at];
    }
    let (mut next, mut members) = (starts.clone(), vec![0; group_of.len()]);
    for (row, group) in group_of.iter().enumerate() {
        let at = &mut next[*group as usize];
        members[*at as usize] = u32::try_from(row).expect("a table has fewer than 2^32 rows");
        *at += 1;
    }
    (starts, members)
}

impl Population {
    #[must_use]
    pub fn new(tables: impl IntoIterator<Item = Table>) -> Self {
        Self { tables: tables.into_iter().map(|table| (table.entity.clone(), table)).collect() }
    }

    /// Adds or replaces the table of an entity.
    pub fn insert(&mut self, table: Table) {
        self.tables.insert(table.entity.clone(), table);
    }

    #[must_use]
    pub fn table(&self, entity: &str) -> Option<&Table> {
        self.tables.get(entity)
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }
}

#[cfg(test)]
mod tests {
    use super::super::TableBuilder;
    use super::*;
    use crate::value::{Value, ValueType};

    #[test]
    fn people_without_a_household_stand_alone() {
        let mut builder = TableBuilder::new("person", [("household_id", ValueType::Text), ("age", ValueType::Int)]);
        for (id, household) in [(10, Some("b")), (11, None), (12, Some("a")), (13, Some("b")), (14, None)] {
            let value = household.map_or(Value::Null, Value::text);
            builder.push_row(id, &[("household_id", value), ("age", Value::Int(id * 10))]).expect("fits");
        }
        let table = builder.finish();
        let homes = table.households();
        assert_eq!(homes.count, 4);
        assert_eq!(homes.with(0), [0, 3]);
        assert_eq!(homes.with(1), [1]);
        assert_eq!(homes.with(4), [4]);
        assert_eq!((table.row_of(13), table.row_of(99)), (Some(3), None));
        let unsorted = Table::new("person", vec![7, 3, 7], BTreeMap::new()).expect("empty");
        assert_eq!([7, 3, 5].map(|id| unsorted.row_of(id)), [Some(0), Some(1), None]);
        assert!(matches!(table.column("age").expect("is there").data(), ColumnData::I16(_)));
        assert_eq!(table.get(3, "age"), Value::Int(130));
    }

    #[test]
    fn households_may_be_numbers_far_apart() {
        for step in [1, 1_000_000_007] {
            let ids: Vec<_> = [3, 1, 3, 2].iter().map(|h| Value::Int(h * step)).collect();
            let mut table = Table::new("person", vec![1, 2, 3, 4], BTreeMap::new()).expect("empty");
            table.put("household_id", Column::from_values(ValueType::Int, &ids).expect("ints")).expect("fits");
            assert_eq!(table.households().group_of, [0, 1, 0, 2]);
        }
    }

    #[test]
    fn a_faulty_row_is_not_added() {
        let mut builder = TableBuilder::new("person", [("age", ValueType::Int)]);
        assert!(builder.push_row(1, &[("age", Value::text("x"))]).is_err());
        assert!(builder.push_row(1, &[("height", Value::Int(1))]).is_err());
        assert_eq!(builder.rows(), 0);
        builder.push_row(1, &[("age", Value::Null)]).expect("null fits every column");
        assert_eq!(builder.finish().get(0, "age"), Value::Null);
    }
}
