//! One assessor's sheet comes in: the first opens the assessment, the second ends it or shows where they differ.

use chrono::{DateTime, Months, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use store::{Session, Value, next_ids, stamp};

use super::{Scored, Sealed, State, differences};
use crate::assessments::queries::{self, AssessmentLine};
use crate::forms::Forms;
use crate::journal::{Desk, Done, Fault, Outcome, Refusal};
use crate::operation::{Answers, SheetGiven};
use crate::read::seal;
use crate::{Assessed, CareError, Operation, OperationId, attachments, local_day, sealing};

const NOTE: usize = 500;
const PICTURES: usize = 12;
const EVENTS: u32 = 99;

pub(crate) fn answer(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &SheetGiven,
) -> Result<Done, CareError> {
    let sender = desk.sender;
    let at = sender.corrected(operation.at);
    let (person, home) = match desk.person(tx, "assessment.record", &given.person, at)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = Refusal::unless_sound(faults(desk.forms, given)) {
        return Ok(Err(refusal));
    }
    // Taking the number first: two sheets that come at once are one after the other.
    let id = next_ids(tx, "care_sheet", 1)?.start;
    let open = queries::open_of(tx, desk.keys, person)?;
    if open.as_ref().is_some_and(|open| open.sheets.iter().any(|sheet| sheet.by == sender.user)) {
        return Ok(Err(Refusal::of("answered_already")));
    }
    if open.as_ref().is_some_and(|open| open.state != State::Open) {
        return Ok(Err(Refusal::of("two_have_answered")));
    }
    let assessment = match &open {
        Some(open) => open.id,
        None => begin(tx, desk.forms, person, home, at)?,
    };
    let values: [Value; 8] = [
        id.into(),
        (&operation.id).into(),
        assessment.into(),
        sender.user.into(),
        (&sender.device).into(),
        stamp(at).into(),
        stamp(sender.now).into(),
        seal(desk.keys, &sealing("care_sheet", id), given).into(),
    ];
    tx.exec(include_str!("../../sql/sheet_insert.sql"), &values)?;
    let mut pictures = given.attachments.clone();
    pictures.push(given.signature.clone());
    attachments::belong_to(tx, sender, &operation.id, &pictures)?;
    let Some(open) = open else { return Ok(Ok((Outcome::Applied, Some(person)))) };
    let Some(first) = open.sheets.first() else { return Ok(Ok((Outcome::Applied, Some(person)))) };
    if differences(&first.given.answers, &given.answers).is_empty() {
        let on = first.at.max(at);
        finish(tx, desk, &open, &given.answers, (on, [first.by, sender.user]), None)?;
    } else {
        set_state(tx, desk.keys, assessment, State::Differs, &Sealed::default())?;
    }
    Ok(Ok((Outcome::Applied, Some(person))))
}

fn begin(
    tx: &mut Session,
    forms: &Forms,
    person: PersonId,
    home: DivisionCode,
    at: DateTime<Utc>,
) -> Result<i64, CareError> {
    let id = next_ids(tx, "care_assessment", 1)?.start;
    let values: [Value; 6] = [
        id.into(),
        person.into(),
        home.to_string().into(),
        forms.scale.id.as_str().into(),
        State::Open.name().into(),
        local_day(at).into(),
    ];
    tx.exec(include_str!("../../sql/assessment_insert.sql"), &values)?;
    Ok(id)
}

pub(super) fn set_state(
    tx: &mut Session,
    keys: &store::Keys,
    id: i64,
    state: State,
    sealed: &Sealed,
) -> Result<(), CareError> {
    let blob = seal(keys, &sealing("care_assessment", id), sealed);
    tx.exec(include_str!("../../sql/assessment_set_state.sql"), &[id.into(), state.name().into(), blob.into()])?;
    Ok(())
}

/// Both say the same: the scale is applied, and what comes of it becomes known.
pub(super) fn finish(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    assessment: &AssessmentLine,
    answers: &Answers,
    (at, by): (DateTime<Utc>, [UserId; 2]),
    proposal: Option<super::Proposal>,
) -> Result<(), CareError> {
    let scale = &desk.forms.scale;
    let fault = |_| CareError::Damaged { table: "care_sheet", cause: "answers that do not fit the scale" };
    let result = scale.assess(&answers.form(scale)).map_err(fault)?;
    let on = local_day(at);
    let months = desk.beside.validity_months(scale, on);
    let end = months.and_then(|months| on.checked_add_months(Months::new(months))?.pred_opt());
    let scored = Scored {
        answers: answers.clone(),
        total: result.total,
        subtotals: result.subtotals.clone(),
        preliminary_level: result.preliminary_level,
        final_level: result.final_level,
        adjustments: result.adjustments.clone(),
    };
    let sealed = Sealed { proposal, outcome: Some(scored) };
    let values: [Value; 4] = [
        assessment.id.into(),
        on.into(),
        end.into(),
        seal(desk.keys, &sealing("care_assessment", assessment.id), &sealed).into(),
    ];
    tx.exec(include_str!("../../sql/assessment_finish.sql"), &values)?;
    let assessed = Assessed {
        assessment: assessment.id,
        person: assessment.person,
        scale: &assessment.scale,
        on,
        valid_until: end,
        result: &result,
        diagnoses: &answers.diagnoses,
        by,
    };
    desk.beside.assessed(tx, &assessed)
}

/// Everything that does not fit the scale and the form.
fn faults(forms: &Forms, given: &SheetGiven) -> Vec<Fault> {
    let mut faults = answer_faults(forms, &given.answers);
    let mut fault = |field: &str, code: &'static str| faults.push(Fault { field: field.to_owned(), code });
    let knows = |item: &String| forms.scale.item(item).is_some();
    let ways =
        |ways: &Vec<String>| ways.iter().all(|way| forms.assessment.known_by.iter().any(|known| known.id == *way));
    if !given.known_by.iter().all(|(item, how)| knows(item) && ways(how)) {
        fault("known_by", "unknown");
    }
    if !given.notes.keys().all(knows) {
        fault("notes", "unknown");
    }
    if given.notes.values().any(|note| note.chars().count() > NOTE) {
        fault("notes", "too_long");
    }
    if given.informant.as_ref().is_some_and(|who| !forms.assessment.informants.iter().any(|known| known.id == *who)) {
        fault("informant", "unknown");
    }
    if given.signature.parse::<OperationId>().is_err() {
        fault("signature", "missing");
    }
    if given.attachments.len() > PICTURES || given.attachments.iter().any(|id| id.parse::<OperationId>().is_err()) {
        fault("attachments", "unknown");
    }
    faults
}

pub(super) fn answer_faults(forms: &Forms, answers: &Answers) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(found) = forms.scale.assess(&answers.form(&forms.scale)) {
        let code = found.code();
        let named = found.items().iter().take(40);
        faults.extend(named.map(|item| Fault { field: item.chars().take(20).collect(), code }));
    }
    if answers.events.iter().any(|(kind, n)| !forms.assessment.events.iter().any(|e| e.id == *kind) || *n > EVENTS) {
        faults.push(Fault { field: "events".into(), code: "unknown" });
    }
    if answers.diagnoses.iter().any(|code| !forms.assessment.diagnoses.iter().any(|known| known.code == *code)) {
        faults.push(Fault { field: "diagnoses".into(), code: "unknown" });
    }
    faults
}
