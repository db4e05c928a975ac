//! What is counted while a list is taken.

use std::collections::BTreeMap;

use kernel::ListId;
use store::{Session, Value};

use crate::RegistryError;
use crate::reading::Header;
use crate::rows::{FaultCode, RowFault};
use crate::sources::{Gives, Source};

/// Filled cells and faults of one list.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Per column of the source; columns after the last one filled may be missing.
    pub filled: Vec<u64>,
    /// By column name and code.
    faults: BTreeMap<(String, FaultCode), u64>,
}

impl Tally {
    pub fn faults(&mut self, faults: &[RowFault]) {
        for fault in faults {
            *self.faults.entry((fault.column.clone(), fault.code)).or_default() += 1;
        }
    }

    pub fn write(&self, tx: &mut Session, list: ListId, source: &Source, header: &Header) -> Result<(), RegistryError> {
        let columns = source.columns.iter().enumerate();
        let present = columns.filter(|(at, c)| header.cell_of[*at].is_some() && c.gives != [Gives::Ignore]);
        let rows = present.map(|(at, column)| {
            let filled = self.filled.get(at).copied().unwrap_or(0);
            let position = Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
            [list.into(), position, column.name.as_str().into(), count(filled)]
        });
        tx.bulk_insert("list_column", &["list", "position", "name", "filled"], rows)?;
        let rows = self
            .faults
            .iter()
            .map(|((column, code), faults)| [list.into(), column.as_str().into(), code.name().into(), count(*faults)]);
        tx.bulk_insert("list_fault", &["list", "name", "code", "faults"], rows)?;
        Ok(())
    }
}

pub(super) fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
