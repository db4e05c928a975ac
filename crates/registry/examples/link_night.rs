//! Times the night's link step against a large registry; see `benches/linkage/night_large.sh`.
//!
//!     link_night FOLDER ROWS
//!
//! FOLDER holds `a.csv` (the registry) and `b.csv` (rows about some of its people) as `yilian synth --pair` writes
//! them; the database is made there once. ROWS rows of `b.csv`, none with a sound number, come as a list; then the
//! step is timed. Prints seconds, CPU seconds and memory.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use kernel::{IdNumber, parse_date};
use registry::ingest::{IngestOptions, Ingester, ListState};
use registry::linking::Rules;
use registry::sources::Catalogue;
use store::{Database, DatabaseUrl, Keys};

const POPULATION: &str =
    "公民身份号码,姓名,性别,出生日期,民族,婚姻状况,户籍地区划代码,居住地区划代码,居住地址,户号,联系电话";
const SURVEY: &str = "公民身份号码,居住情况,姓名,居住地区划代码,联系电话";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(folder), Some(rows)) = (args.next().map(PathBuf::from), args.next()) else {
        return Err("usage: link_night FOLDER ROWS".into());
    };
    let rows: usize = rows.parse()?;
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let pack = policy::load(&packs, "kizilsu-2024").map_err(|_| "the pack has faults")?;
    let catalogue = Catalogue::load(&packs.join("national/sources.toml"), &pack.dictionary)
        .map_err(|_| "the sources have faults")?;
    let rules = Rules::load(&packs.join("national/linkage.toml"), &catalogue)?;
    let path = folder.join("registry.db");
    let is_new = !path.exists();
    let database = Database::open(&DatabaseUrl::file(&path))?;
    database.migrate(registry::MIGRATIONS)?;
    let key = folder.join("keys");
    let keys = if key.exists() { Keys::from_file(&key)? } else { store::keys::create_key_file(&key)? };
    let keys = keys.attach(&mut database.session()?)?;
    let ingester = || Ingester::new(&database, &keys, &catalogue, &pack.divisions, &pack.roots);
    let options = |day: &str| -> Result<IngestOptions, Box<dyn Error>> { Ok(IngestOptions::on(parse_date(day)?)) };
    if is_new {
        let list = population(&folder)?;
        let clock = Clock::start();
        let mut ingester = ingester();
        let report = ingester.file(&list, &options("2026-10-01")?)?;
        clock.stop(&format!("registry of {} people taken", report.good));
        let clock = Clock::start();
        ingester.link(&rules, &options("2026-10-01")?, &BTreeSet::new())?;
        clock.stop("index made, first night");
        fs::remove_file(list)?;
    }
    let count: i64 = database.session()?.query("SELECT COUNT(*) FROM list", &[])?[0].int(0)?;
    let day = format!("2026-11-{:02}", count % 28 + 1);
    let list = survey(&folder, &day, rows)?;
    let mut ingester = ingester();
    let clock = Clock::start();
    let taking = IngestOptions { force_close: true, ..options(&day)? };
    let report = ingester.file(&list, &taking)?;
    clock.stop(&format!("list of {} rows taken, {} wait", report.rows, report.unlinked));
    assert_eq!(report.state, ListState::Accepted, "the list is taken");
    let clock = Clock::start();
    let parts = database.session()?.query("SELECT sealed FROM link_index", &[])?.len();
    clock.stop(&format!("{parts} parts of the index read once, so that the disk is not what is timed"));
    let clock = Clock::start();
    let done = ingester.link(&rules, &options(&day)?, &BTreeSet::new())?;
    clock.stop(&format!("link step: {} compared, {} linked, {} pairs asked", done.compared, done.linked, done.asked));
    Ok(())
}

/// The registry as the police's list.
fn population(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join("population_2026-10-01.csv");
    let mut out = BufWriter::new(File::create(&path)?);
    writeln!(out, "{POPULATION}")?;
    for (at, row) in csv::Reader::from_path(folder.join("a.csv"))?.records().enumerate() {
        let row = row?;
        let Ok(id) = IdNumber::parse(&row[1]) else { continue };
        let (name, home, phone, address) = (&row[2], &row[5], &row[6], &row[7]);
        let (born, sex) = (id.birth_date(), if id.sex() == 1 { "男" } else { "女" });
        writeln!(out, "{},{name},{sex},{born},汉族,已婚,{home},{home},{address},H{at},{phone}", id.reveal())?;
    }
    out.flush()?;
    Ok(path)
}

/// Rows without a sound number: every second has none, the others one with a wrong digit.
fn survey(folder: &Path, day: &str, rows: usize) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join(format!("village_survey_{day}.csv"));
    let mut out = BufWriter::new(File::create(&path)?);
    writeln!(out, "{SURVEY}")?;
    for (at, row) in csv::Reader::from_path(folder.join("b.csv"))?.records().take(rows).enumerate() {
        let row = row?;
        let mut number = row[1].to_owned();
        if IdNumber::parse(&number).is_ok() {
            let digit = if number.as_bytes().get(9) == Some(&b'3') { "4" } else { "3" };
            number = if at % 2 == 0 || number.len() < 18 { String::new() } else { number };
            if !number.is_empty() {
                number.replace_range(9..10, digit);
            }
        }
        writeln!(out, "{number},独居,{},{},{}", &row[2], &row[5], &row[6])?;
    }
    out.flush()?;
    Ok(path)
}

struct Clock {
    begun: Instant,
    cpu: f64,
}

impl Clock {
    fn start() -> Self {
        Self { begun: Instant::now(), cpu: cpu_seconds() }
    }

    fn stop(self, what: &str) {
        let (wall, cpu) = (self.begun.elapsed().as_secs_f64(), cpu_seconds() - self.cpu);
        println!("{wall:8.2} s {cpu:8.2} CPU s {:8} MB at most  {what}", peak_megabytes());
    }
}

fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn peak_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
