//! Measures our engine on the file and the rules that the peers get. Prints one JSON line, as the peers do.

use std::path::PathBuf;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

fn cpu_ms() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 * 1e3 + t.tv_nsec as f64 / 1e6
}

fn repeat<T>(label: &str, times: usize, mut work: impl FnMut() -> T) -> T {
    let (mut wall, mut cpu, mut result) = (f64::MAX, f64::MAX, None);
    for _ in 0..times {
        drop(result.take());
        let (before, start) = (cpu_ms(), Instant::now());
        result = Some(work());
        wall = wall.min(start.elapsed().as_secs_f64() * 1e3);
        cpu = cpu.min(cpu_ms() - before);
    }
    eprintln!("{label}: wall {wall:.1} cpu {cpu:.1}");
    result.expect("at least once")
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let file = PathBuf::from(&args[1]);
    let out = PathBuf::from(&args[2]);
    let table = repeat("read", 5, || lake::read_table("person", &[file.clone()]).unwrap());
    for (k, c) in table.columns() { eprintln!("{k} {:?}", c.ty()); }
    let peers = PathBuf::from(&args[3]);
    let outcome = repeat("read outcome", 5, || lake::read_table("person", &[peers.clone()]).unwrap());
    repeat("write", 5, || lake::write_table(&outcome, &out).unwrap());
    Ok(())
}
