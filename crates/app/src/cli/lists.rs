//! `yilian lists`: what came in, what is wrong with it, what waits for a decision.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Lang, ListId};
use registry::{ingest, quarantine};

use super::home::HomeArgs;
use super::{import, say};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every list received, newest last.
    Show {
        #[arg(long)]
        json: bool,
    },
    /// Write a list's fault report as XLSX; correct it there and import it again.
    Faults {
        list: ListId,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Send a held list back to its department.
    Reject { list: ListId },
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let mut session = database.session()?;
    match &args.command {
        Command::Show { json } => {
            for report in ingest::all(&mut session)? {
                if *json {
                    println!("{}", serde_json::to_string(&report)?);
                } else {
                    print!("{}  {}  ", report.list.map(|l| l.to_string()).unwrap_or_default(), report.list_date);
                    import::print(&report, lang);
                }
            }
        }
        Command::Faults { list, out } => {
            let keys = home.open_keys(&database)?;
            let rows = write_faults(home, &database, &keys, *list, out, lang)?;
            println!("{rows} {} {}", say(lang, "行 →", "rows →"), out.display());
        }
        Command::Reject { list } => {
            ingest::reject(&mut session, *list)?;
            println!("{list} {}", say(lang, "已退回", "sent back"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write_faults(
    home: &HomeArgs,
    database: &store::Database,
    keys: &store::Keys,
    list: ListId,
    out: &std::path::Path,
    lang: Lang,
) -> Result<usize> {
    let catalogue = cycle::catalogue(&home.packs, &home.load_pack("kizilsu-2024")?)?;
    let mut session = database.session()?;
    Ok(quarantine::write_xlsx(&mut session, keys, &catalogue, list, out, lang)?)
}
