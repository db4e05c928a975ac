//! Tokens with which programs speak for an account: narrower than the account at every moment, never wider.
//!
//! A token names permissions and perhaps a division. What its owner holds is read at each request and cut to that, so a
//! role taken back is gone from the token, too. Shown once, kept as a hash.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use kernel::{DivisionCode, UserId};
use serde_json::json;
use store::{Row, Session, Value, next_ids, stamp};

use crate::authz::{Kind, Limit, Principal};
use crate::signing::{SessionId, Signed, Stage};
use crate::users::{State, open_profile};
use crate::{Accounts, AccountsError, Actor, Token, time};

/// Opens every token, so that one that went astray is recognised.
pub const PREFIX: &str = "yl_";

/// The permission that no token has: a program does not change passwords or make tokens.
const OWN: &str = "account.own";

/// A request that comes this soon after the last one is not written down.
const GRAIN: Duration = Duration::seconds(60);

const LONGEST_NAME: usize = 60;

/// A token's number; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenId(pub i64);

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    pub permissions: BTreeSet<String>,
    /// Nothing outside.
    pub division: Option<DivisionCode>,
    pub days: u32,
}

/// A token just made. Its text is shown once.
#[derive(Clone, Debug)]
pub struct MadeToken {
    pub id: TokenId,
    pub token: Token,
    pub ends_at: DateTime<Utc>,
}

impl MadeToken {
    /// What its program sends.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", self.token.reveal())
    }
}

/// A line of the owner's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    pub id: TokenId,
    pub name: String,
    pub permissions: BTreeSet<String>,
    pub division: Option<DivisionCode>,
    pub made_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub seen_at: Option<DateTime<Utc>>,
}

/// What came as a bearer's word; `None` when it can't be one of ours.
#[must_use]
pub fn read(text: &str) -> Option<Token> {
    Token::read(text.strip_prefix(PREFIX)?)
}

impl Accounts {
    /// Permissions that a token of this account can have.
    #[must_use]
    pub fn token_permissions(&self, owner: &Principal) -> Vec<&str> {
        let all = self.authz.permissions.iter().map(|permission| permission.id.as_str());
        all.filter(|id| *id != OWN && self.authz.holds(owner, id)).collect()
    }

    /// Makes a token for `owner`, on the owner's word or from the command line. A token can't make tokens.
    ///
    /// # Errors
    /// `TokenName`, `TokenDays`, `TokensFull`, `TokenPermission` for what the account does not hold, `NotSignedIn` when
    /// a token asks.
    pub fn make_token(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        owner: &Principal,
        new: &NewToken,
    ) -> Result<MadeToken, AccountsError> {
        if owner.limit.is_some() || matches!(actor, Actor::User(who) if who.limit.is_some() || who.user != owner.user) {
            return Err(AccountsError::NotSignedIn);
        }
        let (name, rule) = (new.name.trim(), self.authz.rules.tokens);
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(AccountsError::TokenName);
        }
        if new.days == 0 || new.days > rule.longest_days {
            return Err(AccountsError::TokenDays(rule.longest_days));
        }
        let open = self.token_permissions(owner);
        if let Some(beyond) = new.permissions.iter().find(|id| !open.contains(&id.as_str())) {
            return Err(AccountsError::TokenPermission(beyond.clone()));
        }
        if new.permissions.is_empty() {
            return Err(AccountsError::TokenPermission(String::new()));
        }
        db.transaction(|tx| {
            if self.tokens(tx, owner.user)?.len() >= rule.most_of_account {
                return Err(AccountsError::TokensFull(rule.most_of_account));
            }
            let (now, token) = (self.now(), Token::fresh(self.entropy.as_ref()));
            let ends_at = now + Duration::days(i64::from(new.days));
            let id = next_ids(tx, "account_token", 1)?.start;
            let params = [
                id.into(),
                owner.user.into(),
                name.into(),
                token.hash().into(),
                json!(new.permissions).to_string().into(),
                Value::from(new.division.map(|division| division.to_string())),
                stamp(now).into(),
                stamp(ends_at).into(),
            ];
            tx.exec(include_str!("../sql/token_insert.sql"), &params)?;
            let detail = json!({ "token": id, "permissions": new.permissions, "ends_at": stamp(ends_at) });
            self.note(tx, &actor.name(), "token.make", &owner.user.to_string(), &detail)?;
            Ok(MadeToken { id: TokenId(id), token, ends_at })
        })
    }

    /// The tokens of an account that have not been ended, the newest first; those past their day are among them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tokens(&self, db: &mut Session, owner: UserId) -> Result<Vec<TokenLine>, AccountsError> {
        let rows = db.query(include_str!("../sql/token_of_account.sql"), &[owner.into()])?;
        let line = |row: &Row<'_>| {
            Ok(TokenLine {
                id: TokenId(row.int(0)?),
                name: row.text(1)?.to_owned(),
                permissions: permissions(row.text(2)?)?,
                division: division(row.opt_text(3)?)?,
                made_at: time::at(row, 4)?,
                ends_at: time::at(row, 5)?,
                seen_at: time::opt(row, 6)?,
            })
        };
        rows.iter().map(line).collect()
    }

    /// Ends a token of an account, from this very moment.
    ///
    /// # Errors
    /// `NoToken`; `NotAllowed` when the actor is neither the owner nor may lock the account.
    pub fn end_token(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        owner: UserId,
        token: TokenId,
    ) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            if !matches!(actor, Actor::User(who) if who.user == owner) {
                let known = self.user(tx, owner)?;
                self.demand(actor, "user.lock", &crate::authz::Target::division(known.division))?;
            }
            let params = [token.0.into(), owner.into(), stamp(self.now()).into()];
            if tx.exec(include_str!("../sql/token_end.sql"), &params)? == 0 {
                return Err(AccountsError::NoToken);
            }
            self.note(tx, &actor.name(), "token.end", &owner.to_string(), &json!({ "token": token.0 }))
        })
    }

    /// For whom a program speaks with this token. `None`: with nobody's, or it has ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn authenticate_token(&self, db: &mut Session, token: &Token) -> Result<Option<Signed>, AccountsError> {
        let now = self.now();
        let params = [token.hash().into(), stamp(now).into()];
        let Some(row) = db.query_opt(include_str!("../sql/token_get.sql"), &params)? else { return Ok(None) };
        if row.text(7)? != State::Active.name() {
            return Ok(None);
        }
        let (id, user) = (row.int(0)?, UserId(row.int(1)?));
        let damaged = || AccountsError::Damaged { table: "account", cause: "an unknown kind" };
        let kind = Kind::read(row.text(9)?).ok_or_else(damaged)?;
        if time::opt(&row, 6)?.is_none_or(|seen| now - seen >= GRAIN) {
            db.exec(include_str!("../sql/token_touch.sql"), &[id.into(), stamp(now).into()])?;
        }
        let limit = Limit { permissions: permissions(row.text(2)?)?, division: division(row.opt_text(3)?)? };
        let principal = Principal { limit: Some(limit), ..self.principal(db, user, kind)? };
        Ok(Some(Signed {
            session: SessionId(0),
            user,
            username: row.text(8)?.to_owned(),
            display_name: open_profile(self, user.0, row.blob(10)?)?.0,
            kind,
            stage: Stage::Whole,
            principal,
            by_token: Some(TokenId(id)),
            csrf: String::new(),
            renewed: None,
            began_at: time::at(&row, 4)?,
            ends_at: time::at(&row, 5)?,
        }))
    }
}

fn permissions(text: &str) -> Result<BTreeSet<String>, AccountsError> {
    let damaged = |_| AccountsError::Damaged { table: "account_token", cause: "permissions can't be read" };
    serde_json::from_str(text).map_err(damaged)
}

fn division(text: Option<&str>) -> Result<Option<DivisionCode>, AccountsError> {
    let damaged = |_| AccountsError::Damaged { table: "account_token", cause: "no division" };
    text.map(str::parse).transpose().map_err(damaged)
}
