//! `yilian audit verify`: is the trail whole?

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

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
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let Command::Verify = args.command;
    let database = home.open_database()?;
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
