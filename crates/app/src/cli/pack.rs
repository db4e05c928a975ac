//! `yilian pack`: check, show, compare and print policy packs. Needs no database, but for the official document.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use kernel::{Clock, Date, SystemClock};
use policy::sql::Dialect;
use policy::{PackFault, Program};

use super::home::{HomeArgs, date_argument};
use super::{document, fault, say};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Load packs, type every expression, run every case; all faults at once.
    Check {
        /// The pack's folder name, or a draft's folder; every pack when absent.
        pack: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Print what a pack says, for reading.
    Show {
        pack: String,
        #[arg(long)]
        json: bool,
    },
    /// What differs between two packs.
    Diff {
        before: String,
        after: String,
        #[arg(long)]
        json: bool,
    },
    /// Print the pack's person rules as one SELECT over the snapshot table.
    Sql {
        pack: String,
        #[arg(long, value_enum)]
        dialect: DialectArg,
        /// The date the rules speak of; today when absent.
        #[arg(long, value_parser = date_argument)]
        as_of: Option<Date>,
    },
    /// The official document: attach it, see where in it each clause stands. Needs the database.
    #[command(subcommand)]
    Document(document::Command),
}

#[derive(Clone, Copy, ValueEnum)]
enum DialectArg {
    Postgres,
    Sqlite,
    Datafusion,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    match &args.command {
        Command::Check { pack, json } => {
            let packs = pack.clone().map_or_else(|| policy::pack_ids(&home.packs), |pack| vec![pack]);
            if packs.is_empty() {
                let folder = home.packs.display();
                return Err(fault(format!("{folder} 下面没有政策包"), format!("no pack below {folder}")));
            }
            let mut passed = true;
            for pack in &packs {
                passed &= check(home, pack, *json)?;
            }
            Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Show { pack, json } => {
            let pack = home.load_pack(pack)?;
            if *json {
                println!("{}", serde_json::to_string_pretty(&policy::show_json(&pack))?);
            } else {
                print!("{}", policy::show(&pack, home.lang()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Diff { before, after, json } => {
            let diff = policy::diff(&home.load_pack(before)?, &home.load_pack(after)?);
            if *json {
                println!("{}", serde_json::to_string_pretty(&diff)?);
            } else if diff.is_empty() {
                println!("{}", say(home.lang(), "两个政策包说的一样。", "The two packs say the same."));
            } else {
                print!("{}", diff.to_text(home.lang()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Document(command) => document::run(home, command),
        Command::Sql { pack, dialect, as_of } => {
            let pack = home.load_pack(pack)?;
            let program = compile(&pack)?;
            let dialect = match dialect {
                DialectArg::Postgres => Dialect::Postgres,
                DialectArg::Sqlite => Dialect::Sqlite,
                DialectArg::Datafusion => Dialect::Datafusion,
            };
            println!("{}", policy::sql::print(&program, dialect, as_of.unwrap_or_else(|| SystemClock.today())));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(home: &HomeArgs, pack: &str, json: bool) -> Result<bool> {
    let report = policy::check(&home.packs, pack);
    if json {
        println!("{}", serde_json::to_string_pretty(&report.to_json())?);
    } else {
        print!("{}", report.to_text(home.lang()));
    }
    Ok(report.passed())
}

/// Compiles a pack; every fault in one error.
pub fn compile(pack: &policy::Pack) -> Result<Program> {
    Program::compile(pack).map_err(|faults| PackFault::all(&pack.id, &faults).into())
}
