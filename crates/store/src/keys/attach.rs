//! Does this key ring belong to this database?

use super::{KeyError, KeyId, Keys};
use crate::{Session, audit, setting};

const CONTEXT: &str = "key check";
const KNOWN: &[u8] = b"yilian";
pub(super) const INDEX_KEY: &str = "index_key";

impl Keys {
    /// Ties the ring to the database, before anything is sealed or opened.
    ///
    /// The first time, it leaves a mark sealed with the newest key, notes which key indexes and begins the audit chain.
    /// Afterwards it refuses a ring that lacks a key the database needs, and takes the index key that the
    /// database's blind indexes were made with.
    ///
    /// # Errors
    /// `Missing` when a key is not in the ring, `Seal` when a mark was changed.
    pub fn attach(mut self, session: &mut Session) -> Result<Self, KeyError> {
        session.joined(|tx| {
            let marks = tx.query(include_str!("../../sql/key_mark_list.sql"), &[])?;
            for row in &marks {
                let (id, mark) = (row.text(0)?, row.blob(1)?);
                self.check(id, mark)?;
            }
            if marks.is_empty() {
                setting::set(tx, INDEX_KEY, &self.newest_id().to_string())?;
                audit::begin(tx, &self)?;
            }
            // Only the newest key seals; an older one without a mark is not needed here.
            let newest = self.newest_id().to_string();
            if !marks.iter().any(|row| row.text(0).is_ok_and(|known| known == newest)) {
                let mark = self.seal(CONTEXT, KNOWN);
                tx.exec(include_str!("../../sql/key_mark_add.sql"), &[newest.into(), mark.into()])?;
            }
            let index = setting::get(tx, INDEX_KEY)?.unwrap_or_default();
            self.index = self.position(&index)?;
            Ok(self)
        })
    }

    fn check(&self, id: &str, mark: &[u8]) -> Result<(), KeyError> {
        self.position(id)?;
        self.open(CONTEXT, mark)?;
        Ok(())
    }

    fn position(&self, id: &str) -> Result<usize, KeyError> {
        let found = self.ring.iter().position(|key| key.id.to_string() == id);
        found.ok_or_else(|| KeyError::Missing { id: KeyId::parse(id) })
    }
}

impl KeyId {
    /// For showing what a database asks for; anything unreadable is shown as zeros.
    fn parse(text: &str) -> Self {
        let mut id = [0; 4];
        match hex::decode_to_slice(text, &mut id) {
            Ok(()) => Self(id),
            Err(_) => Self([0; 4]),
        }
    }
}
