//! Where the database is: a file or a server.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A parsed database address.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// One file on this machine.
    Sqlite(PathBuf),
    /// A throw-away file that goes when the last handle goes; for tests.
    Temporary,
    /// A server, as a libpq address.
    Postgres(String),
}

/// Why a text is no database address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    #[error("the database address is empty: give a file name or postgres://user@host/name")]
    Empty,
    #[error("unknown kind of database address: give a file name, sqlite:FILE or postgres://user@host/name")]
    Scheme,
}

impl DatabaseUrl {
    /// The address of an SQLite file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(path.into())
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlFault;

    /// Reads `path`, `sqlite:path`, `sqlite::memory:`, `postgres://…`, `postgresql://…`.
    fn from_str(text: &str) -> Result<Self, UrlFault> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        match path.strip_prefix("//").unwrap_or(path) {
            "" => Err(UrlFault::Empty),
            ":memory:" => Ok(Self::Temporary),
            path if path.contains("://") => Err(UrlFault::Scheme),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

/// Shows the address without its password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Temporary => f.write_str("temporary file"),
            Self::Postgres(address) => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
                let rest = rest.split('?').next().unwrap_or(rest);
                let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
                let user = user.split(':').next().unwrap_or("");
                write!(f, "{scheme}://{user}{}{host}", if user.is_empty() { "" } else { "@" })
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
