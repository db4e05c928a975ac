//! The night's work list and measures as plain files, one folder a date, published whole.
//!
//! They hold pseudonymous person ids and codes only; the same night gives the same bytes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use kernel::Date;
use performance::Measured;
use worklist::WorkItem;

use crate::CycleFault;

/// Writes `work.csv` and `indicators.csv` below `out/<date>`, replacing what stood there.
///
/// # Errors
/// `File` when a folder or file can't be written; what stood there stays.
pub fn write(out: &Path, as_of: Date, work: &[WorkItem], measured: &[Measured]) -> Result<PathBuf, CycleFault> {
    let staging = out.join(format!(".staging-{as_of}"));
    remove(&staging)?;
    fs::create_dir_all(&staging).map_err(|e| CycleFault::file("create folder", &staging, e))?;
    write_file(&staging.join("work.csv"), &work_table(work)?)?;
    write_file(&staging.join("indicators.csv"), &measure_table(measured)?)?;
    let place = out.join(as_of.to_string());
    let old = out.join(format!(".old-{as_of}"));
    remove(&old)?;
    if place.exists() {
        fs::rename(&place, &old).map_err(|e| CycleFault::file("move", &place, e))?;
    }
    fs::rename(&staging, &place).map_err(|e| CycleFault::file("publish", &place, e))?;
    remove(&old)?;
    Ok(place)
}

fn work_table(work: &[WorkItem]) -> Result<Vec<u8>, CycleFault> {
    let head = ["kind", "rule", "person", "fact", "village", "found_on", "due_on", "from_on", "rank", "cause"];
    table(
        &head,
        work.iter().map(|item| {
            let w = &item.wanted;
            [
                w.kind.name().to_owned(),
                w.rule.clone(),
                w.person.to_string(),
                w.fact.clone().unwrap_or_default(),
                w.village.to_string(),
                item.found_on.to_string(),
                shown(w.due_on),
                shown(w.from_on),
                w.rank.to_string(),
                w.cause.clone(),
            ]
        }),
    )
}

fn measure_table(measured: &[Measured]) -> Result<Vec<u8>, CycleFault> {
    let head = [
        "indicator",
        "division",
        "period_start",
        "period_end",
        "numerator",
        "denominator",
        "unknown",
        "value",
        "base",
        "state",
        "since",
    ];
    let number = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    table(
        &head,
        measured.iter().map(|m| {
            [
                m.indicator.clone(),
                m.division.to_string(),
                m.period_start.to_string(),
                m.period_end.to_string(),
                number(m.numerator),
                number(m.denominator),
                m.unknown.to_string(),
                number(m.value),
                number(m.base),
                m.state.name().to_owned(),
                shown(m.since),
            ]
        }),
    )
}

fn table<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, CycleFault> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| CycleFault::file("write", "table", std::io::Error::other(e));
    writer.write_record(head).map_err(failed)?;
    for row in rows {
        writer.write_record(&row).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| CycleFault::file("write", "table", e.into_error()))
}

fn shown(date: Option<Date>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CycleFault> {
    let done = fs::File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    done.map_err(|e| CycleFault::file("write", path, e))
}

fn remove(folder: &Path) -> Result<(), CycleFault> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(CycleFault::file("remove", folder, e)),
        _ => Ok(()),
    }
}
