//! Two people for a role that sees people: one gives it, another confirms it. Until then it gives nothing.
//!
//! Whoever runs accounts sees nobody's data; alone they could make an account that does. `confirmed_by` of a role names
//! who stands beside them. Somebody who could confirm a role gives it at once: they gain nothing by it. So does whoever
//! is at the machine with the keys.

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, UserId};
use serde_json::json;
use store::{Row, Session, stamp};

use super::find::read_grant;
use crate::authz::{Grant, Role, Target};
use crate::users::grant::detail;
use crate::{Accounts, AccountsError, Actor, only, time};

/// A role that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: i64,
    pub user: UserId,
    pub grant: Grant,
    pub given_at: DateTime<Utc>,
    /// A user's id, or the name of a program.
    pub given_by: String,
    /// Where the account belongs.
    pub home: DivisionCode,
}

impl Accounts {
    /// Roles that wait and that the actor may confirm, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn waiting(&self, db: &mut Session, actor: Actor<'_>) -> Result<Vec<Waiting>, AccountsError> {
        let rows = db.query(include_str!("../../sql/grant_waiting.sql"), &[])?;
        let all: Vec<Waiting> = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok(all.into_iter().filter(|one| self.demand_confirming(actor, one).is_ok()).collect())
    }

    /// Lets a role count, from this very moment.
    ///
    /// # Errors
    /// `NoGrant` when it waits no longer; `SecondPerson` for whoever gave or receives it; `NotAllowed`.
    pub fn confirm(&self, db: &mut Session, actor: Actor<'_>, waiting: i64) -> Result<(), AccountsError> {
        self.settle(db, actor, waiting, "user.confirm", include_str!("../../sql/grant_confirm.sql"))
    }

    /// Takes a role that waits away again.
    ///
    /// # Errors
    /// As [`Accounts::confirm`].
    pub fn refuse(&self, db: &mut Session, actor: Actor<'_>, waiting: i64) -> Result<(), AccountsError> {
        self.settle(db, actor, waiting, "user.refuse", include_str!("../../sql/grant_refuse.sql"))
    }

    fn settle(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        waiting: i64,
        action: &str,
        sql: &str,
    ) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            let row = tx.query_opt(include_str!("../../sql/grant_waiting_one.sql"), &[waiting.into()])?;
            let one = read(&row.ok_or(AccountsError::NoGrant)?)?;
            self.demand_confirming(actor, &one)?;
            let params = [waiting.into(), stamp(self.now()).into(), actor.name().into()];
            if tx.exec(sql, &params)? != 1 {
                return Err(AccountsError::NoGrant);
            }
            tx.exec(include_str!("../../sql/session_renew_all.sql"), &[one.user.into()])?;
            self.note(tx, &actor.name(), action, &one.user.to_string(), &detail(&one.grant))
        })
    }

    fn demand_confirming(&self, actor: Actor<'_>, one: &Waiting) -> Result<(), AccountsError> {
        let Actor::User(who) = actor else { return Ok(()) };
        if one.given_by == actor.name() || one.user == who.user {
            return Err(AccountsError::SecondPerson);
        }
        let role = self.authz.role(&one.grant.role).ok_or_else(|| AccountsError::NoRole(one.grant.role.clone()))?;
        let there = one.grant.division.unwrap_or(one.home);
        self.demand(actor, "user.confirm", &Target::division(there))?;
        if confirms(actor, role, there) { Ok(()) } else { Err(only(&role.confirmed_by)) }
    }

    /// Whether a role given by the actor counts at once.
    pub(crate) fn counts_at_once(&self, actor: Actor<'_>, role: &Role, there: DivisionCode) -> bool {
        role.confirmed_by.is_empty() || matches!(actor, Actor::Command) || confirms(actor, role, there)
    }

    /// What needs a second person needs one again once an account may have changed hands: its password and its second
    /// factor are the actor's to hand over.
    pub(crate) fn wait_again(&self, tx: &mut Session, actor: Actor<'_>, user: UserId) -> Result<(), AccountsError> {
        let known = self.user(tx, user)?;
        for grant in &known.grants {
            let Some(role) = self.authz.role(&grant.role) else { continue };
            if !self.counts_at_once(actor, role, grant.division.unwrap_or(known.division)) {
                let params = [user.into(), grant.role.as_str().into(), actor.name().into()];
                tx.exec(include_str!("../../sql/grant_wait_again.sql"), &params)?;
                self.note(tx, &actor.name(), "user.wait", &user.to_string(), &json!({ "role": grant.role }))?;
            }
        }
        Ok(())
    }
}

/// Whether the actor holds a role that may confirm this one, in a division around it.
fn confirms(actor: Actor<'_>, role: &Role, there: DivisionCode) -> bool {
    let Actor::User(who) = actor else { return true };
    who.grants.iter().any(|held| {
        role.confirmed_by.contains(&held.role) && held.division.is_some_and(|division| division.contains(there))
    })
}

fn read(row: &Row<'_>) -> Result<Waiting, AccountsError> {
    let damaged = |_| AccountsError::Damaged { table: "account", cause: "no division" };
    Ok(Waiting {
        id: row.int(0)?,
        user: UserId(row.int(1)?),
        given_at: time::at(row, 2)?,
        given_by: row.text(3)?.to_owned(),
        grant: read_grant(row, 4)?,
        home: row.text(7)?.parse().map_err(damaged)?,
    })
}
