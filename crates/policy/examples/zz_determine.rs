use std::io::{BufReader, BufWriter};
fn main() {
    let t = std::time::Instant::now();
    let pack = policy::load(std::path::Path::new("packs"), "kizilsu-2024").unwrap();
    eprintln!("load {:?}", t.elapsed());
    let program = policy::Program::compile(&pack).unwrap();
    eprintln!("compile {:?}", t.elapsed());
    let d = kernel::parse_date("2026-11-20").unwrap();
    let mut r = BufReader::new(std::io::stdin());
    let mut w = BufWriter::new(std::io::stdout());
    let a = policy::determine_jsonl(&pack, &program, d, &mut r, &mut w).unwrap();
    eprintln!("{a:?} {:?}", t.elapsed());
}
