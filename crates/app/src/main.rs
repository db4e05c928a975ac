//! The one binary. It wires rooms together and holds no rule of its own.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
