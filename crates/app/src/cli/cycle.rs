//! `yilian cycle`: the night.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use kernel::{Clock, Date, SystemClock};

use super::home::{HomeArgs, date_argument};
use super::progress::Terminal;
use super::{fault, summary};

#[derive(clap::Args)]
pub struct Args {
    /// The night's date; today when absent.
    #[arg(long, value_parser = date_argument)]
    as_of: Option<Date>,
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    pack: String,
    /// Folder with the lists; by default `inbox` in the home folder.
    #[arg(long, value_name = "DIR")]
    inbox: Option<std::path::PathBuf>,
    /// Run a night that lies ahead of the clock (every earlier night is refused afterwards), and take lists dated after
    /// the night.
    #[arg(long)]
    allow_future: bool,
    /// Delete lists that were taken instead of keeping them sealed in the archive.
    #[arg(long)]
    delete_lists: bool,
    /// What answers the rules about people: our engine in memory, or the pack's SQL inside the database (and both must
    /// agree).
    #[arg(long, value_enum, default_value = "memory")]
    engine: EngineArg,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum EngineArg {
    Memory,
    Database,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let today = SystemClock.today();
    let as_of = args.as_of.unwrap_or(today);
    if as_of > today && !args.allow_future {
        return Err(fault(
            format!("{as_of} 还没到；发布以后，之前的日子就不能再算了。确实要算，加 --allow-future"),
            format!(
                "{as_of} lies ahead; once it is published no earlier night can be run. If that is meant, add \
                 --allow-future"
            ),
        ));
    }
    if let Some(inbox) = args.inbox.as_ref().filter(|inbox| !inbox.is_dir()) {
        let folder = inbox.display();
        return Err(fault(format!("没有这个文件夹：{folder}"), format!("there is no folder {folder}")));
    }
    let _lock = home.lock()?;
    let options = cycle::Options {
        inbox: args.inbox.clone().unwrap_or_else(|| home.inbox()),
        archive: (!args.delete_lists).then(|| home.archive()),
        allow_future: args.allow_future,
        engine: match args.engine {
            EngineArg::Memory => cycle::Engine::Memory,
            EngineArg::Database => cycle::Engine::Database,
        },
        ..options(home, &args.pack, as_of)
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
    tidy(home, &database);
    Ok(ExitCode::SUCCESS)
}

/// Removes what nobody can use any more: ended sessions, old links and codes. The night stands without it.
fn tidy(home: &HomeArgs, database: &store::Database) {
    let run = || -> Result<u64> { Ok(home.open_accounts(database)?.tidy(&mut database.session()?)?) };
    match run() {
        Ok(removed) => tracing::info!(removed, "accounts tidied"),
        Err(fault) => tracing::warn!(%fault, "accounts were not tidied"),
    }
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
        allow_future: false,
        engine: cycle::Engine::Memory,
        at: SystemClock.now(),
        actor: "cycle".to_owned(),
    }
}
