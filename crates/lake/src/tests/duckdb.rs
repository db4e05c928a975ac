use std::path::Path;
use std::process::Command;

use super::{as_outcomes, paid, population, publish, some_outcomes};

/// The interpreter that has DuckDB: `YILIAN_PYTHON`, or the one the benches set up, or `python3`.
fn python() -> Option<String> {
    let cache =
        std::env::var("YILIAN_CACHE").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cache/yilian")));
    let venv = cache.map(|cache| format!("{cache}/venv/bin/python")).ok();
    let candidates = [std::env::var("YILIAN_PYTHON").ok(), venv, Some("python3".to_owned())];
    candidates.into_iter().flatten().find(|python| {
        let asked = Command::new(python).args(["-c", "import duckdb"]).output();
        asked.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn an_analyst_reads_the_lake_with_duckdb() {
    let Some(python) = python() else {
        let required = std::env::var("YILIAN_REQUIRE_DUCKDB").is_ok_and(|v| v == "1");
        assert!(!required, "DuckDB is required (YILIAN_REQUIRE_DUCKDB=1) but no python has it");
        println!("SKIPPED: no python with duckdb (pip install duckdb, or set YILIAN_PYTHON)");
        return;
    };
    let lake = tempfile::tempdir().unwrap();
    let population = population(3000);
    let (met, known) = some_outcomes(3000);
    publish(&population, &as_outcomes(&met, &known, &paid(&population, &met)), lake.path()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/read_with_duckdb.py");
    let output = Command::new(python).arg(script).arg(lake.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
