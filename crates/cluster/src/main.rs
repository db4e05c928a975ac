//! `yilian-cluster`: a province's own rules over the lakes of many counties, on one machine or on many.

mod answers;
mod cells;
mod determine;
mod gather;
mod measure;
mod people;
mod province;
mod said;
mod scheduler;
mod session;
mod stores;
mod told;
mod verify;
mod worker;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use kernel::Lang;

/// Plans of this size are walked down deeply, and more so where nothing is optimised.
const STACK: usize = 16 << 20;

#[derive(Parser)]
#[command(version, about = "Asks a province's own rules over the lakes of many counties")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take plans and hand their stages to workers.
    Scheduler(scheduler::Args),
    /// Compute what the scheduler hands out.
    Worker(worker::Args),
    /// Answer every rule about people that SQL can say, for everyone in every lake.
    Determine(determine::Args),
    /// Count the indicators about people that SQL can say, by division.
    Measure(measure::Args),
}

impl Command {
    const fn lang(&self) -> Lang {
        match self {
            Self::Scheduler(args) => args.tongue.lang(),
            Self::Worker(args) => args.tongue.lang(),
            Self::Determine(args) => args.asked.tongue.lang(),
            Self::Measure(args) => args.asked.tongue.lang(),
        }
    }
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("yilian-cluster: {}", told::told(&error, cli.command.lang()));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
    // What is asked runs on a thread of the runtime: those have the stack.
    std::thread::scope(|scope| {
        let asked = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            runtime.block_on(async {
                match &cli.command {
                    Command::Scheduler(args) => scheduler::run(args).await.map(|()| ExitCode::SUCCESS),
                    Command::Worker(args) => worker::run(args).await.map(|()| ExitCode::SUCCESS),
                    Command::Determine(args) => determine::run(args).await,
                    Command::Measure(args) => measure::run(args).await,
                }
            })
        })?;
        asked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
