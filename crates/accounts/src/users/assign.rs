//! People whom an account looks after: a visitor's elders, a worker's clients.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use serde_json::json;
use store::{Session, next_ids, stamp};

use super::State;
use crate::authz::Target;
use crate::{Accounts, AccountsError, Actor};

impl Accounts {
    /// Gives a person into somebody's care; twice is once. `division`: where the person lives, as the registry says.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State`.
    pub fn assign(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        (person, division): (PersonId, Option<DivisionCode>),
    ) -> Result<(), AccountsError> {
        self.demand(actor, "visit.assign", &Target::person(person, division))?;
        db.transaction(|tx| {
            let known = self.user(tx, user)?;
            if known.state == State::Closed {
                return Err(AccountsError::State { user, state: known.state });
            }
            if assigned_to(tx, user)?.contains(&person) {
                return Ok(());
            }
            let id = next_ids(tx, "account_assignment", 1)?.start;
            let params = [id.into(), user.into(), person.into(), stamp(self.now()).into(), actor.name().into()];
            tx.exec(include_str!("../../sql/assignment_insert.sql"), &params)?;
            let detail = json!({ "person": person.to_string() });
            self.note(tx, &actor.name(), "user.assign", &user.to_string(), &detail)
        })
    }

    /// Takes a person out of somebody's care, from this very moment.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn unassign(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        (person, division): (PersonId, Option<DivisionCode>),
    ) -> Result<(), AccountsError> {
        self.demand(actor, "visit.assign", &Target::person(person, division))?;
        db.transaction(|tx| {
            let params = [user.into(), person.into(), stamp(self.now()).into(), actor.name().into()];
            if tx.exec(include_str!("../../sql/assignment_end.sql"), &params)? == 0 {
                return Ok(());
            }
            let detail = json!({ "person": person.to_string() });
            self.note(tx, &actor.name(), "user.unassign", &user.to_string(), &detail)
        })
    }
}

impl Accounts {
    /// Whether a person was in an account's care at a moment.
    ///
    /// # Errors
    /// Those of the database.
    pub fn looked_after(
        &self,
        db: &mut Session,
        user: UserId,
        person: PersonId,
        at: DateTime<Utc>,
    ) -> Result<bool, AccountsError> {
        let params = [user.into(), person.into(), stamp(at).into()];
        Ok(db.query_one(include_str!("../../sql/assignment_at.sql"), &params)?.int(0)? > 0)
    }

    /// Who looks after whom, among these accounts' people: every standing assignment, by person.
    ///
    /// # Errors
    /// Those of the database.
    pub fn assignments(&self, db: &mut Session) -> Result<Vec<(PersonId, UserId)>, AccountsError> {
        let rows = db.query(include_str!("../../sql/assignment_standing.sql"), &[])?;
        rows.iter().map(|row| Ok((PersonId(row.int(0)?), UserId(row.int(1)?)))).collect()
    }
}

/// Everyone in an account's care.
pub(crate) fn assigned_to(db: &mut Session, user: UserId) -> Result<BTreeSet<PersonId>, AccountsError> {
    let rows = db.query(include_str!("../../sql/assignment_of_account.sql"), &[user.into()])?;
    rows.iter().map(|row| Ok(PersonId(row.int(0)?))).collect()
}
