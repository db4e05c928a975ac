//! Who may come in, what they may do, and who looked at whom.
//!
//! Users, sign-in, sessions, roles, family bonds with their consents, reveals. It knows people of the registry by id
//! only: names and numbers of elders are never here. Roles, purposes, consent texts and all figures of signing in are
//! data in `authz/`. It must not know a page: what comes out is shown by `web` and by the command line.

pub mod authz;
pub mod demo;
mod entropy;
mod error;
mod error_words;
pub mod external;
pub mod family;
mod password;
pub mod reveals;
mod secret;
pub mod signing;
mod time;
pub mod tokens;
pub mod users;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::Clock;
use serde_json::Value as Json;
use store::audit::{self, Entry};
use store::keys::{IndexColumn, Resealer};
use store::{Keys, Migration, Session, Value};

use authz::{Authz, Decision, Principal, Reason, Target};

pub use entropy::{Entropy, SystemEntropy};
pub use error::AccountsError;
pub use password::{BreachedFault, BreachedList, PasswordFault};
pub use secret::Token;

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "accounts",
        id: 1,
        name: "accounts, sessions, roles, bonds, reveals",
        sql: include_str!("../sql/migrations/0001_accounts.sql"),
    },
    Migration {
        context: "accounts",
        id: 2,
        name: "roles confirmed by a second person",
        sql: include_str!("../sql/migrations/0002_confirmed_grants.sql"),
    },
    Migration {
        context: "accounts",
        id: 3,
        name: "tokens of programs",
        sql: include_str!("../sql/migrations/0003_tokens.sql"),
    },
];

/// Where this room keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[
    Resealer {
        table: "account",
        key: &["id"],
        blob: "profile",
        context: |key| context("account profile", key),
        indexes: &[IndexColumn { column: "phone_blind", kind: "account phone", text: users::phone_of }],
    },
    Resealer {
        table: "account",
        key: &["id"],
        blob: "password",
        context: |key| context("account password", key),
        indexes: &[],
    },
    Resealer {
        table: "account",
        key: &["id"],
        blob: "totp",
        context: |key| context("account totp", key),
        indexes: &[],
    },
    Resealer {
        table: "account",
        key: &["id"],
        blob: "totp_pending",
        context: |key| context("account totp", key),
        indexes: &[],
    },
    Resealer {
        table: "elder_code",
        key: &["id"],
        blob: "verifier",
        context: |key| context("elder_code", key),
        indexes: &[],
    },
    Resealer { table: "reveal", key: &["id"], blob: "note", context: |key| context("reveal", key), indexes: &[] },
    Resealer {
        table: "external_identity",
        key: &["id"],
        blob: "subject",
        context: |key| context("external_identity", key),
        indexes: &[IndexColumn {
            column: "subject_blind",
            kind: "external identity",
            text: |blob| String::from_utf8(blob.to_vec()).ok(),
        }],
    },
];

fn context(what: &str, key: &[Value]) -> String {
    match key {
        [Value::Int(id)] => sealing(what, *id),
        _ => what.to_owned(),
    }
}

/// The sealing context of a field of a row.
pub(crate) fn sealing(what: &str, id: i64) -> String {
    format!("{what} {id}")
}

/// The room's use cases. Each takes a session of the database and does its own transaction.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) keys: Keys,
    pub(crate) authz: Arc<Authz>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) breached: Option<BreachedList>,
    /// Compared with when nobody has the name, so that the answer takes as long.
    pub(crate) decoy: Arc<str>,
}

/// On whose word something is done.
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// Somebody at the machine itself, who could read the keys anyway.
    Command,
    /// Somebody signed in.
    User(&'a Principal),
}

impl Actor<'_> {
    /// As records and the audit trail name them.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Command => "command line".to_owned(),
            Self::User(who) => who.user.to_string(),
        }
    }
}

impl Accounts {
    /// `keys` are attached to the database.
    #[must_use]
    pub fn new(keys: Keys, authz: Arc<Authz>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let decoy = password::decoy(&authz.rules, entropy.as_ref()).into();
        Self { keys, authz, clock, entropy, breached: None, decoy }
    }

    /// Refuses passwords of a list, too.
    #[must_use]
    pub fn with_breached(self, list: BreachedList) -> Self {
        Self { breached: Some(list), ..self }
    }

    #[must_use]
    pub fn authz(&self) -> &Authz {
        &self.authz
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Goes on only when the actor may.
    pub(crate) fn demand(&self, actor: Actor<'_>, permission: &str, target: &Target) -> Result<(), AccountsError> {
        let Actor::User(who) = actor else { return Ok(()) };
        let decision = self.authz.decide(who, permission, target);
        if decision.allowed { Ok(()) } else { Err(AccountsError::NotAllowed(decision)) }
    }

    /// Writes the audit trail in the caller's transaction, last of all.
    pub(crate) fn note(
        &self,
        tx: &mut Session,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &Json,
    ) -> Result<(), AccountsError> {
        audit::append(tx, &self.keys, &Entry { at: self.now(), actor, action, subject, detail })?;
        Ok(())
    }
}

/// Only these roles may.
pub(crate) fn only(roles: &[String]) -> AccountsError {
    AccountsError::NotAllowed(Decision { allowed: false, reasons: vec![Reason::HeldBy { roles: roles.to_vec() }] })
}
