//! `yilian lake`: days of the lake on an object store.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Date, SystemClock};
use objects::Store;

use super::home::{HomeArgs, date_argument};
use super::{fault, say};

#[derive(clap::Args)]
pub struct Args {
    /// A folder, or s3://bucket/prefix with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL.
    #[arg(long, global = true, env = "YILIAN_LAKE_STORE", value_name = "ADDRESS")]
    store: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write days to the store; what it holds already is not sent again.
    Push {
        /// The day; every day of the lake when absent.
        #[arg(long, value_parser = date_argument)]
        as_of: Option<Date>,
        /// Afterwards take days away that packs/national/lake.toml does not keep.
        #[arg(long)]
        retain: bool,
    },
    /// Bring a day from the store.
    Pull {
        #[arg(long, value_parser = date_argument)]
        as_of: Date,
        /// The lake to bring it into; by default the home folder's.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
    /// The days the store holds.
    Days,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let address = args.store.as_deref().unwrap_or_default();
    if address.is_empty() {
        return Err(fault(
            "用 --store 说放在哪里：一个文件夹，或 s3://桶/前缀",
            "say with --store where: a folder, or s3://bucket/prefix",
        ));
    }
    let store = Store::open(address, Arc::new(SystemClock))?;
    match &args.command {
        Command::Push { as_of, retain } => {
            let days = as_of.map_or_else(|| lake::dates(&home.lake()), |day| Ok(vec![day]))?;
            for day in days {
                let pushed = objects::push(&store, &home.lake(), day)?;
                let state = if pushed.unchanged {
                    say(lang, "已经在了", "there already")
                } else {
                    say(lang, "已送到", "written")
                };
                println!(
                    "{day}  {} {}  {} MB  {state}",
                    pushed.files,
                    say(lang, "个文件", "files"),
                    pushed.bytes >> 20
                );
            }
            if *retain {
                for day in cycle::retention(&home.packs)?.leaves(&objects::days(&store)?) {
                    objects::drop_day(&store, day)?;
                    println!("{day}  {}", say(lang, "到期，已删", "past keeping, removed"));
                }
            }
        }
        Command::Pull { as_of, into } => {
            let into = into.clone().unwrap_or_else(|| home.lake());
            println!("{}", objects::pull(&store, &into, *as_of)?.display());
        }
        Command::Days => objects::days(&store)?.iter().for_each(|day| println!("{day}")),
    }
    Ok(ExitCode::SUCCESS)
}
