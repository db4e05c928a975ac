//! Links that set a password, once and for a while.

use chrono::Duration;
use kernel::UserId;
use serde_json::json;
use store::{Session, next_ids, stamp};

use super::{Link, LinkOwner, LinkPurpose, State, open_profile};
use crate::authz::{Kind, Target};
use crate::signing::attempts;
use crate::{Accounts, AccountsError, Actor, Token, time};

impl Accounts {
    /// Whose link it is, for the page behind it.
    ///
    /// # Errors
    /// `LinkSpent` for one that is unknown, used or too old.
    pub fn link_owner(&self, db: &mut Session, token: &Token) -> Result<LinkOwner, AccountsError> {
        let params = [token.hash().into(), stamp(self.now()).into()];
        let row = db.query_opt(include_str!("../../sql/link_open.sql"), &params)?.ok_or(AccountsError::LinkSpent)?;
        let damaged = || AccountsError::Damaged { table: "account_link", cause: "an unknown word" };
        let user = row.int(0)?;
        Ok(LinkOwner {
            user: UserId(user),
            purpose: LinkPurpose::read(row.text(1)?).ok_or_else(damaged)?,
            ends_at: time::at(&row, 2)?,
            username: row.text(3)?.to_owned(),
            kind: Kind::read(row.text(4)?).ok_or_else(damaged)?,
            display_name: open_profile(self, user, row.blob(5)?)?.0,
        })
    }

    /// Sets the password that a link is for. The account is open afterwards; all its sessions have ended. A locked
    /// account stays locked.
    ///
    /// # Errors
    /// `LinkSpent`, `Password`.
    pub fn follow_link(&self, db: &mut Session, token: &Token, given: &str) -> Result<UserId, AccountsError> {
        let owner = self.link_owner(db, token)?;
        let hash = self.hash_for(owner.kind, &owner.username, &owner.display_name, given)?;
        db.transaction(|tx| {
            let now = stamp(self.now());
            if tx.exec(include_str!("../../sql/link_use.sql"), &[token.hash().into(), now.into()])? != 1 {
                return Err(AccountsError::LinkSpent);
            }
            self.keep_password(tx, owner.user, &hash)?;
            tx.exec(include_str!("../../sql/account_open.sql"), &[owner.user.into()])?;
            tx.exec(include_str!("../../sql/session_end_all.sql"), &[owner.user.into(), 0_i64.into()])?;
            attempts::forget(tx, &self.attempts_of(owner.user))?;
            let detail = json!({ "link": owner.purpose.name() });
            self.note(tx, &owner.user.to_string(), "password.set", &owner.user.to_string(), &detail)
        })?;
        Ok(owner.user)
    }

    /// A new link; earlier ones of the account end.
    pub(crate) fn make_link(
        &self,
        tx: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        purpose: LinkPurpose,
    ) -> Result<Link, AccountsError> {
        let now = self.now();
        let hours = match purpose {
            LinkPurpose::Invite => self.authz.rules.links.invitation_hours,
            LinkPurpose::Reset => self.authz.rules.links.reset_hours,
        };
        let ends_at = now + Duration::hours(i64::from(hours));
        tx.exec(include_str!("../../sql/link_end_all.sql"), &[user.into(), stamp(now).into()])?;
        let token = Token::fresh(self.entropy.as_ref());
        let id = next_ids(tx, "account_link", 1)?.start;
        let params = [
            id.into(),
            user.into(),
            purpose.name().into(),
            token.hash().into(),
            stamp(now).into(),
            actor.name().into(),
            stamp(ends_at).into(),
        ];
        tx.exec(include_str!("../../sql/link_insert.sql"), &params)?;
        Ok(Link { user, token, ends_at })
    }

    /// Takes the password away and gives a link for a new one; with `second_factor`, that goes too. Sessions end. Roles
    /// that need a second person wait for one again, unless the account's own second factor still guards it.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `State` for a closed account.
    pub fn reset(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        user: UserId,
        second_factor: bool,
    ) -> Result<Link, AccountsError> {
        db.transaction(|tx| {
            let known = self.user_under(tx, actor, user)?;
            if known.state == State::Closed {
                return Err(AccountsError::State { user, state: known.state });
            }
            tx.exec(include_str!("../../sql/account_drop_password.sql"), &[user.into()])?;
            if known.kind == Kind::Family {
                // Whoever hands over the link could use it; a family account sees an elder.
                self.demand(actor, "bond.make", &Target::division(known.division))?;
            }
            if second_factor || !known.second_factor {
                self.wait_again(tx, actor, user)?;
            }
            if second_factor {
                self.drop_second_factor(tx, user)?;
            }
            tx.exec(include_str!("../../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
            let purpose = if known.state == State::Invited { LinkPurpose::Invite } else { LinkPurpose::Reset };
            let link = self.make_link(tx, actor, user, purpose)?;
            let detail = json!({ "second_factor": second_factor });
            self.note(tx, &actor.name(), "user.reset", &user.to_string(), &detail)?;
            Ok(link)
        })
    }
}
