//! Sessions: a random token of which only a hash is kept, with an end after idleness and an end in any case.

use chrono::{DateTime, Duration, Utc};
use kernel::UserId;
use serde_json::json;
use store::{Row, Session, next_ids, stamp};

use crate::authz::{Kind, Principal, SessionRule};
use crate::secret::same;
use crate::tokens::TokenId;
use crate::users::{State, assigned_to, grants_of, open_profile};
use crate::words::words;
use crate::{Accounts, AccountsError, Token, family, time};

/// A request that comes this soon after the last one is not written down.
const GRAIN: Duration = Duration::seconds(60);
/// How long requests under way may still carry the token from before a change.
const OVERLAP: Duration = Duration::seconds(60);

/// A session's number; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub i64);

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Whole,
    SecondFactor,
    Enrol,
}

words!(Stage { Whole = "whole", SecondFactor = "second_factor", Enrol = "enrol" });

/// A session just begun. The token goes into the cookie and nowhere else.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub user: UserId,
    pub token: Token,
    pub stage: Stage,
    pub ends_at: DateTime<Utc>,
}

/// Whoever sends a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    pub session: SessionId,
    pub user: UserId,
    pub username: String,
    pub display_name: String,
    pub kind: Kind,
    pub stage: Stage,
    /// Holds nothing until the session is whole.
    pub principal: Principal,
    /// By a token rather than by a session.
    pub by_token: Option<TokenId>,
    /// For forms of this session.
    pub csrf: String,
    /// The cookie is to be set to this.
    pub renewed: Option<Token>,
    pub began_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed").field("session", &self.session).field("user", &self.user).finish_non_exhaustive()
    }
}

/// A line of the owner's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    pub id: SessionId,
    pub device: String,
    pub began_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// A session that is not whole yet.
pub(crate) struct Partial {
    pub id: i64,
    pub user: UserId,
    pub device: String,
}

impl Accounts {
    /// Who sends a request with this token. `None`: nobody is signed in with it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn authenticate(&self, db: &mut Session, token: &Token) -> Result<Option<Signed>, AccountsError> {
        let now = self.now();
        let params = [token.hash().into(), stamp(now).into()];
        let Some(row) = db.query_opt(include_str!("../../sql/session_get.sql"), &params)? else { return Ok(None) };
        let live = live(&row, now)?;
        if !live || row.text(8)? != State::Active.name() {
            return Ok(None);
        }
        let (id, user) = (row.int(0)?, UserId(row.int(1)?));
        let damaged = || AccountsError::Damaged { table: "account_session", cause: "an unknown word" };
        let stage = Stage::read(row.text(2)?).ok_or_else(damaged)?;
        let kind = Kind::read(row.text(10)?).ok_or_else(damaged)?;
        if now - time::at(&row, 4)? >= GRAIN {
            db.exec(include_str!("../../sql/session_touch.sql"), &[id.into(), stamp(now).into()])?;
        }
        let wants_renewal = row.bool(6)? && row.bool(7)?;
        let renewed = if wants_renewal { self.renew(db, id, token)? } else { None };
        let principal = match stage {
            Stage::Whole => self.principal(db, user, kind)?,
            _ => Principal { user, kind, grants: Vec::new(), ties: Vec::new(), assigned: [].into(), limit: None },
        };
        Ok(Some(Signed {
            session: SessionId(id),
            user,
            username: row.text(9)?.to_owned(),
            display_name: open_profile(self, user.0, row.blob(11)?)?.0,
            kind,
            stage,
            principal,
            by_token: None,
            csrf: self.csrf(id),
            renewed,
            began_at: time::at(&row, 12)?,
            ends_at: time::at(&row, 5)?,
        }))
    }

    /// Whether a form's token belongs to the session.
    #[must_use]
    pub fn csrf_fits(&self, session: SessionId, given: &str) -> bool {
        same(self.csrf(session.0).as_bytes(), given.as_bytes())
    }

    /// Everything an account holds at this moment.
    ///
    /// # Errors
    /// Those of the database.
    pub fn principal(&self, db: &mut Session, user: UserId, kind: Kind) -> Result<Principal, AccountsError> {
        Ok(Principal {
            user,
            kind,
            grants: grants_of(db, user)?,
            ties: family::ties_of(db, user)?,
            assigned: assigned_to(db, user)?,
            limit: None,
        })
    }

    /// Ends this session.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sign_out(&self, db: &mut Session, token: &Token) -> Result<(), AccountsError> {
        let now = self.now();
        db.transaction(|tx| {
            let params = [token.hash().into(), stamp(now).into()];
            let Some(row) = tx.query_opt(include_str!("../../sql/session_get.sql"), &params)? else { return Ok(()) };
            let user = UserId(row.int(1)?).to_string();
            tx.exec(include_str!("../../sql/session_end.sql"), &[row.int(0)?.into()])?;
            self.note(tx, &user, "session.end", &user, &json!({}))
        })
    }

    /// Ends all sessions of an account but the one named.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sign_out_everywhere(
        &self,
        db: &mut Session,
        user: UserId,
        but: Option<SessionId>,
    ) -> Result<u64, AccountsError> {
        db.transaction(|tx| {
            let params = [user.into(), but.map_or(0, |but| but.0).into()];
            let ended = tx.exec(include_str!("../../sql/session_end_all.sql"), &params)?;
            self.note(tx, &user.to_string(), "session.end_all", &user.to_string(), &json!({ "sessions": ended }))?;
            Ok(ended)
        })
    }

    /// Ends one session of one's own list.
    ///
    /// # Errors
    /// `NotSignedIn` when there is none such.
    pub fn end_session(&self, db: &mut Session, user: UserId, session: SessionId) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            if tx.exec(include_str!("../../sql/session_end_own.sql"), &[session.0.into(), user.into()])? == 0 {
                return Err(AccountsError::NotSignedIn);
            }
            self.note(tx, &user.to_string(), "session.end", &user.to_string(), &json!({}))
        })
    }

    /// An account's sessions that go on, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sessions(&self, db: &mut Session, user: UserId) -> Result<Vec<SessionLine>, AccountsError> {
        let now = self.now();
        let mut lines = Vec::new();
        for row in db.query(include_str!("../../sql/session_of_account.sql"), &[user.into()])? {
            if live(&row, now)? {
                lines.push(SessionLine {
                    id: SessionId(row.int(0)?),
                    device: row.text(6)?.to_owned(),
                    began_at: time::at(&row, 7)?,
                    seen_at: time::at(&row, 4)?,
                    ends_at: time::at(&row, 5)?,
                });
            }
        }
        Ok(lines)
    }

    /// A session with which everything may be done that the account holds.
    pub(crate) fn open_whole(&self, tx: &mut Session, user: UserId, device: &str) -> Result<NewSession, AccountsError> {
        let rule = self.session_rule(tx, user)?;
        self.open_session(tx, user, Stage::Whole, (rule.idle(), rule.whole()), device)
    }

    /// A session that is good for one step only.
    pub(crate) fn open_stage(
        &self,
        tx: &mut Session,
        user: UserId,
        stage: Stage,
        lasts: Duration,
        device: &str,
    ) -> Result<NewSession, AccountsError> {
        self.open_session(tx, user, stage, (lasts, lasts), device)
    }

    fn open_session(
        &self,
        tx: &mut Session,
        user: UserId,
        stage: Stage,
        (idle, whole): (Duration, Duration),
        device: &str,
    ) -> Result<NewSession, AccountsError> {
        let now = self.now();
        let ends_at = now + whole;
        let token = Token::fresh(self.entropy.as_ref());
        let id = next_ids(tx, "account_session", 1)?.start;
        let device: String = device.chars().filter(|c| !c.is_control()).take(60).collect();
        let params = [
            id.into(),
            user.into(),
            token.hash().into(),
            stage.name().into(),
            idle.num_seconds().into(),
            stamp(now).into(),
            stamp(ends_at).into(),
            device.into(),
        ];
        tx.exec(include_str!("../../sql/session_insert.sql"), &params)?;
        Ok(NewSession { id: SessionId(id), user, token, stage, ends_at })
    }

    /// The unfinished session of a token, at the stage asked for.
    pub(crate) fn partial(&self, db: &mut Session, token: &Token, stage: Stage) -> Result<Partial, AccountsError> {
        let now = self.now();
        let params = [token.hash().into(), stamp(now).into()];
        let row = db.query_opt(include_str!("../../sql/session_get.sql"), &params)?;
        let row = row.ok_or(AccountsError::NotSignedIn)?;
        if !live(&row, now)? || row.text(2)? != stage.name() {
            return Err(AccountsError::NotSignedIn);
        }
        Ok(Partial { id: row.int(0)?, user: UserId(row.int(1)?), device: row.text(13)?.to_owned() })
    }

    /// The shortest of what the account's roles allow.
    fn session_rule(&self, tx: &mut Session, user: UserId) -> Result<SessionRule, AccountsError> {
        let kind = self.user(tx, user)?.kind;
        let principal = self.principal(tx, user, kind)?;
        let rules = &self.authz.rules.session;
        let of_roles = principal.roles().into_iter().filter_map(|id| self.authz.role(id));
        let of_roles = of_roles.filter_map(|role| rules.get(&role.session)).copied();
        // Without a role there is little to see; the strictest rule will do.
        let strictest = || rules.values().copied().reduce(SessionRule::stricter);
        let found = of_roles.reduce(SessionRule::stricter).or_else(strictest);
        Ok(found.unwrap_or(SessionRule { idle_minutes: 15, whole_hours: 1 }))
    }

    /// Changes the token; `None` when another request was first.
    fn renew(&self, db: &mut Session, id: i64, token: &Token) -> Result<Option<Token>, AccountsError> {
        let fresh = Token::fresh(self.entropy.as_ref());
        let until = stamp(self.now() + OVERLAP);
        let params = [id.into(), token.hash().into(), fresh.hash().into(), until.into()];
        Ok((db.exec(include_str!("../../sql/session_renew.sql"), &params)? == 1).then_some(fresh))
    }

    /// Bound to the session by the installation's key: nothing is kept for it, and a session's number is never given
    /// twice.
    fn csrf(&self, id: i64) -> String {
        hex::encode(self.keys.blind("csrf", &id.to_string()))
    }
}

/// Whether a session goes on: `idle_seconds`, `seen_at`, `ends_at` in columns 3 to 5.
fn live(row: &Row<'_>, now: DateTime<Utc>) -> Result<bool, AccountsError> {
    let idle = Duration::seconds(row.int(3)?);
    Ok(now < time::at(row, 5)? && now - time::at(row, 4)? < idle)
}
