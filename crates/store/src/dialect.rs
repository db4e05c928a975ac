//! How one migration text becomes the schema of either database.
//!
//! Written | SQLite | PostgreSQL
//! ---|---|---
//! `BIGINT` | `INTEGER` (so `BIGINT PRIMARY KEY` is the rowid) | `BIGINT`
//! `DOUBLE PRECISION` | `REAL` | `DOUBLE PRECISION`
//! `BYTEA` | `BLOB` | `BYTEA`
//! `TEXT` | `TEXT` | `TEXT COLLATE "C"`: text compares by bytes on every server
//!
//! Every `CREATE TABLE` becomes `STRICT` on SQLite, so that a wrong kind of value is refused there too.
//! Types are written in capitals; other types are refused by SQLite and so by the tests.

use crate::Dialect;

/// The text to run on the given database.
pub(crate) fn schema_for(dialect: Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => sqlite(&tokens(sql)),
        Dialect::Postgres => postgres(&tokens(sql)),
    }
}

fn sqlite(tokens: &[&str]) -> String {
    let mut out = String::new();
    let (mut table, mut skip) = (false, false);
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "BIGINT" => out.push_str("INTEGER"),
            "BYTEA" => out.push_str("BLOB"),
            "DOUBLE" => out.push_str("REAL"),
            "PRECISION" if skip => skip = false,
            ";" => {
                out.push_str(if table { " STRICT;" } else { ";" });
                table = false;
            }
            other => out.push_str(other),
        }
        skip |= *token == "DOUBLE";
        if *token == "TABLE" && word_before(tokens, at) == Some("CREATE") {
            table = true;
        }
    }
    if table {
        out.push_str(" STRICT");
    }
    out
}

fn postgres(tokens: &[&str]) -> String {
    let mut out = String::new();
    for (at, token) in tokens.iter().enumerate() {
        out.push_str(token);
        // `CAST(x AS TEXT)` takes no collation.
        if *token == "TEXT" && word_before(tokens, at) != Some("AS") {
            out.push_str(" COLLATE \"C\"");
        }
    }
    out
}

fn word_before<'t>(tokens: &[&'t str], at: usize) -> Option<&'t str> {
    tokens[..at].iter().rev().copied().find(|t| !t.trim().is_empty() && !t.starts_with("--"))
}

/// Words, quoted texts, comments, blanks and signs, in order and complete.
fn tokens(sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c if c.is_whitespace() => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        found.push(token);
        rest = after;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
