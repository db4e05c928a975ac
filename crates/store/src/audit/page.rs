//! Reading the trail, the newest first.

use crate::{Row, Session, StoreError};

/// One entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub sequence: i64,
    pub at: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
    /// JSON of ids, counts and digests.
    pub detail: String,
}

/// Which entries; empty texts ask for all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub actor: String,
    pub action: String,
    pub subject: String,
    /// Only those before this number.
    pub before: Option<i64>,
    pub limit: i64,
}

/// Entries before a number, the newest first.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn page(session: &mut Session, wanted: &Wanted) -> Result<Vec<Line>, StoreError> {
    let params = [
        wanted.before.unwrap_or(i64::MAX).into(),
        wanted.actor.as_str().into(),
        wanted.action.as_str().into(),
        wanted.subject.as_str().into(),
        wanted.limit.into(),
    ];
    session.query(include_str!("../../sql/audit_page.sql"), &params)?.iter().map(read).collect()
}

/// Every action that was ever noted, in order.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn actions(session: &mut Session) -> Result<Vec<String>, StoreError> {
    let rows = session.query(include_str!("../../sql/audit_actions.sql"), &[])?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

fn read(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        sequence: row.int(0)?,
        at: row.text(1)?.to_owned(),
        actor: row.text(2)?.to_owned(),
        action: row.text(3)?.to_owned(),
        subject: row.text(4)?.to_owned(),
        detail: row.text(5)?.to_owned(),
    })
}
