//! A visit as a visitor recorded it, checked against the form with all faults at once.

use std::collections::BTreeSet;

use serde_json::json;
use store::{Session, Value, next_ids, stamp};

use crate::forms::VisitForm;
use crate::journal::{Desk, Done, Fault, Outcome, Refusal};
use crate::operation::{CheckState, VisitGiven};
use crate::read::seal;
use crate::{CareError, Operation, OperationId, VisitMade, attachments, local_day, sealing};

const NOTE: usize = 2000;
const PICTURES: usize = 12;

pub(crate) fn record(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &VisitGiven,
) -> Result<Done, CareError> {
    let sender = desk.sender;
    let happened_at = sender.corrected(given.began_at);
    let (person, home) = match desk.person(tx, "visit.record", &given.person, happened_at)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = Refusal::unless_sound(faults(&desk.forms.visit, given)) {
        return Ok(Err(refusal));
    }
    let id = next_ids(tx, "care_visit", 1)?.start;
    let attention = given.checks.values().filter(|check| check.state != CheckState::Ok).count();
    let values: [Value; 15] = [
        id.into(),
        (&operation.id).into(),
        person.into(),
        home.to_string().into(),
        given.visit_kind.as_str().into(),
        given.met.into(),
        i64::try_from(attention).unwrap_or(0).into(),
        sender.user.into(),
        (&sender.device).into(),
        local_day(happened_at).into(),
        stamp(happened_at).into(),
        given.began_at.to_rfc3339().into(),
        stamp(sender.now).into(),
        sender.clock_off_ms.into(),
        seal(desk.keys, &sealing("care_visit", id), given).into(),
    ];
    tx.exec(include_str!("../../sql/visit_insert.sql"), &values)?;
    for need in &given.needs {
        let number = next_ids(tx, "care_need", 1)?.start;
        let blob = seal(desk.keys, &sealing("care_need", number), &json!({ "need": need.need, "wants": need.wants }));
        let state = if need.wants { "open" } else { "declined" };
        let values: [Value; 7] = [
            number.into(),
            id.into(),
            person.into(),
            home.to_string().into(),
            local_day(happened_at).into(),
            state.into(),
            blob.into(),
        ];
        tx.exec(include_str!("../../sql/need_insert.sql"), &values)?;
    }
    attachments::belong_to(tx, sender, &operation.id, &given.attachments)?;
    if given.met {
        let on = local_day(happened_at);
        desk.beside.visit_made(tx, &VisitMade { visit: id, person, kind: &given.visit_kind, on, by: sender.user })?;
    }
    Ok(Ok((Outcome::Applied, Some(person))))
}

/// Everything that does not fit the form.
fn faults(form: &VisitForm, given: &VisitGiven) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |field: String, code: &'static str| faults.push(Fault { field, code });
    match form.kind(&given.visit_kind) {
        None => fault("visit_kind".into(), "unknown"),
        Some(kind) if given.met => {
            for check in kind.checks.iter().filter(|id| !given.checks.contains_key(*id)) {
                fault(format!("checks.{check}"), "missing");
            }
        }
        Some(_) => {}
    }
    match (&given.not_met, given.met) {
        (Some(_), true) => fault("not_met".into(), "not_asked"),
        (None, false) => fault("not_met".into(), "missing"),
        (Some(why), false) if !form.not_met.iter().any(|w| w.id == *why) => fault("not_met".into(), "unknown"),
        _ => {}
    }
    for (id, check) in &given.checks {
        let place = format!("checks.{}", short(id));
        let Some(known) = form.check(id) else {
            fault(place, "unknown");
            continue;
        };
        if check.signs.iter().any(|sign| !known.signs.iter().any(|k| k.id == *sign)) || repeats(&check.signs) {
            fault(place.clone(), "unknown");
        }
        if check.note.chars().count() > NOTE {
            fault(place, "too_long");
        }
    }
    if given.helps.iter().any(|help| !form.helps.iter().any(|h| h.id == *help)) || repeats(&given.helps) {
        fault("helps".into(), "unknown");
    }
    let needs: Vec<String> = given.needs.iter().map(|need| need.need.clone()).collect();
    if needs.iter().any(|need| form.need(need).is_none()) || repeats(&needs) {
        fault("needs".into(), "unknown");
    }
    if given.note.chars().count() > NOTE {
        fault("note".into(), "too_long");
    }
    if given.confirm.as_ref().is_some_and(|how| !form.confirms.iter().any(|c| c.id == *how)) {
        fault("confirm".into(), "unknown");
    }
    if given.attachments.len() > PICTURES {
        fault("attachments".into(), "too_many");
    } else if given.attachments.iter().any(|id| id.parse::<OperationId>().is_err()) || repeats(&given.attachments) {
        fault("attachments".into(), "unknown");
    }
    faults
}

fn repeats(ids: &[String]) -> bool {
    ids.iter().collect::<BTreeSet<_>>().len() < ids.len()
}

/// A name that came from outside, cut to what can be shown.
fn short(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}
