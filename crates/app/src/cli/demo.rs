//! `yilian demo`: from nothing to a district's or prefecture's desk on localhost.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use kernel::Date;

use super::home::{HomeArgs, could, date_argument};
use super::progress::Terminal;
use super::told::While;
use super::{cycle as night, demo_accounts, say, serve, summary};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    at: serve::At,
    /// The plan to show; the region invented is the one it speaks for.
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024", value_name = "ID")]
    pack: String,
    /// Asks for a sign-in, with one of the accounts that are printed.
    #[arg(long)]
    sign_in: bool,
    /// Stop after the summary instead of serving.
    #[arg(long)]
    no_serve: bool,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Living people of 60 and over.
    #[arg(long, default_value_t = 55_000)]
    older_people: usize,
    /// Only so many townships.
    #[arg(long)]
    townships: Option<usize>,
    #[arg(long, value_parser = date_argument, default_value = "2026-11-20")]
    as_of: Date,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    std::fs::create_dir_all(&home.home).while_doing(|| could("建不了文件夹", "could not create folder", &home.home))?;
    if !home.key_path().exists() && std::env::var_os("YILIAN_KEY").is_none() {
        store::keys::create_key_file(&home.key_path())?;
        println!(
            "{} {}",
            say(lang, "生成了演示用的密钥：", "made a key for the demonstration:"),
            home.key_path().display()
        );
    }
    let lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let published = cycle::night_on(&mut database.session()?, &args.pack, args.as_of)?.is_some();
    if !published {
        invent(home, args)?;
    }
    let began = Instant::now();
    let options = night::options(home, &args.pack, args.as_of);
    let found = cycle::run(&database, &keys, &options, &mut Terminal::new(lang))?;
    drop(lock);
    summary::print(&found, lang, began.elapsed())?;
    demo_accounts::make(home, &database, &args.pack)?;
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    // Whoever tries it out has no authenticator at hand yet.
    serve::serve(home, database, &args.pack, &args.at.clone().with_open_desk(!args.sign_in))
}

/// Writes the departments' lists into the inbox, unless a broken-off demonstration left them there.
fn invent(home: &HomeArgs, args: &Args) -> Result<()> {
    let lang = home.lang();
    let began = Instant::now();
    let region = *home.load_pack(&args.pack)?.roots.first().context("the pack names no division")?;
    let mut options = synth::Options::load(&home.packs)?;
    let place = options.divisions.name(region);
    match lang {
        kernel::Lang::Zh => println!("正在编一个{place}……"),
        kernel::Lang::En => println!("inventing {place} ({region}) …"),
    }
    options.region = region;
    options.seed = args.seed;
    options.older_people = args.older_people;
    options.townships = args.townships;
    options.as_of = args.as_of;
    options.invented_on = args.as_of;
    let drafts = home.home.join("lists");
    let written = synth::region(&options)?.write_lists(&drafts)?;
    std::fs::create_dir_all(home.inbox())?;
    for file in cycle::list_files(&drafts)? {
        let name = file.file_name().context("a list has a name")?;
        std::fs::rename(&file, home.inbox().join(name))?;
    }
    let words = say(lang, "份名单，虚构的人", "lists, invented people");
    println!("  {} {words} {}  {:.1} s", written.files.len(), written.people, began.elapsed().as_secs_f64());
    Ok(())
}
