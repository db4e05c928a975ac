//! `cargo run --release -p yilian-linkage --example link -- SPEC LEFT [RIGHT] OUT`: the engine without the program.
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let right = (args.len() > 3).then(|| args[2].clone().into());
    let options = linkage::command::Options {
        spec: args[0].clone().into(),
        left: args[1].clone().into(),
        right,
        out: args.last().map(Into::into),
        train: std::env::var_os("TRAIN").is_some(),
        threads: std::env::var("THREADS").ok().and_then(|n| n.parse().ok()).unwrap_or(0),
        ..Default::default()
    };
    let start = std::time::Instant::now();
    let mut say = |line: &str| eprintln!("{:6.2}s {line}", start.elapsed().as_secs_f64());
    match linkage::command::run(&options, &mut say) {
        Ok(outcome) => print!("{}", outcome.printed),
        Err(fault) => eprintln!("{fault}"),
    }
}
