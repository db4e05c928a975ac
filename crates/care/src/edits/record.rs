//! A change comes in: is it made with what stands there in sight?

use kernel::PersonId;
use serde_json::Value as Json;
use store::{Session, Value, next_ids, stamp};

use super::State;
use super::queries::{Edit, of_field};
use crate::forms::Format;
use crate::journal::{Desk, Done, Fault, Outcome, Refusal};
use crate::operation::EditGiven;
use crate::read::seal;
use crate::{CareError, Operation, Told, local_day, sealing};

const TEXT: usize = 200;

pub(crate) fn record(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &EditGiven,
) -> Result<Done, CareError> {
    let sender = desk.sender;
    let at = sender.corrected(operation.at);
    let kept_here = desk.forms.visit.field(&given.field).map(|field| field.format);
    let permission = if kept_here.is_some() { "visit.record" } else { "fact.answer" };
    let (person, home) = match desk.person(tx, permission, &given.person, at)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let fits = match kept_here {
        Some(format) => Some(fits(format, &given.value)),
        None => desk.beside.fits(&given.field, &given.value),
    };
    let fault = |field: &str, code| Fault { field: field.to_owned(), code };
    let faults = match fits {
        None => vec![fault("field", "unknown")],
        Some(false) => vec![fault("value", "unfit")],
        Some(true) if given.base.as_ref().is_some_and(|base| base.len() > 40) => vec![fault("base", "unknown")],
        Some(true) => Vec::new(),
    };
    if let Err(refusal) = Refusal::unless_sound(faults) {
        return Ok(Err(refusal));
    }
    // Taking the number first lets nobody else change a field meanwhile.
    let id = next_ids(tx, "care_edit", 1)?.start;
    let known = of_field(tx, desk.keys, person, &given.field)?;
    let state = meet(tx, &known, given)?;
    let values: [Value; 12] = [
        id.into(),
        (&operation.id).into(),
        person.into(),
        home.to_string().into(),
        given.field.as_str().into(),
        given.base.as_deref().into(),
        sender.user.into(),
        (&sender.device).into(),
        stamp(at).into(),
        stamp(sender.now).into(),
        state.name().into(),
        seal(desk.keys, &sealing("care_edit", id), &given.value).into(),
    ];
    tx.exec(include_str!("../../sql/edit_insert.sql"), &values)?;
    if state == State::Current {
        let told =
            Told { edit: id, person, field: &given.field, value: &given.value, on: local_day(at), by: sender.user };
        desk.beside.told(tx, &told)?;
    }
    let outcome = if state == State::Conflict { Outcome::Conflict } else { Outcome::Applied };
    Ok(Ok((outcome, Some(PersonId(person.0)))))
}

/// Where the new change stands among the known ones, which are moved accordingly.
fn meet(tx: &mut Session, known: &[Edit], given: &EditGiven) -> Result<State, CareError> {
    let disputed = known.iter().any(|edit| edit.state == State::Conflict.name());
    let Some(standing) = known.iter().find(|edit| edit.state == State::Current.name()) else {
        return Ok(if disputed { State::Conflict } else { State::Current });
    };
    if standing.value == given.value {
        return Ok(State::Agreed);
    }
    let seen = given.base.as_deref() == Some(standing.operation.as_str());
    let state = if seen { State::Superseded } else { State::Conflict };
    tx.exec(include_str!("../../sql/edit_set_state.sql"), &[standing.id.into(), state.name().into()])?;
    Ok(if seen { State::Current } else { State::Conflict })
}

fn fits(format: Format, value: &Json) -> bool {
    let Some(text) = value.as_str() else { return false };
    match format {
        Format::Text => !text.trim().is_empty() && text.chars().count() <= TEXT,
        Format::Phone => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            (5..=15).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b"+- ".contains(&b))
        }
    }
}
