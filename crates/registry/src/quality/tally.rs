//! What is counted while a list is taken, as a whole and by township.

use std::collections::BTreeMap;

use kernel::{DivisionCode, ListId};
use store::{Session, Value};

use crate::RegistryError;
use crate::part::Part;
use crate::reading::Header;
use crate::rows::RowFault;
use crate::sources::{Gives, Source};

/// The rows of one list by where they belong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    parts: BTreeMap<Option<DivisionCode>, Part>,
}

impl Tally {
    /// The count of a township; none: rows that belong nowhere.
    pub fn part(&mut self, township: Option<DivisionCode>) -> &mut Part {
        self.parts.entry(township).or_default()
    }

    pub fn write(&self, tx: &mut Session, list: ListId, source: &Source, header: &Header) -> Result<(), RegistryError> {
        let mut whole = Part::default();
        self.parts.values().for_each(|part| whole.add(part));
        let columns = source.columns.iter().enumerate();
        let present = columns.filter(|(at, c)| header.cell_of[*at].is_some() && c.gives != [Gives::Ignore]);
        let rows = present.map(|(at, column)| {
            let position = Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
            [list.into(), position, column.name.as_str().into(), count(whole.filled(at))]
        });
        tx.bulk_insert("list_column", &["list", "position", "name", "filled"], rows)?;
        let faults = whole.faults();
        let rows = faults.map(|(column, code, faults)| [list.into(), column.into(), code.name().into(), count(faults)]);
        tx.bulk_insert("list_fault", &["list", "name", "code", "faults"], rows)?;
        for (division, part) in &self.parts {
            part.write(tx, list, *division)?;
        }
        Ok(())
    }
}

impl Part {
    /// Counts a row with its filled columns, one bit a column.
    pub(crate) fn row(&mut self, filled: u128) {
        self.rows(filled, 1);
    }

    /// Counts rows that fill the same columns.
    pub(crate) fn rows(&mut self, filled: u128, rows: u64) {
        self.rows += rows;
        let mut left = filled;
        while left != 0 {
            self.fill(left.trailing_zeros() as usize, rows);
            left &= left - 1;
        }
    }

    /// Counts what is wrong with a row.
    pub(crate) fn held(&mut self, faults: &[RowFault], unlinked: bool) {
        if unlinked {
            self.unlinked += 1
        } else {
            self.faulty += 1
        }
        faults.iter().for_each(|fault| self.fault(&fault.column, fault.code, 1));
    }
}

pub(crate) fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
