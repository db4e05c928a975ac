//! Setting up a second factor.

use kernel::UserId;
use serde_json::json;
use store::Session;

use super::sessions::{NewSession, Stage};
use super::totp;
use crate::entropy::{bytes, plain_code};
use crate::error::seal;
use crate::{Accounts, AccountsError, Token, sealing};

/// What an authenticator app is told; shown once.
#[derive(Clone)]
pub struct SecondFactorSetup {
    /// In groups of four, to be typed.
    pub secret: String,
    /// For a QR code.
    pub address: String,
}

/// A second factor stands: a session with a new token, and the codes to keep on paper.
#[derive(Clone)]
pub struct Enrolled {
    pub session: NewSession,
    pub recovery_codes: Vec<String>,
}

impl Accounts {
    /// Makes a secret to put into an app, for a session at the stage `Enrol`. It counts only once a code came back:
    /// [`Accounts::confirm_second_factor`].
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub fn set_up_second_factor(&self, db: &mut Session, token: &Token) -> Result<SecondFactorSetup, AccountsError> {
        let user = self.partial(db, token, Stage::Enrol)?.user;
        self.offer_secret(db, user)
    }

    /// Makes a secret for a new phone, or for someone who wants a second factor; asks for the password, so that a session
    /// left open is not enough. The old secret counts until the new one is confirmed.
    ///
    /// # Errors
    /// `Refused`, `Wait`.
    pub fn replace_second_factor(
        &self,
        db: &mut Session,
        user: UserId,
        password: &str,
    ) -> Result<SecondFactorSetup, AccountsError> {
        self.confirm_password(db, user, password)?;
        self.offer_secret(db, user)
    }

    fn offer_secret(&self, db: &mut Session, user: UserId) -> Result<SecondFactorSetup, AccountsError> {
        let secret = bytes::<{ totp::SECRET }>(self.entropy.as_ref());
        let sealed = self.keys.seal(&sealing("account totp", user.0), &secret);
        db.exec(include_str!("../../sql/account_set_pending.sql"), &[user.into(), sealed.into()])?;
        let username = self.user(db, user)?.username;
        let written = totp::written(&secret);
        let groups: Vec<String> =
            written.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let issuer = &self.authz.rules.second_factor.issuer;
        Ok(SecondFactorSetup { secret: groups.join(" "), address: totp::address(&secret, issuer, &username) })
    }

    /// Takes the first code of the app: the secret counts from now on, other sessions of the account end.
    ///
    /// # Errors
    /// `NotSignedIn`, `WrongCode`.
    pub fn confirm_second_factor(
        &self,
        db: &mut Session,
        token: &Token,
        code: &str,
    ) -> Result<Enrolled, AccountsError> {
        let (user, device) = self.enrolling(db, token)?;
        db.transaction(|tx| {
            let row = tx.query_one(include_str!("../../sql/account_pending.sql"), &[user.into()])?;
            let sealed = row.opt_blob(0)?.ok_or(AccountsError::WrongCode)?;
            let secret = self.keys.open(&sealing("account totp", user.0), sealed).map_err(seal("account"))?;
            let around = self.authz.rules.second_factor.steps_around;
            let step = totp::accept(&secret, &plain_code(code), self.now(), around, None);
            let step = step.ok_or(AccountsError::WrongCode)?;
            tx.exec(include_str!("../../sql/account_confirm_totp.sql"), &[user.into(), step.into()])?;
            let recovery_codes = self.make_recovery_codes(tx, user)?;
            tx.exec(include_str!("../../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
            let session = self.open_whole(tx, user, &device)?;
            self.note(tx, &user.to_string(), "second_factor.set", &user.to_string(), &json!({}))?;
            Ok(Enrolled { session, recovery_codes })
        })
    }

    /// New recovery codes in place of the old ones; ask for the password first ([`Accounts::confirm_password`]).
    ///
    /// # Errors
    /// Those of the database.
    pub fn renew_recovery_codes(&self, db: &mut Session, user: UserId) -> Result<Vec<String>, AccountsError> {
        db.transaction(|tx| {
            let codes = self.make_recovery_codes(tx, user)?;
            self.note(tx, &user.to_string(), "recovery_codes.renew", &user.to_string(), &json!({}))?;
            Ok(codes)
        })
    }

    pub(crate) fn drop_second_factor(&self, tx: &mut Session, user: UserId) -> Result<(), AccountsError> {
        tx.exec(include_str!("../../sql/account_drop_totp.sql"), &[user.into()])?;
        tx.exec(include_str!("../../sql/recovery_code_drop.sql"), &[user.into()])?;
        Ok(())
    }

    /// Whose session it is, and on which device, if a second factor may be confirmed in it.
    fn enrolling(&self, db: &mut Session, token: &Token) -> Result<(UserId, String), AccountsError> {
        let found = match self.partial(db, token, Stage::Enrol) {
            Err(AccountsError::NotSignedIn) => self.partial(db, token, Stage::Whole)?,
            other => other?,
        };
        Ok((found.user, found.device))
    }
}
