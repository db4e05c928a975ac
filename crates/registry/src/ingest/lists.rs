//! The table of received files.

use kernel::{Date, DivisionCode, ListId};
use store::{Row, Session, StoreError, Value};

use super::report::{ListReport, ListState};
use crate::RegistryError;
use crate::sources::Mode;

/// What the report does not say but the table keeps.
pub(crate) struct Receipt<'r> {
    pub digest: &'r str,
    pub mode: Mode,
    /// Header names as written, for re-reading rows kept in quarantine.
    pub columns: &'r [String],
}

pub(crate) fn insert(tx: &mut Session, report: &ListReport, receipt: &Receipt<'_>) -> Result<(), RegistryError> {
    let count = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let values = [
        report.list.map_or(Value::Null, Value::from),
        report.source.as_str().into(),
        report.file_name.as_str().into(),
        receipt.digest.into(),
        report.encoding.as_str().into(),
        report.list_date.into(),
        scope_text(report.scope).into(),
        (if receipt.mode == Mode::Full { "full" } else { "delta" }).into(),
        report.received_on.into(),
        report.state.name().into(),
        count(report.header_row),
        json(&receipt.columns).into(),
        json(&report.unknown_columns).into(),
        count(report.rows),
        count(report.good),
        count(report.faulty),
        count(report.unlinked),
        count(report.repeated),
        count(report.opened),
        count(report.changed),
        count(report.unchanged),
        count(report.closed),
        count(report.in_scope),
        report.closing.as_ref().map(json).into(),
        report.refusal.as_ref().map(json).into(),
        json(&report.fault_codes).into(),
        count(report.kept),
    ];
    tx.exec(include_str!("../../sql/list_insert.sql"), &values)?;
    Ok(())
}

/// The receipt of the same bytes for the same source, date and scope.
pub(crate) fn known(
    session: &mut Session,
    digest: &str,
    source: &str,
    date: Date,
    scope: Option<DivisionCode>,
) -> Result<Option<ListReport>, RegistryError> {
    let params = [digest.into(), source.into(), date.into(), scope_text(scope).into()];
    let row = session.query_opt(include_str!("../../sql/list_known.sql"), &params)?;
    row.map(|row| from_row(&row)).transpose()
}

/// One list's account; its faults are in quarantine.
///
/// # Errors
/// `NoList`.
pub fn get(session: &mut Session, list: ListId) -> Result<ListReport, RegistryError> {
    let row = session.query_opt(include_str!("../../sql/list_get.sql"), &[list.into()])?;
    from_row(&row.ok_or(RegistryError::NoList(list))?)
}

/// Every received file, oldest first.
///
/// # Errors
/// Those of the database.
pub fn all(session: &mut Session) -> Result<Vec<ListReport>, RegistryError> {
    let rows = session.query(include_str!("../../sql/list_all.sql"), &[])?;
    rows.iter().map(from_row).collect()
}

pub(crate) fn next_id(tx: &mut Session) -> Result<ListId, StoreError> {
    Ok(ListId(store::counter::next_ids(tx, "list", 1)?.start))
}

pub(crate) fn scope_text(scope: Option<DivisionCode>) -> String {
    scope.map(|code| code.to_string()).unwrap_or_default()
}

pub(crate) fn read_scope(text: &str) -> Result<Option<DivisionCode>, RegistryError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| RegistryError::Damaged { table: "list", cause: "a scope is no division" })
}

pub(crate) fn from_row(row: &Row<'_>) -> Result<ListReport, RegistryError> {
    let count = |column: usize| row.int(column).map(|n| u64::try_from(n).unwrap_or(0));
    let state = ListState::from_name(row.text(8)?)
        .ok_or(RegistryError::Damaged { table: "list", cause: "an unknown state" })?;
    Ok(ListReport {
        list: Some(ListId(row.int(0)?)),
        source: row.text(1)?.to_owned(),
        file_name: row.text(2)?.to_owned(),
        encoding: row.text(3)?.to_owned(),
        list_date: row.date(4)?,
        scope: read_scope(row.text(5)?)?,
        received_on: row.date(7)?,
        state,
        header_row: count(9)?,
        unknown_columns: parse(row.text(10)?)?,
        rows: count(11)?,
        good: count(12)?,
        faulty: count(13)?,
        unlinked: count(14)?,
        repeated: count(15)?,
        opened: count(16)?,
        changed: count(17)?,
        unchanged: count(18)?,
        closed: count(19)?,
        in_scope: count(20)?,
        closing: row.opt_text(21)?.map(parse).transpose()?,
        refusal: row.opt_text(22)?.map(parse).transpose()?,
        fault_codes: parse(row.text(23)?)?,
        kept: count(24)?,
        faults: Vec::new(),
    })
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data becomes JSON")
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, RegistryError> {
    serde_json::from_str(text).map_err(|_| RegistryError::Damaged { table: "list", cause: "JSON of another form" })
}

/// The last list that was taken; none before the first.
///
/// # Errors
/// Those of the database.
pub fn last_list(session: &mut Session) -> Result<Option<ListId>, RegistryError> {
    Ok(session.query_one(include_str!("../../sql/list_last.sql"), &[])?.opt_int(0)?.map(ListId))
}
