//! Indexes put away while a table grows to a multiple of itself: sorted once afterwards they cost a fraction of what
//! they cost row by row.

use crate::{Dialect, Session, StoreError};

/// Indexes that are away, by the statements that make them.
#[must_use = "they are missing until they are put back"]
#[derive(Debug, Default)]
pub struct PutAway {
    made_by: Vec<String>,
}

impl Session {
    /// Takes away the indexes of a table that only make it faster to read, or `only` some of them, within the open
    /// transaction: others wait for the table until it ends, and when it fails nothing has happened. SQLite keeps its
    /// indexes.
    ///
    /// # Errors
    /// `Busy` when someone holds the table; those of any statement.
    pub fn put_indexes_away(&mut self, table: &str, only: Option<&[&str]>) -> Result<PutAway, StoreError> {
        let mut away = PutAway::default();
        if self.dialect() == Dialect::Sqlite {
            return Ok(away);
        }
        for row in self.query(include_str!("../sql/indexes_of.postgres.sql"), &[table.into()])? {
            let index = row.text(0)?;
            if only.is_none_or(|only| only.contains(&index)) {
                self.exec_batch(&format!("DROP INDEX {index}"))?;
                away.made_by.push(row.text(1)?.to_owned());
            }
        }
        Ok(away)
    }

    /// Makes them again, as they were.
    ///
    /// # Errors
    /// Those of any statement.
    pub fn put_indexes_back(&mut self, away: PutAway) -> Result<(), StoreError> {
        away.made_by.iter().try_for_each(|sql| self.exec_batch(sql))
    }
}
