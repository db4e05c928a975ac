//! Making accounts: the first administrator, invitations, a family that registers itself.

use kernel::{DivisionCode, UserId};
use serde_json::json;
use store::{Session, Value, next_ids, stamp};

use super::{Link, LinkPurpose, NewUser, PARTED, State, plain_phone, plain_username};
use crate::authz::{Grant, Kind, Target};
use crate::entropy::spoken;
use crate::users::grant::ADMINISTRATOR;
use crate::{Accounts, AccountsError, Actor, password, sealing};

impl Accounts {
    /// Makes the first administrator, who gets a link to set a password.
    ///
    /// # Errors
    /// `AdministratorExists`, and those of [`Accounts::invite`].
    pub fn create_administrator(
        &self,
        db: &mut Session,
        username: &str,
        display_name: &str,
        division: DivisionCode,
    ) -> Result<Link, AccountsError> {
        let new = NewUser {
            username: username.to_owned(),
            kind: Kind::Staff,
            display_name: display_name.to_owned(),
            phone: None,
            division,
            grants: vec![Grant { role: ADMINISTRATOR.to_owned(), division: Some(division), place: None }],
        };
        db.transaction(|tx| {
            if tx
                .query_one(include_str!("../../sql/grant_holders.sql"), &[ADMINISTRATOR.into(), 0_i64.into()])?
                .int(0)?
                > 0
            {
                return Err(AccountsError::AdministratorExists);
            }
            self.invite_in(tx, Actor::Command, &new)
        })
    }

    /// Makes an account with its roles and a link to set its password.
    ///
    /// # Errors
    /// `NotAllowed`, `Username`, `UsernameTaken`, `PhoneTaken`, `NoName`, and those of [`Accounts::grant`].
    pub fn invite(&self, db: &mut Session, actor: Actor<'_>, new: &NewUser) -> Result<Link, AccountsError> {
        db.transaction(|tx| self.invite_in(tx, actor, new))
    }

    pub(crate) fn invite_in(&self, tx: &mut Session, actor: Actor<'_>, new: &NewUser) -> Result<Link, AccountsError> {
        let permission = if new.kind == Kind::Family { "bond.make" } else { "user.invite" };
        self.demand(actor, permission, &Target::division(new.division))?;
        let user = self.make(tx, &actor.name(), new, State::Invited)?;
        for grant in &new.grants {
            self.grant_in(tx, actor, user, grant)?;
        }
        let link = self.make_link(tx, actor, user, LinkPurpose::Invite)?;
        self.note(tx, &actor.name(), "user.invite", &user.to_string(), &json!({ "kind": new.kind.name() }))?;
        Ok(link)
    }

    /// Makes a family account that is open at once; the caller has checked what entitles to it.
    ///
    /// # Errors
    /// `Password` and those of [`Accounts::invite`].
    pub(crate) fn register(&self, tx: &mut Session, new: &NewUser, hash: &str) -> Result<UserId, AccountsError> {
        let user = self.make(tx, "registration", new, State::Active)?;
        self.keep_password(tx, user, hash)?;
        Ok(user)
    }

    /// The row of a new account.
    pub(crate) fn make(
        &self,
        tx: &mut Session,
        by: &str,
        new: &NewUser,
        state: State,
    ) -> Result<UserId, AccountsError> {
        let nameless = new.username.trim().is_empty() && new.kind == Kind::Family && new.phone.is_some();
        let username = match nameless {
            true => self.invented_username(),
            false => plain_username(&new.username).ok_or(AccountsError::Username)?,
        };
        let name = new.display_name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            return Err(AccountsError::NoName);
        }
        let phone = match new.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty()) {
            Some(phone) => Some(plain_phone(phone).ok_or(AccountsError::Phone)?),
            None => None,
        };
        if self.find(tx, &username)?.is_some() {
            return Err(AccountsError::UsernameTaken);
        }
        if let Some(phone) = &phone
            && self.find(tx, phone)?.is_some()
        {
            return Err(AccountsError::PhoneTaken);
        }
        let id = next_ids(tx, "account", 1)?.start;
        let profile = format!("{name}{PARTED}{}", phone.as_deref().unwrap_or_default());
        let params = [
            id.into(),
            username.into(),
            new.kind.name().into(),
            state.name().into(),
            new.division.to_string().into(),
            self.keys.seal(&sealing("account profile", id), profile.as_bytes()).into(),
            Value::from(phone.map(|phone| self.keys.blind("account phone", &phone))),
            stamp(self.now()).into(),
            by.into(),
        ];
        let made = tx.exec(include_str!("../../sql/account_insert.sql"), &params);
        made.map_err(|e| if e.is_duplicate() { AccountsError::UsernameTaken } else { e.into() })?;
        Ok(UserId(id))
    }

    /// For a family that signs in by its phone number.
    fn invented_username(&self) -> String {
        loop {
            let code = spoken(self.entropy.as_ref(), 2).to_lowercase().replace('-', ".");
            if let Some(name) = plain_username(&format!("fam.{code}")) {
                return name;
            }
        }
    }

    /// Hashes a password that may be taken; slow, so outside of transactions.
    pub(crate) fn hash_for(
        &self,
        kind: Kind,
        username: &str,
        display_name: &str,
        given: &str,
    ) -> Result<String, AccountsError> {
        let about = password::About { kind, username, display_name };
        let faults = password::judge(&self.authz.rules, self.breached.as_ref(), about, given)?;
        if !faults.is_empty() {
            return Err(AccountsError::Password(faults));
        }
        Ok(password::hash(&self.authz.rules, self.entropy.as_ref(), given))
    }

    /// Keeps the hash, sealed.
    pub(crate) fn keep_password(&self, tx: &mut Session, user: UserId, hash: &str) -> Result<(), AccountsError> {
        let sealed = self.keys.seal(&sealing("account password", user.0), hash.as_bytes());
        let params = [user.into(), sealed.into(), stamp(self.now()).into()];
        tx.exec(include_str!("../../sql/account_set_password.sql"), &params)?;
        Ok(())
    }
}
