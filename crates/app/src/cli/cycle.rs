//! `yilian cycle`: the night.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use kernel::{Clock, Date, SystemClock};

use super::home::{HomeArgs, date_argument};
use super::progress::Terminal;
use super::summary;

#[derive(clap::Args)]
pub struct Args {
    /// The night's date; today when absent.
    #[arg(long, value_parser = date_argument)]
    as_of: Option<Date>,
    #[arg(long, default_value = "kizilsu-2024")]
    pack: String,
    /// Folder with the lists; by default `inbox` in the home folder.
    #[arg(long, value_name = "DIR")]
    inbox: Option<std::path::PathBuf>,
    /// Delete lists that were taken instead of keeping them sealed in the archive.
    #[arg(long)]
    delete_lists: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let options = cycle::Options {
        inbox: args.inbox.clone().unwrap_or_else(|| home.inbox()),
        archive: (!args.delete_lists).then(|| home.archive()),
        ..options(home, &args.pack, args.as_of.unwrap_or_else(|| SystemClock.today()))
    };
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    if args.json {
        let found = cycle::run(&database, &keys, &options, &mut cycle::Unwatched)?;
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        let began = Instant::now();
        let found = cycle::run(&database, &keys, &options, &mut Terminal::new(home.lang()))?;
        summary::print(&found, home.lang(), began.elapsed())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The night of a date with the home folder's places.
pub fn options(home: &HomeArgs, pack: &str, as_of: Date) -> cycle::Options {
    cycle::Options {
        inbox: home.inbox(),
        archive: Some(home.archive()),
        lake: home.lake(),
        out: home.out(),
        packs: home.packs.clone(),
        pack: pack.to_owned(),
        as_of,
        at: SystemClock.now(),
        actor: "cycle".to_owned(),
    }
}
