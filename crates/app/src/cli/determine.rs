//! `yilian determine`: people as JSON lines in, every rule's answer with its reasons as JSON lines out.

use std::io::{BufWriter, stdin, stdout};
use std::process::ExitCode;

use anyhow::Result;
use kernel::{Clock, Date, SystemClock};

use super::home::{HomeArgs, date_argument};
use super::pack::compile;

#[derive(clap::Args)]
pub struct Args {
    /// The pack's folder name.
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    pack: String,
    /// The day the answers speak of; today when absent.
    #[arg(long, value_parser = date_argument)]
    as_of: Option<Date>,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let pack = home.load_pack(&args.pack)?;
    let program = compile(&pack)?;
    let as_of = args.as_of.unwrap_or_else(|| SystemClock.today());
    pack.in_force_on(as_of)?;
    let mut out = BufWriter::new(stdout().lock());
    policy::determine_jsonl(&pack, &program, as_of, &mut stdin().lock(), &mut out)?;
    Ok(ExitCode::SUCCESS)
}
