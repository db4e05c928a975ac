//! The open list of a register: the one of today, until a night seals it.

use chrono::{DateTime, Utc};
use kernel::{Date, ListId};
use store::{Session, counter};

use crate::RegistryError;
use crate::ingest::{ListReport, ListState, lists};
use crate::sources::{Mode, Source};

/// The list of a register and day that is open, made when there is none, with the number of the next row.
pub(super) fn next_row(
    tx: &mut Session,
    source: &Source,
    on: Date,
    at: DateTime<Utc>,
) -> Result<(ListId, u64), RegistryError> {
    let open = [source.id.as_str().into(), on.into()];
    if let Some(row) = tx.query_opt(include_str!("../../sql/own_list_open.sql"), &open)? {
        return Ok((ListId(row.int(0)?), u64::try_from(row.int(1)?).unwrap_or(0) + 1));
    }
    // A day before this one was left open.
    tx.exec(include_str!("../../sql/own_list_seal_source.sql"), &[source.id.as_str().into()])?;
    let list = lists::next_id(tx)?;
    let report = ListReport {
        list: Some(list),
        source: source.id.clone(),
        file_name: format!("{}_{on}", source.id),
        list_date: on,
        received_on: kernel_day(at),
        state: ListState::Accepted,
        ..ListReport::blank(on)
    };
    lists::insert(tx, &report, &lists::Receipt { digest: "", mode: Mode::Delta, columns: &[] })?;
    tx.exec(include_str!("../../sql/own_list_insert.sql"), &[list.into(), source.id.as_str().into()])?;
    Ok((list, 1))
}

/// The local day of an instant.
fn kernel_day(at: DateTime<Utc>) -> Date {
    kernel::Clock::today(&kernel::FixedClock(at))
}

/// Ends the open lists, so that nothing is added to what a night is about to read; gives the last list that counts.
///
/// # Errors
/// Those of the database.
pub fn seal(session: &mut Session) -> Result<Option<ListId>, RegistryError> {
    session.transaction(|tx| {
        // Taking no number takes the registers' lock: what is being entered is waited for.
        counter::next_ids(tx, "act", 0)?;
        tx.exec(include_str!("../../sql/own_list_seal.sql"), &[])?;
        Ok(tx.query_one(include_str!("../../sql/list_last.sql"), &[])?.opt_int(0)?.map(ListId))
    })
}

/// Whether departments have sent lists after this one.
///
/// # Errors
/// Those of the database.
pub fn sent_since(session: &mut Session, last: Option<ListId>) -> Result<bool, RegistryError> {
    let last = last.map_or(0, |list| list.0);
    Ok(session.query_one(include_str!("../../sql/list_sent_since.sql"), &[last.into()])?.int(0)? > 0)
}
