//! Why the accounts room could not do what was asked. No variant holds a name, a number, a code or a password.

use chrono::Duration;
use kernel::{DivisionLevel, PersonId, UserId};
use store::audit::AuditError;
use store::{SealError, StoreError};

use crate::authz::Decision;
use crate::password::{BreachedFault, PasswordFault};
use crate::users::State;

/// By what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Try again, or see to the database.
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The key ring does not fit the database, or a row was changed from outside.
    #[error("a sealed field of {table} does not open: {cause}")]
    Seal { table: &'static str, cause: SealError },
    #[error("{table} holds something unexpected: {cause}")]
    Damaged { table: &'static str, cause: &'static str },
    #[error(transparent)]
    Breached(#[from] BreachedFault),

    /// The account that asks may not; the decision says why.
    #[error("not allowed")]
    NotAllowed(Decision),
    #[error("a token needs a name of at most 60 characters")]
    TokenName,
    #[error("a token lasts 1 to {0} days")]
    TokenDays(u32),
    #[error("an account has at most {0} tokens; end one first")]
    TokensFull(usize),
    #[error("there is no permission {0} for a token of this account")]
    TokenPermission(String),
    #[error("no such token")]
    NoToken,

    /// Name or password is wrong, the account is not open, or there is none: nobody is told which.
    #[error("the name or the password is wrong")]
    Refused,
    /// Too many wrong attempts; not looked at.
    #[error("too many wrong attempts: try again in {} seconds", .0.num_seconds().max(1))]
    Wait(Duration),
    /// The password was right, but somebody locked the account, or too many wrong attempts did.
    #[error("the account is locked: ask an administrator")]
    Locked,
    /// The code of the second factor is wrong or was used.
    #[error("the code is wrong or was used before")]
    WrongCode,
    /// The session is over, or was never one.
    #[error("not signed in")]
    NotSignedIn,
    /// The link is unknown, used or too old.
    #[error("the link was used or is too old: ask for a new one")]
    LinkSpent,

    #[error("the password can't be taken")]
    Password(Vec<PasswordFault>),
    #[error(
        "a user name has 3 to 40 small letters, digits (at most 7), dots, dashes or underscores and opens with a letter"
    )]
    Username,
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("another account has this phone number")]
    PhoneTaken,
    #[error("a phone number has 11 digits")]
    Phone,
    #[error("a name is needed")]
    NoName,

    #[error("there is no such account")]
    NoAccount,
    #[error("{user} is {}; that can't be done with it", .state.name())]
    State { user: UserId, state: State },
    #[error("there is an administrator already; invite another with `yilian user invite`")]
    AdministratorExists,
    /// Nobody could sign in and grant roles any more.
    #[error("this is the last administrator")]
    LastAdministrator,
    #[error("there is no role {0}")]
    NoRole(String),
    #[error("role {0} is for another kind of account")]
    RoleKind(String),
    #[error("role {role} is granted at {}", .levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(", "))]
    RoleLevel { role: String, levels: Vec<DivisionLevel> },
    #[error("role {0} needs the place it works for")]
    RolePlace(String),
    #[error("role {role} can't be held together with {other}")]
    RolesConflict { role: String, other: String },
    #[error("the account does not hold this role there, or it waits no longer")]
    NoGrant,
    #[error("a second person confirms it: neither who gave the role nor who receives it")]
    SecondPerson,

    #[error("there is no bond {0}")]
    NoBond(i64),
    #[error("the account is bound to {0} already")]
    BoundAlready(PersonId),
    #[error("{0} is no scope that can be agreed to, or none was given")]
    NoScope(String),
    #[error("{0} is no way in which a consent is given")]
    NoMeans(String),
    #[error("no text of this consent is in use")]
    NoConsentText,
    #[error("there is no purpose {0} for this role")]
    NoPurpose(String),
    #[error("this purpose asks for a sentence of one's own")]
    NoteMissing,
    #[error("the identity is linked to another account")]
    IdentityTaken,
}

/// A sealed field of a table that does not open.
pub(crate) fn seal(table: &'static str) -> impl Fn(SealError) -> AccountsError {
    move |cause| AccountsError::Seal { table, cause }
}
