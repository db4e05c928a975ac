//! PostgreSQL: its own programs, on a snapshot that is held and counted meanwhile. The password goes by the
//! environment: everyone on the machine can read a command line.

use std::path::Path;
use std::process::Command;

use super::{BackupFault, Contents, contents};
use crate::{Database, DatabaseUrl};

pub fn dump(database: &Database, address: &str, to: &Path) -> Result<Contents, BackupFault> {
    let mut session = database.session()?;
    session.reading(|tx| {
        let snapshot = tx.query_one(include_str!("../../sql/snapshot.postgres.sql"), &[])?;
        let held = contents(tx)?;
        let mut command = program("pg_dump", address);
        command.arg("--format=custom").arg("--no-owner").arg("--no-privileges");
        command.arg(format!("--snapshot={}", snapshot.text(0)?)).arg("--file").arg(to);
        run("pg_dump", command)?;
        Ok(held)
    })
}

pub fn restore(from: &Path, address: &str, to: &DatabaseUrl) -> Result<(), BackupFault> {
    let database = Database::open(to)?;
    if !contents(&mut database.session()?)?.rows.is_empty() {
        return Err(BackupFault::NotEmpty);
    }
    drop(database);
    let mut command = program("pg_restore", address);
    command.arg("--no-owner").arg("--no-privileges").arg("--single-transaction").arg("--exit-on-error").arg(from);
    run("pg_restore", command)
}

fn program(name: &str, address: &str) -> Command {
    let (bare, password) = parted(address);
    let mut command = Command::new(name);
    command.arg("--no-password").arg("--dbname").arg(bare).env("LC_ALL", "C");
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

fn run(program: &'static str, mut command: Command) -> Result<(), BackupFault> {
    let done = command.output().map_err(|cause| BackupFault::Program { program, cause })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let said = said.lines().find(|line| line.contains("error")).or_else(|| said.lines().next()).unwrap_or_default();
    Err(BackupFault::Failed { program, said: said.chars().take(300).collect() })
}

/// The address without its password, and the password.
fn parted(address: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = address.split_once("://") else { return (address.to_owned(), None) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some((login, host)) = rest[..end].rsplit_once('@') else { return (address.to_owned(), None) };
    let Some((user, password)) = login.split_once(':') else { return (address.to_owned(), None) };
    (format!("{scheme}://{user}@{host}{}", &rest[end..]), Some(decoded(password)))
}

fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').map(|code| u8::from_str_radix(code, 16));
        match code {
            Some(Ok(byte)) => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        let parts = |text: &str| parted(text);
        assert_eq!(
            parts("postgres://yilian:p%40ss:w@db:5432/x?sslmode=require"),
            ("postgres://yilian@db:5432/x?sslmode=require".into(), Some("p@ss:w".into()))
        );
        assert_eq!(parts("postgres://yilian@db/x"), ("postgres://yilian@db/x".into(), None));
        assert_eq!(parts("postgres://db/x?a=b:c@d"), ("postgres://db/x?a=b:c@d".into(), None));
    }
}
