//! The one binary. It wires rooms together and holds no rule of its own.

mod cli;

/// Reading lists makes and drops millions of small texts; the system allocator spends a quarter of the night on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
