//! What the province holds: the newest day of every county, what is missing and what is behind, and the figures.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DivisionLevel, Divisions};
use serde::Serialize;
use store::{Row, Session};

use crate::{Agreement, ReturnError, trusted};

/// How a county stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Fresh,
    Stale,
    Missing,
}

/// One county of the province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountyLine {
    pub county: DivisionCode,
    pub standing: Standing,
    /// A key is believed for it.
    pub trusted: bool,
    /// The number of the load, for its figures.
    pub load: Option<i64>,
    pub as_of: Option<Date>,
    pub days_behind: Option<i64>,
    pub revision: Option<i64>,
    pub pack: Option<String>,
    pub pack_version: Option<String>,
    pub people: i64,
    pub places: i64,
}

/// An indicator as a county published it; none: too small to be told, or not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndicatorLine {
    pub indicator: String,
    pub division: DivisionCode,
    pub period_start: Date,
    pub period_end: Date,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub unknown: Option<i64>,
    pub state: String,
}

/// A rule as a county published it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    pub rule: String,
    pub division: DivisionCode,
    pub met: Option<i64>,
    pub not_met: Option<i64>,
    pub unknown: Option<i64>,
}

/// Every county of a province or prefecture on a day, in code order, with those that returned nothing.
///
/// # Errors
/// Those of the store.
pub fn status(
    session: &mut Session,
    divisions: &Divisions,
    agreement: &Agreement,
    (region, today): (DivisionCode, Date),
) -> Result<Vec<CountyLine>, ReturnError> {
    let mut loads: BTreeMap<DivisionCode, CountyLine> = BTreeMap::new();
    for row in session.query(include_str!("../sql/load_current.sql"), &[today.into()])? {
        let line = county_line(&row, agreement, today)?;
        loads.insert(line.county, line);
    }
    let believed: Vec<DivisionCode> =
        trusted(session)?.into_iter().filter(|t| t.withdrawn_on.is_none()).map(|t| t.county).collect();
    let mut counties: Vec<DivisionCode> = divisions
        .of_level(DivisionLevel::County)
        .map(|d| d.code)
        .chain(loads.keys().copied())
        .chain(believed.iter().copied())
        .filter(|county| region.contains(*county))
        .collect();
    counties.sort_unstable();
    counties.dedup();
    let line = |county: DivisionCode| {
        let mut line = loads.remove(&county).unwrap_or_else(|| nothing_of(county));
        line.trusted = believed.contains(&county);
        line
    };
    Ok(counties.into_iter().map(line).collect())
}

fn nothing_of(county: DivisionCode) -> CountyLine {
    CountyLine {
        county,
        standing: Standing::Missing,
        trusted: false,
        load: None,
        as_of: None,
        days_behind: None,
        revision: None,
        pack: None,
        pack_version: None,
        people: 0,
        places: 0,
    }
}

fn county_line(row: &Row<'_>, agreement: &Agreement, today: Date) -> Result<CountyLine, ReturnError> {
    let as_of = row.date(2)?;
    let behind = (today - as_of).num_days();
    Ok(CountyLine {
        standing: if behind > agreement.stale_after_days { Standing::Stale } else { Standing::Fresh },
        load: Some(row.int(0)?),
        as_of: Some(as_of),
        days_behind: Some(behind),
        revision: Some(row.int(3)?),
        pack: Some(row.text(4)?.to_owned()),
        pack_version: Some(row.text(5)?.to_owned()),
        people: row.int(8)?,
        places: row.int(9)?,
        ..nothing_of(code(row, 1)?)
    })
}

/// Whether any county's return is held here: a province's page has something to show.
///
/// # Errors
/// Those of the store.
pub fn holds_any(session: &mut Session) -> Result<bool, ReturnError> {
    Ok(session.query_one(include_str!("../sql/load_any.sql"), &[])?.int(0)? > 0)
}

/// The indicators of a load.
///
/// # Errors
/// Those of the store.
pub fn indicators(session: &mut Session, load: i64) -> Result<Vec<IndicatorLine>, ReturnError> {
    let rows = session.query(include_str!("../sql/indicator_of_load.sql"), &[load.into()])?;
    let line = |row: &Row<'_>| {
        Ok(IndicatorLine {
            indicator: row.text(0)?.to_owned(),
            division: code(row, 1)?,
            period_start: row.date(2)?,
            period_end: row.date(3)?,
            numerator: row.opt_real(4)?,
            denominator: row.opt_real(5)?,
            value: row.opt_real(6)?,
            unknown: row.opt_int(7)?,
            state: row.text(8)?.to_owned(),
        })
    };
    rows.iter().map(line).collect()
}

/// The rules of a load.
///
/// # Errors
/// Those of the store.
pub fn rules(session: &mut Session, load: i64) -> Result<Vec<RuleLine>, ReturnError> {
    let rows = session.query(include_str!("../sql/rule_of_load.sql"), &[load.into()])?;
    let line = |row: &Row<'_>| {
        Ok(RuleLine {
            rule: row.text(0)?.to_owned(),
            division: code(row, 1)?,
            met: row.opt_int(2)?,
            not_met: row.opt_int(3)?,
            unknown: row.opt_int(4)?,
        })
    };
    rows.iter().map(line).collect()
}

fn code(row: &Row<'_>, column: usize) -> Result<DivisionCode, ReturnError> {
    row.text(column)?.parse().map_err(|_| ReturnError::Damaged { what: "a division" })
}
