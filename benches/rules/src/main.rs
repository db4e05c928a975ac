//! Measures our engine on the file and the rules that the peers get. Prints one JSON line, as the peers do.
//!
//! usage: yilian-bench-rules PACKS FILE OUT REPEATS [memory]
//!
//! With `memory` only the rules in memory are run, for a profiler.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow};
use kernel::parse_date;
use policy::column::Population;
use policy::{Determinations, Paid, Program, RuleOutcome};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (args, only) = args.split_at(args.len().min(4));
    let [packs, file, out, times] = args else {
        return Err(anyhow!("usage: yilian-bench-rules PACKS FILE OUT REPEATS [memory]"));
    };
    let times: usize = times.parse().context("REPEATS is a number")?;
    let (file, out) = (PathBuf::from(file), PathBuf::from(out));
    let as_of = parse_date("2026-11-20")?;
    let start = Instant::now();
    let pack = policy::load(Path::new(packs), "rules-spec").map_err(|faults| anyhow!("{faults:#?}"))?;
    let program = Program::compile(&pack).map_err(|faults| anyhow!("{faults:#?}"))?;
    let compile_ms = milliseconds(start);

    let population = read(&program, &file)?;
    let nothing = || Ok(());
    let (in_memory, found) = repeat(times, nothing, |()| Ok(program.run(&population, as_of)))?;
    if only.iter().any(|task| task == "memory") {
        println!("{in_memory}");
        return Ok(());
    }
    // who lives with whom is found once per population and kept, so it is measured apart
    let fresh = || read(&program, &file);
    let (households, ()) = repeat(times, fresh, |population| {
        let _kept = population.table("person").context("the people")?.households();
        Ok(())
    })?;
    let (reading, _) = repeat(times, nothing, |()| read(&program, &file))?;
    let (writing, ()) = repeat(times, nothing, |()| write(&population, &found, &out))?;
    let (files, ()) = repeat(times, nothing, |()| {
        let population = read(&program, &file)?;
        write(&population, &program.run(&population, as_of), &out)
    })?;
    let line = json!({
        "engine": "Yilian",
        "version": env!("CARGO_PKG_VERSION"),
        "threads": 1,
        "peak_mib": peak_mib()?,
        "tasks": {
            "in_memory": in_memory,
            "files": files,
            "households": households,
            "reading": reading,
            "writing": writing,
        },
        "compile_ms": compile_ms,
        "counts": found.rules.iter().map(paid_people).collect::<Vec<_>>(),
        "sums": found.rules.iter().map(|rule| (rule.total() * 100.0).round() / 100.0).collect::<Vec<_>>(),
    });
    println!("{line}");
    Ok(())
}

fn read(program: &Program, file: &PathBuf) -> anyhow::Result<Population> {
    let wanted: Vec<&str> = program.fields("person").map(|(key, _)| key).collect();
    let table = lake::read_columns("person", std::slice::from_ref(file), |name| wanted.contains(&name))?;
    Ok(Population::new([table]))
}

fn write(population: &Population, found: &Determinations, out: &Path) -> anyhow::Result<()> {
    for outcomes in lake::outcomes(found) {
        lake::write_outcomes(population, &outcomes, out)?;
    }
    Ok(())
}

/// How many are paid more than nothing.
fn paid_people(rule: &RuleOutcome) -> usize {
    match &rule.paid {
        Some(Paid::Each(paid)) => {
            let paid = paid.values();
            (0..paid.len()).filter(|at| paid.get(*at).as_float().is_some_and(|amount| amount > 0.0)).count()
        }
        _ => rule.outcome.yes.count_ones(),
    }
}

/// Best wall and CPU milliseconds of `times` runs on what `prepare` gives, and the last result.
fn repeat<S, T>(
    times: usize,
    mut prepare: impl FnMut() -> anyhow::Result<S>,
    mut work: impl FnMut(&S) -> anyhow::Result<T>,
) -> anyhow::Result<(Value, T)> {
    let (mut wall, mut cpu, mut result) = (f64::MAX, f64::MAX, None);
    for _ in 0..times {
        drop(result.take());
        let prepared = prepare()?;
        let (before, start) = (cpu_ms(), Instant::now());
        result = Some(work(&prepared)?);
        wall = wall.min(milliseconds(start));
        cpu = cpu.min(cpu_ms() - before);
    }
    let rounded = |ms: f64| (ms * 10.0).round() / 10.0;
    Ok((json!({ "wall_ms": rounded(wall), "cpu_ms": rounded(cpu) }), result.context("REPEATS is 1 or more")?))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// CPU time of all threads of this process.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a short run")]
    let ms = time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6;
    ms
}

fn peak_mib() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1024)
}
