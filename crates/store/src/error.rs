//! What can go wrong with the database, told apart by what the caller can do about it.
//!
//! An error names the statement and the place, never a bound value: values are people's data.
//! That is why the driver's own error is not kept as a source; its text may quote a value.

/// A failed use of the database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Someone else holds the database. Try again later.
    #[error("the database is in use by someone else ({statement}): try again, or stop the other program")]
    Busy { statement: String },
    /// No space left. Nothing was changed; make room and try again.
    #[error("no space left for the database ({statement}): free disk space and run again, nothing was half done")]
    Full { statement: String },
    /// The connection broke or the disk failed. A new session may work.
    #[error("the database went away: the connection was lost or the disk failed ({statement})")]
    Lost { statement: String },
    /// The database can't be reached or opened at all.
    #[error("could not open database {database}: {cause}")]
    Open { database: String, cause: String },
    /// The file is damaged or is no database.
    #[error("the database file is damaged or is not a database ({statement})")]
    Damaged { statement: String },
    /// The data break a rule of the schema; the caller decides what that means.
    #[error("the {kind} rule {name} refuses the row ({statement})")]
    Constraint { kind: Constraint, name: String, statement: String },
    /// A value that one of the databases can't hold: NUL in a text, not-a-number, a number out of range.
    #[error("parameter {parameter} can't be stored: {cause} ({statement})")]
    Unstorable { parameter: usize, cause: String, statement: String },
    /// The data don't fit the column, or the database refused for another reason of the data.
    #[error("the database refused the data, code {code} ({statement})")]
    Refused { code: String, statement: String },
    /// The statement itself is wrong: a fault in the program.
    #[error("statement can't run: {cause} ({statement})")]
    Statement { cause: String, statement: String },
    /// A column is not what the reader expects: a fault in the program.
    #[error("column {column} holds {found} where {wanted} is wanted ({statement})")]
    Column { column: usize, wanted: &'static str, found: &'static str, statement: String },
    /// `query_one` found nothing, or `query_one`/`query_opt` found several rows.
    #[error("{found} rows where one is wanted ({statement})")]
    RowCount { found: usize, statement: String },
    /// A transaction was begun inside a transaction: a fault in the program.
    #[error("a transaction is already open")]
    Nested,
    /// An earlier statement of the transaction failed; all of it was rolled back.
    #[error("the transaction was rolled back because a statement in it failed")]
    Aborted,
}

/// The kind of schema rule that refused a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    Unique,
    ForeignKey,
    NotNull,
    Check,
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::NotNull => "not null",
            Self::Check => "check",
        })
    }
}

impl StoreError {
    /// Whether the same transaction may succeed when tried again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Lost { .. })
    }

    /// Whether the row was refused because another one has the same key.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Constraint { kind: Constraint::Unique, .. })
    }
}

/// The first words of a statement, comments left out, as errors show it.
#[must_use]
pub(crate) fn label(sql: &str) -> String {
    const LONGEST: usize = 80;
    let code = sql.lines().map(|line| line.split("--").next().unwrap_or(""));
    let mut label = String::new();
    for word in code.flat_map(str::split_whitespace) {
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(word);
        if label.chars().count() > LONGEST {
            return label.chars().take(LONGEST).chain(['…']).collect();
        }
    }
    label
}
