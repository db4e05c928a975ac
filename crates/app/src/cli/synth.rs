//! `yilian synth`: a synthetic region's lists, as its departments would send them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use kernel::{Date, DivisionCode};

use super::home::{HomeArgs, date_argument};
use super::{progress, say};

#[derive(clap::Args)]
pub struct Args {
    /// Folder to write the lists into; `truth` inside it says what was planted.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Division to invent: a prefecture, county or township of the table.
    #[arg(long, default_value = "6530")]
    region: DivisionCode,
    /// Living people of 60 and over; their families are invented with them.
    #[arg(long, default_value_t = 55_000)]
    older_people: usize,
    /// Instead, everyone who lives in the region, of any age, and those registered there who live elsewhere.
    #[arg(long, conflicts_with = "older_people")]
    residents: Option<usize>,
    /// Only so many townships, evenly picked.
    #[arg(long)]
    townships: Option<usize>,
    /// The day up to which lists are sent.
    #[arg(long, value_parser = date_argument, default_value = "2026-11-20")]
    as_of: Date,
    /// Instead of lists, two files to be linked: a registry with so many rows and a list with so many; see benches/linkage.
    #[arg(long, num_args = 2, value_names = ["REGISTRY_ROWS", "LIST_ROWS"])]
    pair: Option<Vec<usize>>,
    /// Share of people who stand in the population list twice, under two numbers.
    #[arg(long, default_value_t = 0.0)]
    twice: f64,
    /// Only what changed since this day: a following night.
    #[arg(long, value_parser = date_argument)]
    since: Option<Date>,
    /// Write no `truth` beside the lists.
    #[arg(long)]
    no_truth: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let mut options = synth::Options::load(&home.packs)?;
    options.region = args.region;
    options.seed = args.seed;
    options.older_people = args.older_people;
    options.truth = !args.no_truth;
    options.townships = args.townships;
    options.as_of = args.as_of;
    options.invented_on = args.since.unwrap_or(args.as_of);
    options.since = args.since;
    options.registered_twice = args.twice;
    if let Some(residents) = args.residents {
        options = options.with_residents(residents);
    }
    if let Some([registry, listed]) = args.pair.as_deref() {
        let size = synth::PairSize { registry: *registry, listed: *listed, known: 0.8 };
        let written = synth::write_pair(&options, size, synth::PairRates::default(), &args.out)?;
        println!("{} + {}", written.registry, written.listed);
        return Ok(ExitCode::SUCCESS);
    }
    let bar = progress::villages(home.lang());
    let written = synth::region(&options)?.write_lists_watched(&args.out, &mut |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    println!(
        "{} {}  {} {}",
        written.files.len(),
        say(home.lang(), "份名单", "lists"),
        written.people,
        say(home.lang(), "个虚构的人", "invented people")
    );
    Ok(ExitCode::SUCCESS)
}
