//! The night's work list and measures as plain files, one folder a date, published whole.
//!
//! They hold pseudonymous person ids and codes only; the same night gives the same bytes.

use std::fmt::{Display, Write as _};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use kernel::Date;
use performance::Measured;
use worklist::OpenItems;

use crate::CycleFault;

const STAGING: &str = ".staging-";

/// A night's work list on disk, without its name; it goes away unless it is published.
#[must_use = "it goes away unless it is published"]
pub struct Staged<'o> {
    out: &'o Path,
    as_of: Date,
}

/// Writes `work.csv` beside what is published; what an earlier night left there unfinished goes away.
///
/// # Errors
/// `File` when a folder or file can't be written.
pub fn stage<'o>(out: &'o Path, as_of: Date, work: &OpenItems) -> Result<Staged<'o>, CycleFault> {
    for left in unfinished(out)? {
        remove(&left)?;
    }
    let staged = Staged { out, as_of };
    let staging = staged.folder();
    fs::create_dir_all(&staging).map_err(|e| CycleFault::file("create folder", &staging, e))?;
    write_file(&staging.join("work.csv"), |file| work_table(work, file))?;
    Ok(staged)
}

impl Staged<'_> {
    fn folder(&self) -> PathBuf {
        self.out.join(format!("{STAGING}{}", self.as_of))
    }

    /// Adds `indicators.csv` and publishes both as `out/<date>`, replacing what stood there.
    ///
    /// # Errors
    /// `File` when a folder or file can't be written; what stood there stays.
    pub fn publish(self, measured: &[Measured]) -> Result<PathBuf, CycleFault> {
        let staging = self.folder();
        write_file(&staging.join("indicators.csv"), |file| measure_table(measured, file))?;
        let place = self.out.join(self.as_of.to_string());
        let old = self.out.join(format!(".old-{}", self.as_of));
        remove(&old)?;
        if place.exists() {
            fs::rename(&place, &old).map_err(|e| CycleFault::file("move", &place, e))?;
        }
        fs::rename(&staging, &place).map_err(|e| CycleFault::file("publish", &place, e))?;
        remove(&old)?;
        Ok(place)
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // What can't be removed now is by the next night.
        let _ = fs::remove_dir_all(self.folder());
    }
}

fn unfinished(out: &Path) -> Result<Vec<PathBuf>, CycleFault> {
    let listing = match fs::read_dir(out) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing.map_err(|e| CycleFault::file("read", out, e))?,
    };
    let mut left = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|e| CycleFault::file("read", out, e))?;
        let name = entry.file_name();
        if name.to_string_lossy().strip_prefix(STAGING).is_some_and(|day| kernel::parse_date(day).is_ok()) {
            left.push(entry.path());
        }
    }
    Ok(left)
}

fn work_table(work: &OpenItems, file: &mut dyn Write) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let head = ["kind", "rule", "person", "fact", "village", "found_on", "due_on", "from_on", "rank", "cause"];
    writer.write_record(head)?;
    let (mut people, mut villages, mut ranks) = (Shown::NOTHING, Shown::NOTHING, Shown::NOTHING);
    let mut days = [Shown::NOTHING; 3];
    for (item, found_on) in work.in_order() {
        let [found, due, from] = &mut days;
        writer.write_field(item.kind.name())?;
        writer.write_field(&*item.rule)?;
        writer.write_field(people.text(item.person))?;
        writer.write_field(item.fact.as_deref().unwrap_or(""))?;
        writer.write_field(villages.text(item.village))?;
        writer.write_field(found.text(found_on))?;
        writer.write_field(item.due_on.map_or("", |day| due.text(day)))?;
        writer.write_field(item.from_on.map_or("", |day| from.text(day)))?;
        writer.write_field(ranks.text(item.rank))?;
        writer.write_field(&*item.cause)?;
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush().map_err(Into::into)
}

/// A value as text, made anew when it is another one: items stand by village and day.
struct Shown<T> {
    last: Option<T>,
    text: String,
}

impl<T: Copy + PartialEq + Display> Shown<T> {
    const NOTHING: Self = Self { last: None, text: String::new() };

    fn text(&mut self, value: T) -> &str {
        if self.last != Some(value) {
            self.text.clear();
            let _ = write!(self.text, "{value}");
            self.last = Some(value);
        }
        &self.text
    }
}

fn measure_table(measured: &[Measured], file: &mut dyn Write) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
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
    writer.write_record(head)?;
    for m in measured {
        writer.write_record([
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
            m.since.map(|day| day.to_string()).unwrap_or_default(),
        ])?;
    }
    writer.flush().map_err(Into::into)
}

fn write_file(path: &Path, fill: impl FnOnce(&mut dyn Write) -> csv::Result<()>) -> Result<(), CycleFault> {
    let done = fs::File::create(path).and_then(|file| {
        let mut writer = BufWriter::new(file);
        fill(&mut writer).map_err(|e| match e.into_kind() {
            csv::ErrorKind::Io(e) => e,
            other => std::io::Error::other(format!("{other:?}")),
        })?;
        writer.into_inner()?.sync_all()
    });
    done.map_err(|e| CycleFault::file("write", path, e))
}

fn remove(folder: &Path) -> Result<(), CycleFault> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(CycleFault::file("remove", folder, e)),
        _ => Ok(()),
    }
}
