//! Small named facts about this installation.

use crate::{Session, StoreError};

/// The value, if it was ever set.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn get(session: &mut Session, name: &str) -> Result<Option<String>, StoreError> {
    let row = session.query_opt(include_str!("../sql/setting_get.sql"), &[name.into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// # Errors
/// Every `StoreError` of an insert.
pub fn set(session: &mut Session, name: &str, value: &str) -> Result<(), StoreError> {
    session.exec(include_str!("../sql/setting_set.sql"), &[name.into(), value.into()]).map(drop)
}
