//! The journal: operations come in any order, in parts, several times; each takes effect once and gets its receipt.

use chrono::{DateTime, Duration, Utc};
use kernel::{PersonId, UserId};
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::{Keys, Session, Value, stamp};

use crate::forms::Forms;
use crate::{Beside, Body, CareError, Operation, OperationId, assessments, edits, visits};

/// The most operations in one delivery; more come in the next.
pub const MOST: usize = 50;

/// What is older than this, or lies ahead, has a time nobody can trust.
const TRUSTED_DAYS: i64 = 120;

/// Who hands in, with which device.
#[derive(Clone, Debug)]
pub struct Sender {
    pub user: UserId,
    pub device: OperationId,
    pub now: DateTime<Utc>,
    /// How far the device's clock is ahead.
    pub clock_off_ms: i64,
}

impl Sender {
    /// When something happened by our clock: the device's time less what its clock is ahead; the moment it came in
    /// where that can't be.
    #[must_use]
    pub fn corrected(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let corrected = at.checked_sub_signed(Duration::milliseconds(self.clock_off_ms));
        let earliest = self.now - Duration::days(TRUSTED_DAYS);
        corrected.filter(|at| (earliest..=self.now).contains(at)).unwrap_or(self.now)
    }
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect.
    Applied,
    /// It is kept beside another change of the same field; a person decides.
    Conflict,
    Refused,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
        }
    }

    fn read(text: &str) -> Self {
        match text {
            "applied" => Self::Applied,
            "conflict" => Self::Conflict,
            _ => Self::Refused,
        }
    }
}

/// One field that has to be changed, or one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub field: String,
    pub code: &'static str,
}

/// Why an operation is refused: a code, and every fault at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub faults: Vec<Fault>,
}

impl Refusal {
    #[must_use]
    pub const fn of(code: &'static str) -> Self {
        Self { code, faults: Vec::new() }
    }

    /// `Ok` when there is no fault.
    pub(crate) fn unless_sound(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { code: "invalid", faults }) }
    }
}

/// Sent back for every operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    pub id: String,
    pub outcome: Outcome,
    /// It had taken effect before.
    pub already: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// What an operation works with.
pub(crate) struct Desk<'d> {
    pub keys: &'d Keys,
    pub forms: &'d Forms,
    pub sender: &'d Sender,
    pub beside: &'d mut dyn Beside,
}

impl Desk<'_> {
    /// The person named, when the sender may do this to them.
    pub fn person(
        &self,
        tx: &mut Session,
        permission: &str,
        written: &str,
        at: DateTime<Utc>,
    ) -> Result<Result<(PersonId, kernel::DivisionCode), Refusal>, CareError> {
        let known = written.parse().ok().and_then(|person: PersonId| Some((person, self.beside.home(person)?)));
        let Some((person, home)) = known else { return Ok(Err(Refusal::of("no_person"))) };
        let may = self.beside.may(tx, permission, person, at)?;
        Ok(if may { Ok((person, home)) } else { Err(Refusal::of("not_allowed")) })
    }
}

/// Takes operations in, each in a transaction of its own, and gives a receipt for each.
///
/// # Errors
/// Faults that are nobody's input; what came before them has taken effect and will be known when it comes again.
pub fn receive(
    db: &mut Session,
    keys: &Keys,
    forms: &Forms,
    sender: &Sender,
    beside: &mut dyn Beside,
    written: &[Json],
) -> Result<Vec<Receipt>, CareError> {
    let mut desk = Desk { keys, forms, sender, beside };
    written.iter().take(MOST).map(|one| take(db, &mut desk, one)).collect()
}

fn take(db: &mut Session, desk: &mut Desk<'_>, written: &Json) -> Result<Receipt, CareError> {
    let operation = match Operation::read(written) {
        Ok(operation) => operation,
        Err(unreadable) => {
            let faults = vec![Fault { field: unreadable.cause, code: "unreadable" }];
            return Ok(receipt(unreadable.id.unwrap_or_default(), Err(Refusal { code: "unreadable", faults })));
        }
    };
    let digest = Sha256::digest(serde_json::to_vec(&operation.body).expect("what was read can be written"));
    let id = operation.id.to_string();
    let taken: Result<Receipt, CareError> = db.transaction(|tx| {
        let fresh = note(tx, desk.sender, &operation, &digest)?;
        if !fresh {
            let row = tx.query_one(include_str!("../sql/operation_get.sql"), &[(&operation.id).into()])?;
            let same = row.int(0)? == desk.sender.user.0 && row.blob(1)? == digest.as_slice();
            let outcome = Outcome::read(row.text(2)?);
            if !same {
                return Ok(receipt(id.clone(), Err(Refusal::of("id_reused"))));
            }
            if outcome != Outcome::Refused {
                return Ok(Receipt { already: true, ..receipt(id.clone(), Ok(outcome)) });
            }
        }
        let done = act(tx, desk, &operation)?;
        let (outcome, code) = match &done {
            Ok((outcome, _)) => (*outcome, None),
            Err(refusal) => (Outcome::Refused, Some(refusal.code)),
        };
        let person = done.as_ref().ok().and_then(|(_, person)| *person);
        let values: [Value; 4] = [(&operation.id).into(), outcome.name().into(), code.into(), person.into()];
        tx.exec(include_str!("../sql/operation_settle.sql"), &values)?;
        Ok(receipt(id.clone(), done.map(|(outcome, _)| outcome)))
    });
    match taken {
        // A neighbour's no undoes what was begun, and must not hold up what comes behind it.
        Err(CareError::Beside(cause)) => {
            tracing::error!(%cause, operation = %id, "an operation could not be entered");
            db.transaction(|tx| {
                note(tx, desk.sender, &operation, &digest)?;
                let code = "not_entered";
                let values: [Value; 4] =
                    [(&operation.id).into(), Outcome::Refused.name().into(), code.into(), Value::Null];
                tx.exec(include_str!("../sql/operation_settle.sql"), &values)?;
                Ok(receipt(id, Err(Refusal::of(code))))
            })
        }
        other => other,
    }
}

/// What took effect, and on whom.
pub(crate) type Done = Result<(Outcome, Option<PersonId>), Refusal>;

fn act(tx: &mut Session, desk: &mut Desk<'_>, operation: &Operation) -> Result<Done, CareError> {
    match &operation.body {
        Body::Visit(given) => visits::record(tx, desk, operation, given),
        Body::Edit(given) => edits::record(tx, desk, operation, given),
        Body::Decide(given) => edits::decide_in_the_field(tx, desk, operation, given),
        Body::Assess(given) => assessments::answer(tx, desk, operation, given),
        Body::Settle(given) => assessments::propose(tx, desk, operation, given),
        Body::Agree(given) => assessments::agree(tx, desk, operation, given),
    }
}

/// Writes the operation down; false when it stood there already.
fn note(tx: &mut Session, sender: &Sender, operation: &Operation, digest: &[u8]) -> Result<bool, CareError> {
    let values = [
        (&operation.id).into(),
        sender.user.into(),
        (&sender.device).into(),
        operation.seq.into(),
        operation.body.name().into(),
        digest.into(),
        stamp(sender.corrected(operation.at)).into(),
        stamp(sender.now).into(),
        sender.clock_off_ms.into(),
    ];
    Ok(tx.exec(include_str!("../sql/operation_insert.sql"), &values)? == 1)
}

fn receipt(id: String, done: Result<Outcome, Refusal>) -> Receipt {
    match done {
        Ok(outcome) => Receipt { id, outcome, already: false, code: None, faults: Vec::new() },
        Err(Refusal { code, faults }) => {
            Receipt { id, outcome: Outcome::Refused, already: false, code: Some(code.to_owned()), faults }
        }
    }
}

/// How many operations an account handed in, by outcome: what a test counts.
///
/// # Errors
/// Those of the database.
pub fn count_of(db: &mut Session, user: UserId) -> Result<Vec<(String, i64)>, CareError> {
    let rows = db.query(include_str!("../sql/operation_count.sql"), &[user.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}
