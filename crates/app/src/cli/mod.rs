//! The command line: one file a command. A command parses, calls one use case and prints.

mod assess;
mod audit;
mod backup;
mod cycle;
mod demo;
mod demo_accounts;
mod determine;
mod document;
mod duty;
mod explain;
mod family;
mod home;
mod import;
mod keys;
mod lake;
mod link;
mod link_review;
mod lists;
mod pack;
mod progress;
mod returns;
mod serve;
mod summary;
mod synth;
mod token;
mod told;
mod user;
mod whatif;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kernel::Lang;

use home::HomeArgs;
use told::{fault, told};

/// Runs a region's elder-care and infant-care plan.
#[derive(Parser)]
#[command(name = "yilian", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    home: HomeArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Invent a prefecture, run the nightly cycle on its lists and serve the result on localhost.
    Demo(demo::Args),
    /// Serve the pages of the last published night on localhost.
    Serve(serve::Args),
    /// Run the nightly cycle: ingest, link, snapshot, determine, act, measure, publish.
    Cycle(cycle::Args),
    /// Take in departmental lists without running the night; `--dry-run` only reports.
    Import(import::Args),
    /// Lists received, their fault reports, held lists, rows in quarantine.
    Lists(lists::Args),
    /// Rows that may be about someone, for a person to decide.
    LinkReview(link_review::Args),
    /// Write a synthetic region's departmental lists, with the truth beside them.
    Synth(synth::Args),
    /// Check, show, compare and print policy packs.
    Pack(pack::Args),
    /// What a plan asks of departments, and the evidence that it was done.
    Duty(duty::Args),
    /// Answer every rule of a pack for people given as JSON lines; needs no database.
    Determine(determine::Args),
    /// Score assessment forms given as JSON lines; needs no database.
    Assess(assess::Args),
    /// Say in plain words what one person is due and why.
    Explain(explain::Args),
    /// Compare a draft pack with the one in force over the whole population.
    Whatif(whatif::Args),
    /// Days of the lake on an object store: pushed, pulled, listed.
    Lake(lake::Args),
    /// What a county publishes upward: made, verified, loaded, and what is missing.
    Return(returns::Args),
    /// Find which rows of two CSV or Parquet files, or of one, are about one person; needs no database.
    Link(link::Args),
    /// Who may come in: accounts, links, roles.
    User(user::Args),
    /// Tokens with which programs speak for an account.
    Token(token::Args),
    /// Family accounts bound to elders, with their consents.
    Family(family::Args),
    /// The audit trail, and who looked at whom.
    Audit(audit::Args),
    /// Put the installation away, while it runs; the keys stay out of it.
    Backup(backup::Args),
    /// Bring a backup back into a new home.
    Restore(backup::RestoreArgs),
    /// The keys that seal personal data.
    Keys(keys::Args),
}

/// Parses the arguments, runs the command and turns its failure into words and an exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    start_log();
    end_quietly_with_the_reader();
    let home = cli.home;
    let outcome = match cli.command {
        Command::Demo(args) => demo::run(&home, &args),
        Command::Serve(args) => serve::run(&home, &args),
        Command::Cycle(args) => cycle::run(&home, &args),
        Command::Import(args) => import::run(&home, &args),
        Command::Lists(args) => lists::run(&home, &args),
        Command::LinkReview(args) => link_review::run(&home, &args),
        Command::Synth(args) => synth::run(&home, &args),
        Command::Pack(args) => pack::run(&home, &args),
        Command::Duty(args) => duty::run(&home, &args),
        Command::Determine(args) => determine::run(&home, &args),
        Command::Assess(args) => assess::run(&home, &args),
        Command::Explain(args) => explain::run(&home, &args),
        Command::Whatif(args) => whatif::run(&home, &args),
        Command::Lake(args) => lake::run(&home, &args),
        Command::Return(args) => returns::run(&home, &args),
        Command::Link(args) => link::run(&args),
        Command::User(args) => user::run(&home, &args),
        Command::Token(args) => token::run(&home, &args),
        Command::Family(args) => family::run(&home, &args),
        Command::Audit(args) => audit::run(&home, &args),
        Command::Backup(args) => backup::run(&home, &args),
        Command::Restore(args) => backup::restore(&home, &args),
        Command::Keys(args) => keys::run(&home, &args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yilian: {}", told(&error, home.lang()));
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error; `YILIAN_LOG` sets the level, warnings by default; `YILIAN_LOG_FORMAT=json` writes one
/// JSON object a line.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YILIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("YILIAN_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
}

/// `print!` panics when its reader, such as `head`, went away; that ends the command without a word.
fn end_quietly_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str().is_some_and(|text| text.starts_with("failed printing to stdout")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// A reader such as `head` that went away is no fault.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|e| e.downcast_ref::<std::io::Error>()).any(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Words in the language asked for.
fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
