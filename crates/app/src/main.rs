//! The one binary. It wires rooms together and holds no rule of its own.

mod cli;

/// Reading lists makes and drops millions of small texts; the system allocator spends a quarter of the night on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // A night touches much memory once. Two megabytes at a time the system clears what is never used, and on a virtual
    // machine takes it from the host anew: a fifth of a usual night. That it stays as it is does no harm.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    cli::run()
}
