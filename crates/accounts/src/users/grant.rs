//! Giving and taking roles.

use kernel::UserId;
use serde_json::json;
use store::{Session, Value, next_ids, stamp};

use super::State;
use crate::authz::{Grant, Role, Target};
use crate::{Accounts, AccountsError, Actor, only};

/// The role that runs accounts; `authz/roles.toml` must have it.
pub(crate) const ADMINISTRATOR: &str = "administrator";

impl Accounts {
    /// Gives a role, in a division or for a place. Sessions of the account change their token at the next request.
    /// Giving what is held already changes nothing. A role with `confirmed_by` waits for a second person.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State`, `NoRole`, `RoleKind`, `RoleLevel`, `RolePlace`, `RolesConflict`.
    pub fn grant(&self, db: &mut Session, actor: Actor<'_>, user: UserId, grant: &Grant) -> Result<(), AccountsError> {
        db.transaction(|tx| self.grant_in(tx, actor, user, grant))
    }

    pub(crate) fn grant_in(
        &self,
        tx: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        grant: &Grant,
    ) -> Result<(), AccountsError> {
        let role = self.authz.role(&grant.role).ok_or_else(|| AccountsError::NoRole(grant.role.clone()))?;
        let known = self.user(tx, user)?;
        self.demand_giving(actor, role, grant, known.division)?;
        if known.state == State::Closed {
            return Err(AccountsError::State { user, state: known.state });
        }
        if role.kind != known.kind || role.given_by.is_empty() {
            return Err(AccountsError::RoleKind(role.id.clone()));
        }
        check_shape(role, grant)?;
        if let Some(other) = known.grants.iter().chain(&known.waiting).find(|held| role.never_with.contains(&held.role))
        {
            return Err(AccountsError::RolesConflict { role: role.id.clone(), other: other.role.clone() });
        }
        if known.grants.contains(grant) || known.waiting.contains(grant) {
            return Ok(());
        }
        let now = stamp(self.now());
        let at_once = self.counts_at_once(actor, role, grant.division.unwrap_or(known.division));
        let id = next_ids(tx, "account_grant", 1)?.start;
        let params = [
            id.into(),
            user.into(),
            grant.role.as_str().into(),
            Value::from(grant.division.map(|division| division.to_string())),
            Value::from(grant.place),
            now.as_str().into(),
            actor.name().into(),
            Value::from(at_once.then_some(now.as_str())),
            Value::from(at_once.then(|| actor.name())),
        ];
        tx.exec(include_str!("../../sql/grant_insert.sql"), &params)?;
        tx.exec(include_str!("../../sql/session_renew_all.sql"), &[user.into()])?;
        self.note(tx, &actor.name(), "user.grant", &user.to_string(), &detail(grant))
    }

    /// Takes a role back, from this very moment: sessions read what is held at each request.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `NoGrant`, `LastAdministrator`.
    pub fn revoke(&self, db: &mut Session, actor: Actor<'_>, user: UserId, grant: &Grant) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            let known = self.user(tx, user)?;
            // A role that the file has no longer is taken by whoever may give any.
            match self.authz.role(&grant.role) {
                Some(role) => self.demand_giving(actor, role, grant, known.division)?,
                None => self.demand(actor, "user.grant", &Target::division(known.division))?,
            }
            if !known.grants.contains(grant) && !known.waiting.contains(grant) {
                return Err(AccountsError::NoGrant);
            }
            let last_of_it = known.grants.contains(grant)
                && known.grants.iter().filter(|held| held.role == ADMINISTRATOR).count() == 1;
            if grant.role == ADMINISTRATOR && last_of_it {
                self.keep_an_administrator(tx, &known)?;
            }
            let params = [
                user.into(),
                grant.role.as_str().into(),
                grant.division.map_or_else(String::new, |division| division.to_string()).into(),
                grant.place.map_or(0, |place| place.0).into(),
                stamp(self.now()).into(),
                actor.name().into(),
            ];
            tx.exec(include_str!("../../sql/grant_end.sql"), &params)?;
            tx.exec(include_str!("../../sql/session_renew_all.sql"), &[user.into()])?;
            self.note(tx, &actor.name(), "user.revoke", &user.to_string(), &detail(grant))
        })
    }

    /// Who gives roles here must hold one that may give this one, itself in a division around it.
    pub(crate) fn demand_giving(
        &self,
        actor: Actor<'_>,
        role: &Role,
        grant: &Grant,
        home: kernel::DivisionCode,
    ) -> Result<(), AccountsError> {
        let Actor::User(who) = actor else { return Ok(()) };
        let there = grant.division.unwrap_or(home);
        self.demand(actor, "user.grant", &Target::division(there))?;
        let may = who.grants.iter().any(|held| {
            role.given_by.contains(&held.role) && held.division.is_some_and(|division| division.contains(there))
        });
        if may { Ok(()) } else { Err(only(&role.given_by)) }
    }
}

/// A division of the role's level, or a place, as the role asks for.
fn check_shape(role: &Role, grant: &Grant) -> Result<(), AccountsError> {
    let fits = match grant.division {
        Some(division) => role.levels.contains(&division.level()),
        None => role.levels.is_empty(),
    };
    if !fits {
        return Err(AccountsError::RoleLevel { role: role.id.clone(), levels: role.levels.clone() });
    }
    let needs_place = role.levels.is_empty();
    if needs_place != grant.place.is_some() {
        return Err(AccountsError::RolePlace(role.id.clone()));
    }
    Ok(())
}

pub(super) fn detail(grant: &Grant) -> serde_json::Value {
    json!({
        "role": grant.role,
        "division": grant.division.map(|division| division.to_string()),
        "place": grant.place.map(|place| place.to_string()),
    })
}
