//! `yilian assess`: forms as JSON lines in, scores and levels as JSON lines out, in the same order.

use std::io::{BufWriter, Write, stdin, stdout};
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use super::home::HomeArgs;

#[derive(clap::Args)]
pub struct Args {
    /// The scale, as its file in packs/national/scales is named.
    #[arg(long, default_value = "gbt-42195-2022")]
    scale: String,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let scale = assess::Scale::find(&home.packs, &args.scale).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!("scale {}:\n{}", args.scale, lines.join("\n"))
    })?;
    let mut out = BufWriter::new(stdout().lock());
    assess::jsonl(&scale, stdin().lock(), &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
