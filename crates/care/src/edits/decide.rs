//! A person says which of several values stays.

use chrono::{DateTime, Utc};
use kernel::{PersonId, UserId};
use store::{Keys, Session, next_ids, stamp};

use super::State;
use super::queries::{Edit, of_field};
use crate::journal::{Desk, Done, Outcome, Refusal};
use crate::operation::DecideGiven;
use crate::{Beside, CareError, Operation, Told, local_day};

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Kept,
    /// Somebody decided before, or the value is not one of the disputed.
    Gone,
}

/// Keeps one of the disputed values and drops the others; at the desk or in the field.
///
/// # Errors
/// Those of the database, of seals and of the rooms beside.
pub fn decide(
    db: &mut Session,
    keys: &Keys,
    beside: &mut dyn Beside,
    (person, field, keep): (PersonId, &str, &str),
    (by, at): (UserId, DateTime<Utc>),
) -> Result<Decided, CareError> {
    db.transaction(|tx| settle(tx, keys, beside, (person, field, keep), (by, at)))
}

pub(crate) fn decide_in_the_field(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &DecideGiven,
) -> Result<Done, CareError> {
    let at = desk.sender.corrected(operation.at);
    let kept_here = desk.forms.visit.field(&given.field).is_some();
    let permission = if kept_here { "visit.record" } else { "fact.answer" };
    let (person, _) = match desk.person(tx, permission, &given.person, at)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let by = (desk.sender.user, desk.sender.now);
    match settle(tx, desk.keys, desk.beside, (person, &given.field, &given.keep), by)? {
        Decided::Kept => Ok(Ok((Outcome::Applied, Some(person)))),
        Decided::Gone => Ok(Err(Refusal::of("decided_already"))),
    }
}

fn settle(
    tx: &mut Session,
    keys: &Keys,
    beside: &mut dyn Beside,
    (person, field, keep): (PersonId, &str, &str),
    (by, at): (UserId, DateTime<Utc>),
) -> Result<Decided, CareError> {
    // As in recording: nobody else changes a field meanwhile.
    next_ids(tx, "care_edit", 1)?;
    let known: Vec<Edit> = of_field(tx, keys, person, field)?.into_iter().filter(Edit::is_disputed).collect();
    let Some(kept) = known.iter().find(|edit| edit.operation == keep) else { return Ok(Decided::Gone) };
    for edit in &known {
        let state = if edit.id == kept.id { State::Current } else { State::Dropped };
        let values = [edit.id.into(), state.name().into(), by.into(), stamp(at).into()];
        tx.exec(include_str!("../../sql/edit_decide.sql"), &values)?;
    }
    let on = local_day(kept.at);
    beside.told(tx, &Told { edit: kept.id, person, field, value: &kept.value, on, by: kept.by })?;
    Ok(Decided::Kept)
}
