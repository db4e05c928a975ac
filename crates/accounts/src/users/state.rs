//! Locking, unlocking, closing.

use kernel::UserId;
use serde_json::json;
use store::{Session, Value, stamp};

use super::{PARTED, State, User};
use crate::authz::Target;
use crate::signing::attempts;
use crate::users::grant::ADMINISTRATOR;
use crate::{Accounts, AccountsError, Actor, sealing};

impl Accounts {
    /// Keeps an account out until it is unlocked; its sessions end.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State`, `LastAdministrator`.
    pub fn lock(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<(), AccountsError> {
        self.turn(db, actor, user, "user.lock", &[State::Active], State::Locked)
    }

    /// Lets a locked account in again and forgets its wrong attempts.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State`.
    pub fn unlock(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<(), AccountsError> {
        self.turn(db, actor, user, "user.unlock", &[State::Locked, State::Active], State::Active)
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`.
    pub fn end_sessions(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<u64, AccountsError> {
        db.transaction(|tx| {
            self.user_under(tx, actor, user)?;
            let ended = tx.exec(include_str!("../../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
            let detail = json!({ "sessions": ended });
            self.note(tx, &actor.name(), "session.end_all", &user.to_string(), &detail)?;
            Ok(ended)
        })
    }

    /// Closes an account for good: sessions, links, roles, bonds and assignments end, secrets are thrown away.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State`, `LastAdministrator`.
    pub fn close(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<(), AccountsError> {
        self.turn(db, actor, user, "user.close", &[State::Invited, State::Active, State::Locked], State::Closed)
    }

    fn turn(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        action: &str,
        from: &[State],
        to: State,
    ) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            let known = self.user_under(tx, actor, user)?;
            if !from.contains(&known.state) {
                return Err(AccountsError::State { user, state: known.state });
            }
            if to != State::Active {
                self.keep_an_administrator(tx, &known)?;
                tx.exec(include_str!("../../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
            } else {
                attempts::forget(tx, &self.attempts_of(user))?;
            }
            if to == State::Closed {
                self.strip(tx, actor, user)?;
            }
            tx.exec(include_str!("../../sql/account_set_state.sql"), &[user.into(), to.name().into()])?;
            self.note(tx, &actor.name(), action, &user.to_string(), &json!({}))
        })
    }

    /// What a closed account must not keep.
    fn strip(&self, tx: &mut Session, actor: Actor<'_>, user: UserId) -> Result<(), AccountsError> {
        let now = stamp(self.now());
        let ended = [user.into(), now.clone().into(), actor.name().into()];
        tx.exec(include_str!("../../sql/link_end_all.sql"), &[user.into(), now.clone().into()])?;
        tx.exec(include_str!("../../sql/token_end_all.sql"), &[user.into(), now.into()])?;
        tx.exec(include_str!("../../sql/grant_end_all.sql"), &ended)?;
        tx.exec(include_str!("../../sql/assignment_end_all.sql"), &ended)?;
        tx.exec(include_str!("../../sql/bond_end_all.sql"), &ended)?;
        tx.exec(include_str!("../../sql/account_drop_password.sql"), &[user.into()])?;
        tx.exec(include_str!("../../sql/identity_end_all.sql"), &[user.into()])?;
        self.forget_phone(tx, user)?;
        self.drop_second_factor(tx, user)
    }

    /// The number is free for another account.
    fn forget_phone(&self, tx: &mut Session, user: UserId) -> Result<(), AccountsError> {
        let profile = format!("{}{PARTED}", self.user(tx, user)?.display_name);
        let sealed = self.keys.seal(&sealing("account profile", user.0), profile.as_bytes());
        tx.exec(include_str!("../../sql/account_set_profile.sql"), &[user.into(), sealed.into(), Value::Null])?;
        Ok(())
    }

    /// The account, if the actor may lock it: inside the actor's division, and holding no role that the actor could not
    /// give. Otherwise a link for a new password would be a way up.
    pub(crate) fn user_under(&self, tx: &mut Session, actor: Actor<'_>, user: UserId) -> Result<User, AccountsError> {
        let known = self.user_for(tx, actor, "user.lock", user)?;
        for grant in known.grants.iter().chain(&known.waiting) {
            if let Some(role) = self.authz.role(&grant.role) {
                self.demand_giving(actor, role, grant, known.division)?;
            }
        }
        Ok(known)
    }

    /// The account, if the actor may do this to it.
    pub(crate) fn user_for(
        &self,
        tx: &mut Session,
        actor: Actor<'_>,
        permission: &str,
        user: UserId,
    ) -> Result<User, AccountsError> {
        let known = self.user(tx, user)?;
        self.demand(actor, permission, &Target::division(known.division))?;
        Ok(known)
    }

    /// Refuses what would leave nobody to run accounts.
    pub(crate) fn keep_an_administrator(&self, tx: &mut Session, losing: &User) -> Result<(), AccountsError> {
        let is_one = losing.state == State::Active && losing.grants.iter().any(|grant| grant.role == ADMINISTRATOR);
        let others = [ADMINISTRATOR.into(), losing.id.into()];
        if is_one && tx.query_one(include_str!("../../sql/grant_holders.sql"), &others)?.int(0)? == 0 {
            return Err(AccountsError::LastAdministrator);
        }
        Ok(())
    }

    /// The subject under which wrong attempts on an account are counted.
    pub(crate) fn attempts_of(&self, user: UserId) -> String {
        attempts::subject(&self.keys, "account", &user.to_string())
    }
}
