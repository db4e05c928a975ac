//! What counties published beside what somebody measured over their lakes: `indicators.csv`, as `yilian-cluster measure`
//! writes it.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use kernel::{Date, DivisionCode, parse_date};
use serde::Serialize;
use store::Session;

use crate::{CountyLine, IndicatorLine, ReturnError, ReturnFault, indicators};

const COLUMNS: [&str; 8] =
    ["lake", "indicator", "division", "period_start", "period_end", "numerator", "denominator", "unknown"];

/// How a published figure stands to the measured one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    Differs,
    /// Too small to be told.
    Untold,
    /// Nobody measured it for this division and period, or several lakes did and none is named by the county's code.
    Unmeasured,
}

/// The parts of an indicator's value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub numerator: Option<f64>,
    /// None: the numerator stands alone.
    pub denominator: Option<f64>,
    /// Rows for which it is not known whether they count.
    pub unknown: Option<i64>,
}

/// One published figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BesideLine {
    pub county: DivisionCode,
    pub indicator: String,
    /// The county or one of its townships.
    pub division: DivisionCode,
    pub period_start: Date,
    pub period_end: Date,
    pub told: Figures,
    pub measured: Option<Figures>,
    pub verdict: Verdict,
}

/// Indicator, division, and first and last day of the period.
type Key = (String, DivisionCode, Date, Date);

/// What was measured, lake by lake.
#[derive(Debug, Default)]
pub struct MeasuredLakes(HashMap<Key, Vec<(String, Figures)>>);

impl MeasuredLakes {
    /// Reads the table.
    ///
    /// # Errors
    /// `File` when it can't be read; `Faults` with everything that is wrong with it at once.
    pub fn read(path: &Path) -> Result<Self, ReturnError> {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unreadable =
            |cause: csv::Error| ReturnError::File { action: "read", path: path.to_owned(), cause: cause.into() };
        let mut table = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(unreadable)?;
        let head = table.headers().map_err(unreadable)?.clone();
        let places = COLUMNS.map(|column| head.iter().position(|name| name == column));
        let absent = COLUMNS.iter().zip(&places).filter(|(_, place)| place.is_none());
        let column =
            |(column, _): (&&str, _)| ReturnFault::NoColumn { file: file.clone(), column: (*column).to_owned() };
        let mut faults: Vec<ReturnFault> = absent.map(column).collect();
        if !faults.is_empty() {
            return Err(ReturnError::Faults(faults));
        }
        let mut found = Self::default();
        for record in table.records() {
            let record = record.map_err(unreadable)?;
            let row = record.position().map_or(0, csv::Position::line);
            let mut cells = Cells { record: &record, places: &places, file: &file, row, faults: &mut faults };
            let lake = cells.text(0).to_owned();
            let indicator = cells.text(1).to_owned();
            let (division, start, end) = (cells.read(2), cells.day(3), cells.day(4));
            let numerator = cells.read(5);
            let denominator = if cells.text(6).is_empty() { None } else { cells.read(6) };
            let figures = Figures { numerator, denominator, unknown: cells.read(7) };
            // `*` is all lakes together.
            if let (Some(division), Some(start), Some(end)) = (division, start, end)
                && lake != "*"
            {
                found.0.entry((indicator, division, start, end)).or_default().push((lake, figures));
            }
        }
        if faults.is_empty() { Ok(found) } else { Err(ReturnError::Faults(faults)) }
    }

    /// Every figure that a county's counting return tells, in its order.
    ///
    /// # Errors
    /// Those of the store.
    pub fn beside(&self, session: &mut Session, county: &CountyLine) -> Result<Vec<BesideLine>, ReturnError> {
        let Some(load) = county.load else { return Ok(Vec::new()) };
        let lines = indicators(session, load)?.into_iter().map(|line| self.line(county.county, line));
        Ok(lines.collect())
    }

    fn line(&self, county: DivisionCode, line: IndicatorLine) -> BesideLine {
        let IndicatorLine { indicator, division, period_start, period_end, .. } = line;
        let told = Figures { numerator: line.numerator, denominator: line.denominator, unknown: line.unknown };
        let key = (indicator, division, period_start, period_end);
        let lakes = self.0.get(&key).map_or(&[][..], Vec::as_slice);
        let own = lakes.iter().find(|(lake, _)| *lake == county.to_string());
        let only = if let [only] = lakes { Some(only) } else { None };
        let measured = own.or(only).map(|(_, figures)| *figures);
        let verdict = match measured {
            None => Verdict::Unmeasured,
            Some(_) if told.numerator.is_none() => Verdict::Untold,
            Some(measured) if measured.are(&told) => Verdict::Same,
            Some(_) => Verdict::Differs,
        };
        BesideLine { county, indicator: key.0, division, period_start, period_end, told, measured, verdict }
    }
}

impl Figures {
    fn are(&self, other: &Self) -> bool {
        let close = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0);
        let same = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => close(one, other),
            (one, other) => one == other,
        };
        same(self.numerator, other.numerator)
            && same(self.denominator, other.denominator)
            && self.unknown == other.unknown
    }
}

/// One row of the table; what can't be read is noted and the rest goes on.
struct Cells<'c> {
    record: &'c csv::StringRecord,
    places: &'c [Option<usize>; COLUMNS.len()],
    file: &'c str,
    row: u64,
    faults: &'c mut Vec<ReturnFault>,
}

impl Cells<'_> {
    fn text(&self, column: usize) -> &str {
        self.places[column].and_then(|place| self.record.get(place)).unwrap_or("").trim()
    }

    fn read<T: FromStr>(&mut self, column: usize) -> Option<T> {
        let value = self.text(column).parse().ok();
        self.noted(column, value)
    }

    fn day(&mut self, column: usize) -> Option<Date> {
        let value = parse_date(self.text(column)).ok();
        self.noted(column, value)
    }

    fn noted<T>(&mut self, column: usize, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.faults.push(ReturnFault::Cell {
                file: self.file.to_owned(),
                row: self.row,
                column: COLUMNS[column].to_owned(),
                cell: self.text(column).to_owned(),
            });
        }
        value
    }
}
