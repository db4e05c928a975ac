//! How good the departments' lists are, so that the county can ask the right office to mend the right column.

pub mod export;
pub mod index;
pub mod show;

use kernel::Date;
use registry::quality::{self, Share, SourceMonth};
use serde::Serialize;

use crate::desk::Desk;
use crate::edge::Problem;
use crate::frame::figures;
use crate::opened::Opened;
use crate::parts::{Chip, address};

/// Months before the current one that pages tell of.
const BACK: u32 = 11;

/// A share as a table shows it; without a percentage it was not counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    pub percent: Option<f64>,
    /// Per hundred, as written.
    pub text: String,
    /// `1,204 / 1,964`.
    pub counts: String,
}

impl Rate {
    pub fn of(share: Share) -> Self {
        let n = |n: u64| figures::measure(whole(n));
        Self {
            percent: share.percent(),
            text: share.percent().map(figures::measure).unwrap_or_default(),
            counts: format!("{} / {}", n(share.part), n(share.whole)),
        }
    }

    pub fn maybe(share: Option<Share>) -> Self {
        share.map(Self::of).unwrap_or_default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of rows")]
fn whole(n: u64) -> f64 {
    n as f64
}

/// Everything counted in the last twelve months of the rows that the page's permission reaches.
///
/// # Errors
/// Those of the database.
pub fn read(opened: &Opened<'_>) -> Result<Vec<SourceMonth>, Problem> {
    let (catalogue, as_of) = (&opened.published.world.catalogue, opened.desk.as_of);
    let within = opened.desk.cut();
    opened.ask(|session| quality::months(session, catalogue, as_of, BACK, within.as_deref()))
}

/// `2026-11`.
#[must_use]
pub fn written(month: Date) -> String {
    month.format("%Y-%m").to_string()
}

/// The month asked for, or the newest one with a list.
fn chosen(all: &[SourceMonth], asked: &str) -> Option<Date> {
    let with_lists = || all.iter().filter(|m| !m.lists.is_empty()).map(|m| m.month);
    with_lists().find(|month| written(*month) == asked).or_else(|| with_lists().max())
}

/// A link for every month in which lists came, newest first.
fn month_chips(desk: &Desk<'_>, all: &[SourceMonth], current: Date, path: &str) -> Vec<Chip> {
    let mut months: Vec<Date> = all.iter().filter(|m| !m.lists.is_empty()).map(|m| m.month).collect();
    months.sort_unstable_by(|a, b| b.cmp(a));
    months.dedup();
    let chip = |month: Date| Chip {
        label: desk.voice.say("quality-month", &[("month", written(month).into())]),
        n: None,
        href: address(path, &[("month", &written(month))]),
        current: month == current,
    };
    months.into_iter().map(chip).collect()
}
