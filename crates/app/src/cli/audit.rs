//! `yilian audit`: is the trail whole, and who looked at a person?

use std::process::ExitCode;

use accounts::Actor;
use anyhow::Result;
use clap::Subcommand;
use kernel::{PersonId, china_minute};

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find changed, removed, inserted or reordered entries.
    Verify,
    /// Who was shown a person's masked values, when and for what.
    Looked { person: PersonId },
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let database = home.open_database()?;
    if let Command::Looked { person } = args.command {
        return looked(home, &database, person);
    }
    let keys = home.open_keys(&database)?;
    let report = store::audit::verify(&mut database.session()?, &keys)?;
    let lang = home.lang();
    println!("{}: {}", say(lang, "留痕条数", "entries"), report.entries);
    for fault in &report.faults {
        println!("  {fault}");
    }
    if report.faults.is_empty() {
        println!("{}", say(lang, "没有被改动。", "Nothing was changed."));
        Ok(ExitCode::SUCCESS)
    } else {
        println!("{}: {}", say(lang, "发现改动", "changes found"), report.faults.len());
        Ok(ExitCode::FAILURE)
    }
}

fn looked(home: &HomeArgs, database: &store::Database, person: PersonId) -> Result<ExitCode> {
    let (lang, accounts) = (home.lang(), home.open_accounts(database)?);
    let lines = accounts.looked_at(&mut database.session()?, Actor::Command, (person, None))?;
    for line in &lines {
        let at = china_minute(line.at);
        let role = accounts.authz().role(&line.role).map_or(line.role.as_str(), |role| role.label.get(lang));
        let purpose = accounts.authz().purpose(&line.purpose);
        let purpose = purpose.map_or(line.purpose.as_str(), |purpose| purpose.label.get(lang));
        let note = line.note.as_deref().unwrap_or_default();
        println!("{at}  {} {role}  {purpose}  [{}]  {note}", line.account, line.fields.join(", "));
    }
    println!("{} {}", lines.len(), say(lang, "次查看", "looks"));
    Ok(ExitCode::SUCCESS)
}
