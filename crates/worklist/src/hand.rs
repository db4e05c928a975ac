//! What people do about an item between nights: how far they are, and that it is answered.

use kernel::{Date, PersonId};
use store::{Session, counter};

use crate::model::{Kind, Wanted, WorklistError};

/// The counter of items that people have closed.
const CLOSINGS: &str = "work_item_closing";

/// Notes how far someone is with what is wanted for a person; kept when the item closes and opens again.
///
/// # Errors
/// Those of the store.
pub fn note_hand(
    tx: &mut Session,
    kind: Kind,
    rule: &str,
    person: PersonId,
    hand: &str,
    again: Option<Date>,
) -> Result<(), WorklistError> {
    let key = Wanted::key_of(kind, rule, person, None);
    tx.exec(include_str!("../sql/note_hand.sql"), &[key.into(), hand.into(), again.into()])?;
    Ok(())
}

/// Closes what is open, because it was done: `answered`, `visited`. The next night opens it anew when the reason still
/// holds. Says whether anything was open.
///
/// # Errors
/// Those of the store.
pub fn close(
    tx: &mut Session,
    (kind, rule, person, fact): (Kind, &str, PersonId, Option<&str>),
    on: Date,
    why: &str,
) -> Result<bool, WorklistError> {
    let key = Wanted::key_of(kind, rule, person, fact);
    let closed = tx.exec(include_str!("../sql/close_by_key.sql"), &[key.into(), on.into(), why.into()])? > 0;
    if closed {
        counter::next_ids(tx, CLOSINGS, 1)?;
    }
    Ok(closed)
}

/// How often people have closed an item: while that stays the same, what was read of open items holds.
pub(crate) fn closings(session: &mut Session) -> Result<i64, WorklistError> {
    Ok(counter::handed_out(session, CLOSINGS)?)
}
