//! `yilian link`: which rows of two files, or of one, are about one person.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use linkage::command::{Options, read_spec, run_on};
use linkage::files::Loader;

use super::home::could;
use super::told::{While, fault};

#[derive(clap::Args)]
pub struct Args {
    /// A CSV or Parquet file: the registry.
    left: PathBuf,
    /// A CSV or Parquet file to be linked with it; duplicates within the first are looked for when absent.
    right: Option<PathBuf>,
    /// What is compared how; see docs/guides/linkage.md.
    #[arg(long)]
    spec: PathBuf,
    /// Where the pairs are written: left id, right id, probability, weight and level of each field.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Parameters printed by an earlier `--train`, used instead of learning.
    #[arg(long)]
    parameters: Option<PathBuf>,
    /// Print what was learned.
    #[arg(long)]
    train: bool,
    /// Print why two rows are or are not one person.
    #[arg(long, num_args = 2, value_names = ["LEFT_ID", "RIGHT_ID"])]
    explain: Option<Vec<String>>,
    /// Threads; one for each core when absent.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Say nothing while working.
    #[arg(long)]
    quiet: bool,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    if args.out.is_none() && !args.train && args.explain.is_none() {
        return Err(fault("请给 --out、--train 或 --explain", "give --out, --train or --explain"));
    }
    let start = Instant::now();
    let mut progress = |line: &str| {
        if !args.quiet {
            eprintln!("{:7.2} s  {line}", start.elapsed().as_secs_f64());
        }
    };
    let spec = read_spec(&args.spec)?;
    let mut loader = Loader::new(&spec);
    if let Some(right) = &args.right {
        read(&mut loader, right, false)?;
    }
    read(&mut loader, &args.left, true)?;
    let explain = args.explain.as_deref().and_then(|ids| Some((ids.first()?.clone(), ids.get(1)?.clone())));
    let options = Options {
        out: args.out.clone(),
        parameters: args.parameters.clone(),
        train: args.train,
        explain,
        threads: args.threads,
        ..Options::default()
    };
    let outcome = run_on(&spec, &loader.finish(), &options, &mut progress)?;
    print!("{}", outcome.printed);
    Ok(ExitCode::SUCCESS)
}

fn read(loader: &mut Loader<'_>, path: &Path, is_left: bool) -> Result<()> {
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("parquet")) {
        return Ok(loader.csv(path, is_left)?);
    }
    let wanted = loader.columns(is_left);
    // a table of persons has its ids in `person_id`, so that `id` is a column like others; any other the other way round
    let entity = if wanted.contains(&"id") { "person" } else { "row" };
    let table = lake::read_columns(entity, &[path.to_owned()], |name| wanted.contains(&name))
        .while_doing(|| could("读不了", "could not read", path))?;
    let header: Vec<&str> = wanted.iter().copied().filter(|name| table.column(name).is_some()).collect();
    let columns: Vec<_> = header.iter().filter_map(|name| table.column(name)).collect();
    let cell = |column: &policy::column::Column, row: usize| -> Cow<'static, str> {
        match column.text(row) {
            Some(text) => Cow::Owned(text.to_owned()),
            None if column.is_known(row) => Cow::Owned(column.get(row).to_string()),
            None => Cow::Borrowed(""),
        }
    };
    let rows = (0..table.rows()).map(|row| columns.iter().map(|&column| cell(column, row)).collect());
    Ok(loader.table(path, is_left, &header, rows)?)
}
