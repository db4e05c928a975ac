//! Putting away what sources say, as soon as each is read: sealed where it was read, written by a thread with a connection
//! of its own.

use std::sync::mpsc::{Receiver, SyncSender};

use policy::column::ColumnBuilder;
use store::{Keys, Session, ValueRef};

use super::bytes::{put, put_ascending, put_level};
use super::{ABOUT, Head, context};
use crate::RegistryError;
use crate::linking::Aliases;
use crate::snapshot::known::Known;
use crate::snapshot::source_table::{Rows, SourceTable};

/// What goes to the writing side: parts, and at last that there are no more.
pub(in crate::snapshot) enum Sheet {
    Part { source: String, part: i64, sealed: Vec<u8> },
    Done,
}

/// Puts away; whether it gets there does not matter to whoever reads.
pub(in crate::snapshot) struct Keeper<'k> {
    pub keys: &'k Keys,
    pub made: i64,
    pub sheets: SyncSender<Sheet>,
}

impl Keeper<'_> {
    /// Of whom there are columns, as whom they are read, and which lists counted.
    pub fn begin(&self, rows: &Rows, aliases: &Aliases, known: &Known) {
        let mut bytes = Vec::new();
        let mut lists: Vec<i64> = known.lists.keys().copied().collect();
        lists.sort_unstable();
        put_ascending(&mut bytes, lists.into_iter());
        let (gone, roots): (Vec<i64>, Vec<i64>) = aliases.iter().unzip();
        put_ascending(&mut bytes, gone.into_iter());
        put_ascending(&mut bytes, roots.into_iter());
        put_ascending(&mut bytes, rows.ids.iter().copied());
        self.send(ABOUT, 0, &bytes);
    }

    /// What one source says.
    pub fn keep(&self, table: &mut SourceTable) {
        let rows: Vec<u32> = table.spoken.ones().map(|row| row as u32).collect();
        let mut bytes = Vec::new();
        put_ascending(&mut bytes, rows.iter().map(|row| i64::from(*row)));
        put_level(&mut bytes, rows.iter().map(|row| i64::from(table.newest[*row as usize])));
        let mut other_name = table.other_name.clone();
        other_name.sort_unstable();
        put_ascending(&mut bytes, other_name.iter().map(|row| i64::from(*row)));
        let mut turns = table.turns.take().unwrap_or_default();
        turns.sort_unstable();
        put_ascending(&mut bytes, turns.iter().map(|(day, _)| i64::from(*day)));
        put_ascending(&mut bytes, turns.iter().map(|(_, subject)| *subject));
        self.send(&table.source, 0, &bytes);
        if !rows.is_empty() {
            for (part, column) in (1..).zip(&table.columns) {
                self.send(&table.source, part, &of_column(column, &rows));
            }
        }
    }

    pub fn finish(&self) {
        let _ = self.sheets.send(Sheet::Done);
    }

    fn send(&self, source: &str, part: i64, bytes: &[u8]) {
        let sealed = self.keys.seal(&context(self.made, source, part), bytes);
        // Where the writing side has given up nothing is kept.
        let _ = self.sheets.send(Sheet::Part { source: source.to_owned(), part, sealed });
    }
}

/// `texts | known rows | their numbers`.
fn of_column(column: &ColumnBuilder, rows: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, column.texts().len() as u64);
    for text in column.texts() {
        put(&mut bytes, text.len() as u64);
        bytes.extend_from_slice(text.as_bytes());
    }
    let is_known = |row: &&u32| column.known().get(**row as usize);
    for eight in rows.chunks(8) {
        bytes.push((0..).zip(eight).fold(0, |bits, (at, row)| bits | u8::from(is_known(&row)) << at));
    }
    put_level(&mut bytes, rows.iter().filter(is_known).map(|row| column.number(*row as usize)));
    bytes
}

/// Writes what comes, in one transaction that is given up unless everything comes; nothing where nothing comes.
pub(in crate::snapshot) fn write(
    session: &mut Session,
    sheets: Receiver<Sheet>,
    head: &Head,
) -> Result<(), RegistryError> {
    let mut sheets = sheets.into_iter().peekable();
    if sheets.peek().is_none() {
        return Ok(());
    }
    session.transaction(|tx| {
        let mut is_done = false;
        tx.bulk_insert_with("snapshot_kept", &["made", "source", "part", "sealed"], |sink| {
            for sheet in sheets {
                let Sheet::Part { source, part, sealed } = sheet else {
                    is_done = true;
                    break;
                };
                let part = ValueRef::Int(part);
                sink.push(&[ValueRef::Int(head.made), ValueRef::Text(&source), part, ValueRef::Blob(&sealed)])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        if !is_done {
            return Err(RegistryError::Damaged {
                table: "snapshot_kept",
                cause: "the snapshot was not read to its end",
            });
        }
        head.write(tx)
    })
}
