//! Two assessors differ: one proposes what both should have answered, the other agrees or proposes anew.

use store::{Session, next_ids};

use super::answer::{answer_faults, finish, set_state};
use super::queries::{AssessmentLine, get};
use super::{Proposal, Sealed, State, differences};
use crate::journal::{Desk, Done, Fault, Outcome, Refusal};
use crate::operation::{AgreeGiven, SettleGiven};
use crate::{CareError, Operation};

const REASON: usize = 1000;

pub(crate) fn propose(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &SettleGiven,
) -> Result<Done, CareError> {
    let assessment = match of_two(tx, desk, operation, given.assessment)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut faults = answer_faults(desk.forms, &given.answers);
    if given.reason.trim().is_empty() {
        faults.push(Fault { field: "reason".into(), code: "missing" });
    } else if given.reason.chars().count() > REASON {
        faults.push(Fault { field: "reason".into(), code: "too_long" });
    }
    // What both answered alike is not up for discussion.
    let [first, second] = &assessment.sheets[..] else { return Ok(Err(Refusal::of("not_settled_now"))) };
    let open = differences(&first.given.answers, &second.given.answers);
    let changed = differences(&first.given.answers, &given.answers);
    let outside = changed.into_iter().filter(|change| !open.iter().any(|o| o.field == change.field));
    faults.extend(outside.map(|change| Fault { field: change.field, code: "both_agreed" }));
    if let Err(refusal) = Refusal::unless_sound(faults) {
        return Ok(Err(refusal));
    }
    let proposal = Proposal {
        operation: operation.id.to_string(),
        by: desk.sender.user.0,
        answers: given.answers.clone(),
        reason: given.reason.clone(),
    };
    let sealed = Sealed { proposal: Some(proposal), outcome: None };
    set_state(tx, desk.keys, assessment.id, State::Proposed, &sealed)?;
    Ok(Ok((Outcome::Applied, Some(assessment.person))))
}

pub(crate) fn agree(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    given: &AgreeGiven,
) -> Result<Done, CareError> {
    let assessment = match of_two(tx, desk, operation, given.assessment)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(proposal) = assessment.sealed.proposal.clone().filter(|p| p.operation == given.proposal) else {
        return Ok(Err(Refusal::of("other_proposal")));
    };
    if proposal.by == desk.sender.user.0 {
        return Ok(Err(Refusal::of("own_proposal")));
    }
    let [first, second] = &assessment.sheets[..] else { return Ok(Err(Refusal::of("not_settled_now"))) };
    let (on, by) = (first.at.max(second.at), [first.by, second.by]);
    let answers = proposal.answers.clone();
    finish(tx, desk, &assessment, &answers, (on, by), Some(proposal))?;
    Ok(Ok((Outcome::Applied, Some(assessment.person))))
}

/// The assessment, when the sender is one of its two and it is still to be settled.
fn of_two(
    tx: &mut Session,
    desk: &mut Desk<'_>,
    operation: &Operation,
    id: i64,
) -> Result<Result<AssessmentLine, Refusal>, CareError> {
    next_ids(tx, "care_sheet", 1)?;
    let Some(assessment) = get(tx, desk.keys, id)? else { return Ok(Err(Refusal::of("no_assessment"))) };
    let at = desk.sender.corrected(operation.at);
    let may = desk.beside.may(tx, "assessment.record", assessment.person, at)?;
    if !may || !assessment.sheets.iter().any(|sheet| sheet.by == desk.sender.user) {
        return Ok(Err(Refusal::of("not_allowed")));
    }
    let settling = matches!(assessment.state, State::Differs | State::Proposed);
    Ok(if settling { Ok(assessment) } else { Err(Refusal::of("not_settled_now")) })
}
