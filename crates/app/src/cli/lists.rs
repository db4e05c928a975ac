//! `yilian lists`: what came in, what is wrong with it, what waits for a decision.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Clock, ListId, SystemClock};
use registry::{ingest, quarantine};
use store::Database;

use super::home::{HomeArgs, could};
use super::told::While;
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
    /// Write a list's fault report as XLSX, to be mended there and read by `lists correct`.
    Faults {
        list: ListId,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
        pack: String,
    },
    /// Read a corrected fault report: its rows are checked again and taken.
    Correct {
        /// The XLSX that `faults` wrote, with the cells mended.
        file: PathBuf,
        #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
        pack: String,
    },
    /// Open a list from the archive.
    Restore {
        sealed: PathBuf,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Let a held list in: the next night takes it although it closes much.
    Release { list: ListId },
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
        Command::Faults { list, out, pack } => {
            let keys = home.open_keys(&database)?;
            let catalogue = cycle::catalogue(&home.packs, &home.load_pack(pack)?)?;
            write_private(out, &quarantine::fault_report(&mut session, &keys, &catalogue, *list, lang)?)?;
            println!("→ {}", out.display());
        }
        Command::Correct { file, pack } => {
            let keys = home.open_keys(&database)?;
            drop(session);
            let pack = home.load_pack(pack)?;
            let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
            let mut ingester = ingest::Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
            let how =
                ingest::IngestOptions { actor: "correct".to_owned(), ..ingest::IngestOptions::on(SystemClock.today()) };
            let done = ingester.reimport(file, &how)?;
            let words = say(lang, "已用 / 还有错 / 已不在等", "taken / still faulty / no longer waiting");
            println!("{}  {words}  {} / {} / {}", done.list, done.taken, done.still_held, done.not_waiting);
            done.faults.iter().for_each(|fault| import::print_fault(fault, lang));
        }
        Command::Restore { sealed, out } => {
            let keys = home.open_keys(&database)?;
            let bytes = registry::archive::restore(sealed, &keys, out)?;
            println!("{bytes} B → {}", out.display());
        }
        Command::Release { list } => {
            settle(home, &database, *list, ingest::Settling::Release)?;
            println!("{list} {}", say(lang, "已放行，下次收", "let in, taken the next time"));
        }
        Command::Reject { list } => {
            settle(home, &database, *list, ingest::Settling::Reject)?;
            println!("{list} {}", say(lang, "已退回", "sent back"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn settle(home: &HomeArgs, database: &Database, list: ListId, settling: ingest::Settling) -> Result<()> {
    let keys = home.open_keys(database)?;
    ingest::settle(&mut database.session()?, &keys, list, settling, ("command line", SystemClock.now()))?;
    Ok(())
}

/// The report holds whole names and numbers: for its owner's eyes only, and never over a file someone is mending.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).while_doing(|| could("建不了", "could not make", path))?;
    Ok(file.write_all(bytes)?)
}
