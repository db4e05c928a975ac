//! Reading assessments with their sheets.

use chrono::{DateTime, Utc};
use kernel::{Date, PersonId, UserId};
use store::{Keys, Row, Session};

use super::{Sealed, State};
use crate::operation::SheetGiven;
use crate::read::{moment, open};
use crate::{CareError, sealing};

/// An assessment.
#[derive(Clone, Debug)]
pub struct AssessmentLine {
    pub id: i64,
    pub person: PersonId,
    pub scale: String,
    pub state: State,
    pub opened_on: Date,
    pub assessed_on: Option<Date>,
    pub valid_until: Option<Date>,
    pub sealed: Sealed,
    /// In the order in which they came; at most two.
    pub sheets: Vec<Sheet>,
}

/// What one of the two answered.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub operation: String,
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub given: SheetGiven,
}

/// A person's assessments, the newest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn of_person(db: &mut Session, keys: &Keys, person: PersonId) -> Result<Vec<AssessmentLine>, CareError> {
    let rows = db.query(include_str!("../../sql/assessment_of_person.sql"), &[person.into()])?;
    rows.iter().map(|row| read(db, keys, row)).collect()
}

/// The one that is not done.
pub(super) fn open_of(tx: &mut Session, keys: &Keys, person: PersonId) -> Result<Option<AssessmentLine>, CareError> {
    Ok(of_person(tx, keys, person)?.into_iter().find(|one| one.state != State::Done))
}

pub(super) fn get(tx: &mut Session, keys: &Keys, id: i64) -> Result<Option<AssessmentLine>, CareError> {
    let row = tx.query_opt(include_str!("../../sql/assessment_get.sql"), &[id.into()])?;
    row.map(|row| read(tx, keys, &row)).transpose()
}

fn read(db: &mut Session, keys: &Keys, row: &Row<'_>) -> Result<AssessmentLine, CareError> {
    let id = row.int(0)?;
    let state = State::read(row.text(3)?).ok_or(CareError::Damaged { table: "care_assessment", cause: "a state" })?;
    let sealed = row.opt_blob(7)?.map(|blob| open(keys, "care_assessment", &sealing("care_assessment", id), blob));
    let sheets = db.query(include_str!("../../sql/sheet_of_assessment.sql"), &[id.into()])?;
    let sheet = |row: &Row<'_>| -> Result<Sheet, CareError> {
        let number = row.int(0)?;
        Ok(Sheet {
            operation: row.text(1)?.to_owned(),
            by: UserId(row.int(2)?),
            at: moment(row, 3)?,
            given: open(keys, "care_sheet", &sealing("care_sheet", number), row.blob(4)?)?,
        })
    };
    Ok(AssessmentLine {
        id,
        person: PersonId(row.int(1)?),
        scale: row.text(2)?.to_owned(),
        state,
        opened_on: row.date(4)?,
        assessed_on: row.opt_date(5)?,
        valid_until: row.opt_date(6)?,
        sealed: sealed.transpose()?.unwrap_or_default(),
        sheets: sheets.iter().map(sheet).collect::<Result<_, _>>()?,
    })
}
