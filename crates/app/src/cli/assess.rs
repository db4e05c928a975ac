//! `yilian assess`: forms as JSON lines in, scores and levels as JSON lines out, in the same order.

use std::io::{BufWriter, Write, stdin, stdout};
use std::process::ExitCode;

use anyhow::Result;

use super::fault;
use super::home::HomeArgs;

#[derive(clap::Args)]
pub struct Args {
    /// The scale, as its file in packs/national/scales is named.
    #[arg(long, default_value = "gbt-42195-2022")]
    scale: String,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let scale = assess::Scale::find(&home.packs, &args.scale).map_err(|faults| {
        let lines = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        fault(format!("量表 {} 有错：\n{lines}", args.scale), format!("scale {}:\n{lines}", args.scale))
    })?;
    let mut out = BufWriter::new(stdout().lock());
    assess::jsonl(&scale, stdin().lock(), &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
