//! Reading changes: what stands, what is disputed.

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use serde_json::Value as Json;
use store::{Keys, Row, Session};

use super::State;
use crate::read::{division, moment, open};
use crate::{CareError, sealing};

/// A change with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub id: i64,
    pub operation: String,
    pub person: PersonId,
    pub village: DivisionCode,
    pub field: String,
    pub by: UserId,
    pub device: String,
    pub at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    /// A word of [`State`].
    pub state: String,
    pub value: Json,
}

/// Several values of one field of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    pub person: PersonId,
    pub village: DivisionCode,
    pub field: String,
    pub edits: Vec<Edit>,
}

/// What stands and what is disputed of a person, field by field.
///
/// # Errors
/// Those of the database and of seals.
pub fn standing_of(db: &mut Session, keys: &Keys, person: PersonId) -> Result<Vec<Edit>, CareError> {
    let rows = db.query(include_str!("../../sql/edit_of_person.sql"), &[person.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// Disputes inside a division, the oldest first.
///
/// # Errors
/// Those of the database and of seals.
pub fn disputes(db: &mut Session, keys: &Keys, (low, high): (&str, &str)) -> Result<Vec<Dispute>, CareError> {
    let rows = db.query(include_str!("../../sql/edit_disputed.sql"), &[low.into(), high.into()])?;
    let mut disputes: Vec<Dispute> = Vec::new();
    for row in &rows {
        let edit = read(keys, row)?;
        match disputes.iter_mut().find(|d| d.person == edit.person && d.field == edit.field) {
            Some(dispute) => dispute.edits.push(edit),
            None => disputes.push(Dispute {
                person: edit.person,
                village: edit.village,
                field: edit.field.clone(),
                edits: vec![edit],
            }),
        }
    }
    Ok(disputes)
}

/// What stands and what is disputed of one field.
pub(super) fn of_field(tx: &mut Session, keys: &Keys, person: PersonId, field: &str) -> Result<Vec<Edit>, CareError> {
    Ok(standing_of(tx, keys, person)?.into_iter().filter(|edit| edit.field == field).collect())
}

fn read(keys: &Keys, row: &Row<'_>) -> Result<Edit, CareError> {
    let id = row.int(0)?;
    Ok(Edit {
        id,
        operation: row.text(1)?.to_owned(),
        person: PersonId(row.int(2)?),
        village: division(row, 3)?,
        field: row.text(4)?.to_owned(),
        by: UserId(row.int(5)?),
        device: row.text(6)?.to_owned(),
        at: moment(row, 7)?,
        received_at: moment(row, 8)?,
        state: row.text(9)?.to_owned(),
        value: open(keys, "care_edit", &sealing("care_edit", id), row.blob(10)?)?,
    })
}

impl Edit {
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.state == State::Conflict.name()
    }
}
