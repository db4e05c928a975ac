//! Accounts at a government's identity provider (OpenID Connect): whose they are here.
//!
//! The protocol itself is spoken elsewhere; this room is told issuer and subject of a token that was checked. An
//! identity is linked to an account by its owner or by whoever runs accounts; none is ever made by signing in.

use chrono::{DateTime, Utc};
use kernel::UserId;
use serde_json::json;
use store::{Session, next_ids, stamp};

use crate::authz::{Kind, Target};
use crate::signing::{SignedIn, Stage};
use crate::users::State;
use crate::{Accounts, AccountsError, Actor, sealing, time};

/// Who somebody is at a provider, from a token that was checked.
#[derive(Clone, Copy)]
pub struct ExternalIdentity<'a> {
    /// The provider's address, as the token names it.
    pub issuer: &'a str,
    /// Its name for the person; may be a citizen's number, so it is kept sealed.
    pub subject: &'a str,
    /// Whether the provider itself asked for a second factor (`amr` or `acr` of the token).
    pub second_factor: bool,
}

impl ExternalIdentity<'_> {
    fn whole(&self) -> String {
        format!("{}\n{}", self.issuer, self.subject)
    }
}

/// An identity that an account signs in by. The provider's name for the person is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityLine {
    pub id: i64,
    pub issuer: String,
    pub linked_at: DateTime<Utc>,
}

impl Accounts {
    /// An account's identities, in the order in which they were linked.
    ///
    /// # Errors
    /// Those of the database.
    pub fn identities(&self, db: &mut Session, user: UserId) -> Result<Vec<IdentityLine>, AccountsError> {
        let rows = db.query(include_str!("../sql/identity_of_account.sql"), &[user.into()])?;
        let line = |row: &store::Row<'_>| {
            Ok(IdentityLine { id: row.int(0)?, issuer: row.text(1)?.to_owned(), linked_at: time::at(row, 2)? })
        };
        rows.iter().map(line).collect()
    }

    /// Forgets one of one's own identities.
    ///
    /// # Errors
    /// `NoAccount` when it is none of them.
    pub fn unlink_identity(&self, db: &mut Session, user: UserId, identity: i64) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            let params = [identity.into(), user.into()];
            if tx.exec(include_str!("../sql/identity_end.sql"), &params)? != 1 {
                return Err(AccountsError::NoAccount);
            }
            self.note(tx, &user.to_string(), "identity.unlink", &user.to_string(), &json!({}))
        })
    }

    /// Lets an account sign in by a provider.
    ///
    /// # Errors
    /// `NotAllowed` unless it is the own account or one that the actor may lock; `IdentityTaken`, `State`.
    pub fn link_identity(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        identity: &ExternalIdentity<'_>,
    ) -> Result<(), AccountsError> {
        let whole = identity.whole();
        db.transaction(|tx| {
            let own = matches!(actor, Actor::User(who) if who.user == user);
            let known = if own { self.user(tx, user)? } else { self.user_under(tx, actor, user)? };
            if known.state == State::Closed {
                return Err(AccountsError::State { user, state: known.state });
            }
            if !own {
                // Whoever links could be the one who signs in by it.
                self.wait_again(tx, actor, user)?;
                if known.kind == Kind::Family {
                    self.demand(actor, "bond.make", &Target::division(known.division))?;
                }
            }
            let id = next_ids(tx, "external_identity", 1)?.start;
            let params = [
                id.into(),
                user.into(),
                identity.issuer.into(),
                self.keys.seal(&sealing("external_identity", id), whole.as_bytes()).into(),
                self.keys.blind("external identity", &whole).into(),
                stamp(self.now()).into(),
                actor.name().into(),
            ];
            let made = tx.exec(include_str!("../sql/identity_insert.sql"), &params);
            made.map_err(|e| if e.is_duplicate() { AccountsError::IdentityTaken } else { e.into() })?;
            let detail = json!({ "issuer": identity.issuer });
            self.note(tx, &actor.name(), "identity.link", &user.to_string(), &detail)
        })
    }

    /// Signs in whoever a provider vouches for. Where a second factor is needed and the provider asked for none, ours
    /// is asked for.
    ///
    /// # Errors
    /// `Refused` when nobody here has the identity; `Locked`.
    pub fn sign_in_by_provider(
        &self,
        db: &mut Session,
        identity: &ExternalIdentity<'_>,
        device: &str,
    ) -> Result<SignedIn, AccountsError> {
        let blind = self.keys.blind("external identity", &identity.whole());
        let row = db.query_opt(include_str!("../sql/identity_find.sql"), &[blind.into()])?;
        let user = UserId(row.ok_or(AccountsError::Refused)?.int(0)?);
        let rules = &self.authz.rules;
        let in_time = chrono::Duration::minutes(i64::from(rules.second_factor.minutes_to_answer));
        db.transaction(|tx| {
            let known = self.user(tx, user)?;
            match known.state {
                State::Active => {}
                State::Locked => return Err(AccountsError::Locked),
                State::Invited | State::Closed => return Err(AccountsError::Refused),
            }
            if !identity.second_factor && known.second_factor {
                return Ok(SignedIn::SecondFactor(self.open_stage(tx, user, Stage::SecondFactor, in_time, device)?));
            }
            if !identity.second_factor && rules.needs_second_factor(known.kind) {
                return Ok(SignedIn::Enrol(self.open_stage(tx, user, Stage::Enrol, in_time * 3, device)?));
            }
            let whole = self.open_whole(tx, user, device)?;
            let detail = json!({ "provider": identity.issuer });
            self.note(tx, &user.to_string(), "session.begin", &user.to_string(), &detail)?;
            Ok(SignedIn::Whole(whole))
        })
    }
}
