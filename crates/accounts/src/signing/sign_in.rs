//! From name and password to a session, by way of a second factor where one is needed.

use chrono::Duration;
use kernel::UserId;
use serde_json::json;
use store::{Session, stamp};

use super::attempts::{self, Gate};
use super::sessions::{NewSession, Stage};
use super::totp;
use crate::authz::{AttemptRule, Kind};
use crate::entropy::plain_code;
use crate::error::seal;
use crate::users::{State, plain_phone, plain_username};
use crate::{Accounts, AccountsError, Token, password, sealing};

/// Somebody at the door.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// User name or phone number.
    pub name: &'a str,
    pub password: &'a str,
    /// The address it comes from; kept as a keyed digest.
    pub source: &'a str,
    /// A few words about the device, for the owner's list of sessions.
    pub device: &'a str,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum SignedIn {
    Whole(NewSession),
    /// A code of the second factor is still to come: [`Accounts::answer_code`].
    SecondFactor(NewSession),
    /// A second factor is to be set up first: [`Accounts::set_up_second_factor`].
    Enrol(NewSession),
}

/// What is kept of whoever has the name.
pub(super) struct Known {
    pub user: UserId,
    pub kind: Kind,
    pub state: State,
    /// The opened Argon2id text.
    pub password: Option<String>,
    pub totp: Option<Vec<u8>>,
    pub totp_step: Option<i64>,
}

impl Accounts {
    /// Judges a name and a password.
    ///
    /// An unknown name, a wrong password, an account that is invited or closed all end in `Refused`, after the same
    /// work: one hash of the stated cost. Slow by intent; call it outside of transactions and not for many at once.
    ///
    /// # Errors
    /// `Refused`, `Wait`, `Locked`; those of the database.
    pub fn sign_in(&self, db: &mut Session, attempt: &Attempt<'_>) -> Result<SignedIn, AccountsError> {
        let known = self.known(db, attempt.name)?;
        let account = match &known {
            Some(known) => self.attempts_of(known.user),
            None => attempts::subject(&self.keys, "account", &plain_name(attempt.name)),
        };
        let source = attempts::subject(&self.keys, "source", attempt.source);
        let last = self.count_attempt(db, &account, &source)?;
        let kept = known.as_ref().and_then(|known| known.password.as_deref());
        let right = password::verify(kept.unwrap_or(&self.decoy), attempt.password) && kept.is_some();
        let Some(known) = known.filter(|known| right && known.state != State::Closed) else {
            return Err(self.wrong(db, attempt.name, last)?);
        };
        if known.state != State::Active {
            return Err(AccountsError::Locked);
        }
        let stale = known.password.as_deref().is_some_and(|kept| password::is_stale(&self.authz.rules, kept));
        let anew = stale.then(|| password::hash(&self.authz.rules, self.entropy.as_ref(), attempt.password));
        db.transaction(|tx| {
            attempts::take_back(tx, &source)?;
            if let Some(hash) = &anew {
                self.keep_password(tx, known.user, hash)?;
            }
            let in_time = Duration::minutes(i64::from(self.authz.rules.second_factor.minutes_to_answer));
            if known.totp.is_some() {
                attempts::take_back(tx, &account)?;
                return Ok(SignedIn::SecondFactor(self.open_stage(
                    tx,
                    known.user,
                    Stage::SecondFactor,
                    in_time,
                    attempt.device,
                )?));
            }
            attempts::forget(tx, &account)?;
            if self.authz.rules.needs_second_factor(known.kind) {
                let enrol = self.open_stage(tx, known.user, Stage::Enrol, in_time * 3, attempt.device)?;
                return Ok(SignedIn::Enrol(enrol));
            }
            let whole = self.open_whole(tx, known.user, attempt.device)?;
            self.note(tx, &known.user.to_string(), "session.begin", &known.user.to_string(), &json!({}))?;
            Ok(SignedIn::Whole(whole))
        })
    }

    /// Answers with a code of the authenticator app, or with a recovery code; the session is whole then and has a new
    /// token.
    ///
    /// # Errors
    /// `NotSignedIn` when it took too long, `WrongCode`, `Wait`, `Locked`.
    pub fn answer_code(
        &self,
        db: &mut Session,
        token: &Token,
        code: &str,
        source: &str,
    ) -> Result<NewSession, AccountsError> {
        let partial = self.partial(db, token, Stage::SecondFactor)?;
        let account = self.attempts_of(partial.user);
        let source = attempts::subject(&self.keys, "source", source);
        let last = self.count_attempt(db, &account, &source)?;
        let code = plain_code(code);
        let answered = db.transaction(|tx| {
            let known = self.known_by_id(tx, partial.user)?;
            if known.state != State::Active {
                return Err(AccountsError::Locked);
            }
            let means = if self.take_totp(tx, &known, &code)? {
                "totp"
            } else if self.take_recovery_code(tx, known.user, &code)? {
                "recovery code"
            } else {
                return Ok(None);
            };
            // In the order in which they are counted: who counts meanwhile waits, and neither for the other.
            attempts::take_back(tx, &source)?;
            attempts::forget(tx, &account)?;
            tx.exec(include_str!("../../sql/session_end.sql"), &[partial.id.into()])?;
            let whole = self.open_whole(tx, known.user, &partial.device)?;
            let detail = json!({ "second_factor": means });
            self.note(tx, &known.user.to_string(), "session.begin", &known.user.to_string(), &detail)?;
            Ok(Some(whole))
        })?;
        match answered {
            Some(whole) => Ok(whole),
            None => {
                if last {
                    self.lock_out(db, partial.user)?;
                }
                Err(AccountsError::WrongCode)
            }
        }
    }

    /// Whether it is the code of a step that was not used before; then it is used. Two at once: one is right.
    pub(super) fn take_totp(&self, tx: &mut Session, known: &Known, code: &str) -> Result<bool, AccountsError> {
        let Some(secret) = &known.totp else { return Ok(false) };
        let around = self.authz.rules.second_factor.steps_around;
        let Some(step) = totp::accept(secret, code, self.now(), around, known.totp_step) else { return Ok(false) };
        Ok(tx.exec(include_str!("../../sql/account_take_step.sql"), &[known.user.into(), step.into()])? == 1)
    }

    /// Counts an attempt on the account and from the source before it is judged; says whether it is the last before
    /// the account locks. While either waits, nothing is counted.
    pub(crate) fn count_attempt(&self, db: &mut Session, account: &str, source: &str) -> Result<bool, AccountsError> {
        let rules = &self.authz.rules.attempts;
        self.count_attempts(db, [(source, rules.source), (account, rules.account)])
    }

    /// Counts an attempt on each, all or none; says whether it is the last before the last of them locks.
    pub(super) fn count_attempts<const N: usize>(
        &self,
        db: &mut Session,
        on: [(&str, AttemptRule); N],
    ) -> Result<bool, AccountsError> {
        let now = self.now();
        db.transaction(|tx| {
            let mut locks = false;
            for (subject, rule) in on {
                locks = match attempts::count(tx, subject, rule, now)? {
                    Gate::Open { last, .. } => last,
                    Gate::Wait(left) => return Err(AccountsError::Wait(left)),
                };
            }
            Ok(locks)
        })
    }

    fn wrong(&self, db: &mut Session, name: &str, last: bool) -> Result<AccountsError, AccountsError> {
        if last && let Some(user) = self.find(db, name)? {
            self.lock_out(db, user)?;
        }
        Ok(AccountsError::Refused)
    }

    fn lock_out(&self, db: &mut Session, user: UserId) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            if tx.exec(include_str!("../../sql/account_lock_out.sql"), &[user.into()])? == 0 {
                return Ok(());
            }
            tx.exec(include_str!("../../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
            self.note(tx, "sign-in", "user.lock", &user.to_string(), &json!({ "cause": "wrong attempts" }))
        })
    }

    fn known(&self, db: &mut Session, name: &str) -> Result<Option<Known>, AccountsError> {
        let Some(user) = self.find(db, name)? else { return Ok(None) };
        self.known_by_id(db, user).map(Some)
    }

    pub(super) fn known_by_id(&self, db: &mut Session, user: UserId) -> Result<Known, AccountsError> {
        let row = db.query_opt(include_str!("../../sql/account_secrets.sql"), &[user.into()])?;
        let row = row.ok_or(AccountsError::NoAccount)?;
        let damaged = |cause| AccountsError::Damaged { table: "account", cause };
        let open = |what: &str, sealed: Option<&[u8]>| {
            sealed.map(|sealed| self.keys.open(&sealing(what, user.0), sealed)).transpose().map_err(seal("account"))
        };
        let password = open("account password", row.opt_blob(2)?)?.map(String::from_utf8).transpose();
        Ok(Known {
            user,
            kind: Kind::read(row.text(0)?).ok_or(damaged("an unknown kind"))?,
            state: State::read(row.text(1)?).ok_or(damaged("an unknown state"))?,
            password: password.map_err(|_| damaged("a password hash is no text"))?,
            totp: open("account totp", row.opt_blob(3)?)?,
            totp_step: row.opt_int(4)?,
        })
    }

    /// Changes the own password; all other sessions end.
    ///
    /// # Errors
    /// `Refused` when the old one is wrong, `Wait`, `Password`.
    pub fn change_password(
        &self,
        db: &mut Session,
        signed: &super::Signed,
        old: &str,
        new: &str,
    ) -> Result<(), AccountsError> {
        self.confirm_password(db, signed.user, old)?;
        let user = self.user(db, signed.user)?;
        let hash = self.hash_for(user.kind, &user.username, &user.display_name, new)?;
        db.transaction(|tx| {
            self.keep_password(tx, signed.user, &hash)?;
            tx.exec(include_str!("../../sql/session_end_all.sql"), &[signed.user.into(), signed.session.0.into()])?;
            tx.exec(include_str!("../../sql/session_renew_all.sql"), &[signed.user.into()])?;
            self.note(tx, &signed.user.to_string(), "password.set", &signed.user.to_string(), &json!({}))
        })
    }

    /// Asks for the password once more before something grave; wrong ones count as at the door.
    ///
    /// # Errors
    /// `Refused`, `Wait`.
    pub fn confirm_password(&self, db: &mut Session, user: UserId, given: &str) -> Result<(), AccountsError> {
        let known = self.known_by_id(db, user)?;
        let account = self.attempts_of(user);
        let gate = db.transaction(|tx| attempts::count(tx, &account, self.authz.rules.attempts.account, self.now()))?;
        if let Gate::Wait(left) = gate {
            return Err(AccountsError::Wait(left));
        }
        if !known.password.is_some_and(|kept| password::verify(&kept, given)) {
            if matches!(gate, Gate::Open { last: true, .. }) {
                self.lock_out(db, user)?;
            }
            return Err(AccountsError::Refused);
        }
        db.transaction(|tx| attempts::take_back(tx, &account))
    }

    /// Removes what is over: sessions, links, attempts and codes nobody can use any more. For the nightly run.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tidy(&self, db: &mut Session) -> Result<u64, AccountsError> {
        let now = self.now();
        let old = stamp(now - Duration::days(30));
        db.transaction(|tx| {
            let ended = tx.exec(include_str!("../../sql/session_tidy.sql"), &[stamp(now).into()])?;
            let links = tx.exec(include_str!("../../sql/link_tidy.sql"), &[old.clone().into()])?;
            let codes = tx.exec(include_str!("../../sql/elder_code_tidy.sql"), &[old.clone().into()])?;
            let attempts = tx.exec(include_str!("../../sql/attempt_tidy.sql"), &[old.into()])?;
            Ok(ended + links + codes + attempts)
        })
    }
}

/// A name nobody has, folded as those are that somebody has.
fn plain_name(name: &str) -> String {
    plain_phone(name).or_else(|| plain_username(name)).unwrap_or_else(|| name.trim().to_lowercase())
}
