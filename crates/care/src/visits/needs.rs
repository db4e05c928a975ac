//! Needs found on visits, until somebody has seen to them.

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId, UserId};
use serde::Deserialize;
use serde_json::json;
use store::audit::{self, Entry};
use store::{Keys, Row, Session, stamp};

use crate::read::{division, open};
use crate::{CareError, sealing};

/// One need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedLine {
    pub id: i64,
    pub visit: i64,
    pub person: PersonId,
    pub village: DivisionCode,
    pub found_on: Date,
    /// `open`, `declined` by the person, `done`, `passed_on`, `not_needed`.
    pub state: String,
    pub need: String,
}

/// How a need was seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    Done,
    PassedOn,
    NotNeeded,
}

impl Settled {
    /// As kept in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::PassedOn => "passed_on",
            Self::NotNeeded => "not_needed",
        }
    }
}

#[derive(Deserialize)]
struct Sealed {
    need: String,
}

/// Open needs inside a division, the oldest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn needs(db: &mut Session, keys: &Keys, (low, high): (&str, &str)) -> Result<Vec<NeedLine>, CareError> {
    let rows = db.query(include_str!("../../sql/need_open.sql"), &[low.into(), high.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// Every need of a person, the newest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn needs_of(db: &mut Session, keys: &Keys, person: PersonId) -> Result<Vec<NeedLine>, CareError> {
    let rows = db.query(include_str!("../../sql/need_of_person.sql"), &[person.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// Whom a need is about.
///
/// # Errors
/// Those of the database.
pub fn need_person(db: &mut Session, id: i64) -> Result<Option<PersonId>, CareError> {
    let row = db.query_opt(include_str!("../../sql/need_person.sql"), &[id.into()])?;
    Ok(row.map(|row| row.int(0)).transpose()?.map(PersonId))
}

/// Closes a need and notes it in the trail. `false`: it was closed already, and nothing is noted.
///
/// # Errors
/// Those of the database and of the trail.
pub fn settle_need(
    db: &mut Session,
    keys: &Keys,
    (id, person): (i64, PersonId),
    settled: Settled,
    (by, at): (UserId, DateTime<Utc>),
) -> Result<bool, CareError> {
    db.transaction(|tx| {
        let values = [id.into(), settled.name().into(), by.into(), stamp(at).into()];
        if tx.exec(include_str!("../../sql/need_settle.sql"), &values)? == 0 {
            return Ok(false);
        }
        let (actor, subject) = (by.to_string(), person.to_string());
        let detail = json!({ "need": id, "state": settled.name() });
        let entry = Entry { at, actor: &actor, action: "need.settle", subject: &subject, detail: &detail };
        audit::append(tx, keys, &entry)?;
        Ok(true)
    })
}

fn read(keys: &Keys, row: &Row<'_>) -> Result<NeedLine, CareError> {
    let id = row.int(0)?;
    let sealed: Sealed = open(keys, "care_need", &sealing("care_need", id), row.blob(6)?)?;
    Ok(NeedLine {
        id,
        visit: row.int(1)?,
        person: PersonId(row.int(2)?),
        village: division(row, 3)?,
        found_on: row.date(4)?,
        state: row.text(5)?.to_owned(),
        need: sealed.need,
    })
}
