//! Reading visits: of a person, by village.

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId, UserId};
use store::{Keys, Row, Session};

use crate::operation::VisitGiven;
use crate::read::{division, moment, open};
use crate::{CareError, sealing};

/// A visit with everything that was answered.
#[derive(Clone, Debug)]
pub struct VisitLine {
    pub id: i64,
    pub operation: String,
    pub person: PersonId,
    pub village: DivisionCode,
    pub kind: String,
    pub met: bool,
    pub attention: i64,
    pub by: UserId,
    pub on: Date,
    pub at: DateTime<Utc>,
    /// By the device's clock.
    pub device_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub clock_off_ms: i64,
    pub answers: VisitGiven,
}

impl VisitLine {
    /// Whether the device's clock was off so far that the day could be another, or its time was not believed.
    #[must_use]
    pub fn clock_was_wrong(&self) -> bool {
        const MOST: i64 = 120;
        (self.device_at - self.at).num_seconds().abs() > MOST
    }
}

/// A person's visits, the newest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn of_person(db: &mut Session, keys: &Keys, person: PersonId, most: i64) -> Result<Vec<VisitLine>, CareError> {
    let rows = db.query(include_str!("../../sql/visit_of_person.sql"), &[person.into(), most.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// One visit.
///
/// # Errors
/// Those of the database and of seals.
pub fn visit(db: &mut Session, keys: &Keys, id: i64) -> Result<Option<VisitLine>, CareError> {
    let row = db.query_opt(include_str!("../../sql/visit_get.sql"), &[id.into()])?;
    row.map(|row| read(keys, &row)).transpose()
}

fn read(keys: &Keys, row: &Row<'_>) -> Result<VisitLine, CareError> {
    let id = row.int(0)?;
    let device_at = DateTime::parse_from_rfc3339(row.text(10)?).map(|at| at.with_timezone(&Utc));
    Ok(VisitLine {
        id,
        operation: row.text(1)?.to_owned(),
        person: PersonId(row.int(2)?),
        village: division(row, 3)?,
        kind: row.text(4)?.to_owned(),
        met: row.int(5)? == 1,
        attention: row.int(6)?,
        by: UserId(row.int(7)?),
        on: row.date(8)?,
        at: moment(row, 9)?,
        device_at: device_at.map_err(|_| CareError::Damaged { table: "care_visit", cause: "a moment" })?,
        received_at: moment(row, 11)?,
        clock_off_ms: row.int(12)?,
        answers: open(keys, "care_visit", &sealing("care_visit", id), row.blob(13)?)?,
    })
}

/// Visits made inside a division from one day to another, by village: all, and those at which the person was met.
///
/// # Errors
/// Those of the database.
pub fn made_by_village(
    db: &mut Session,
    (low, high): (&str, &str),
    (from, to): (Date, Date),
) -> Result<Vec<(DivisionCode, i64, i64, i64)>, CareError> {
    let params = [low.into(), high.into(), from.into(), to.into()];
    let rows = db.query(include_str!("../../sql/visit_by_village.sql"), &params)?;
    rows.iter().map(|row| Ok((division(row, 0)?, row.int(1)?, row.int(2)?, row.int(3)?))).collect()
}

/// Kinds and days of the visits at which the person was met, that happened or came in since a moment: what the last
/// night could not know.
///
/// # Errors
/// Those of the database.
pub fn visited_since(
    db: &mut Session,
    person: PersonId,
    (after, at): (Date, DateTime<Utc>),
) -> Result<Vec<(String, Date)>, CareError> {
    let params = [person.into(), after.into(), store::stamp(at).into()];
    let rows = db.query(include_str!("../../sql/visit_since.sql"), &params)?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.date(1)?))).collect()
}
