//! Indicators: how many rows count, out of how many, by division, and which rows they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Months};
use kernel::{Date, DivisionCode, DivisionLevel};

use crate::column::{Bits, Population, Table};
use crate::engine::row::places_of;
use crate::engine::{Dates, Output, Truth, columns};
use crate::expr::{Expr, Node};
use crate::model::{Indicator, Period};
use crate::program::{IndicatorSpec, MeasureSpec, Program};
use crate::value::ValueType;

/// One indicator for one period.
#[derive(Clone, Debug)]
pub struct IndicatorTable {
    pub id: Arc<str>,
    pub entity: String,
    pub as_of: Date,
    /// First and last day of the period.
    pub period: (Date, Date),
    /// One per division of the indicator's levels, upper levels first, in code order; none is left out.
    pub lines: Vec<IndicatorLine>,
    /// Rows that count in the numerator.
    pub numerator: Bits,
    /// Rows that are counted at all.
    pub rows: Bits,
    /// Rows for which it is not known whether they are counted, or whether they count in the numerator.
    pub unknown: Bits,
    /// Where each row lies; none when that is not known.
    pub divisions: Vec<Option<DivisionCode>>,
}

/// The figures of one division.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndicatorLine {
    pub division: DivisionCode,
    /// A count of rows, or a sum in the units of the summed expression's type.
    pub numerator: f64,
    /// None: the numerator stands alone.
    pub denominator: Option<f64>,
    /// Rows left out because a fact is missing.
    pub unknown: usize,
    /// Rows that are counted, and those of them whose share nobody has told.
    pub counted: usize,
    pub untold: usize,
}

/// What the rows of one village come to, as a database says: see [`crate::sql::sums`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VillageSum {
    pub counted: usize,
    pub untold: usize,
    pub unknown: usize,
    pub numerator: f64,
    pub denominator: f64,
}

impl IndicatorLine {
    const fn nothing(division: DivisionCode, denominator: Option<f64>) -> Self {
        Self { division, numerator: 0.0, denominator, unknown: 0, counted: 0, untold: 0 }
    }

    /// Numerator over denominator, or the numerator where it stands alone; none when there is nothing to divide by or
    /// nobody has told of a single row: silence is no nought.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        if self.counted > 0 && self.untold == self.counted {
            return None;
        }
        match self.denominator {
            None => Some(self.numerator),
            Some(denominator) => (denominator != 0.0).then(|| self.numerator / denominator),
        }
    }
}

impl IndicatorTable {
    #[must_use]
    pub fn line(&self, division: DivisionCode) -> Option<&IndicatorLine> {
        self.lines.iter().find(|line| line.division == division)
    }

    /// Rows of the table that lie in a division, for listing them one by one.
    pub fn rows_in(&self, division: DivisionCode) -> impl Iterator<Item = usize> {
        self.rows.ones().filter(move |row| self.divisions[*row].is_some_and(|own| division.contains(own)))
    }
}

impl Indicator {
    /// The period an indicator speaks of on a day: the last complete month, quarter or year before that day's own.
    #[must_use]
    pub fn period_on(&self, as_of: Date) -> (Date, Date) {
        let before = |first_of_current: Option<Date>, months: u32| {
            let end = first_of_current.and_then(|day| day.pred_opt());
            let start = first_of_current.and_then(|day| day.checked_sub_months(Months::new(months)));
            start.zip(end).unwrap_or((as_of, as_of))
        };
        let month = as_of.with_day(1);
        let quarter = Date::from_ymd_opt(as_of.year(), as_of.month0() / 3 * 3 + 1, 1);
        match self.period {
            Period::Day => (as_of, as_of),
            Period::LastMonth => before(month, 1),
            Period::LastQuarter => before(quarter, 3),
            Period::LastYear => before(Date::from_ymd_opt(as_of.year(), 1, 1), 12),
            Period::Cumulative => (self.cumulative_from.unwrap_or(Date::MIN), as_of),
        }
    }

    /// The day whose population is counted: the last day of the period where it is a past one.
    #[must_use]
    pub fn population_day(&self, as_of: Date) -> Date {
        match self.period {
            Period::Day | Period::Cumulative => as_of,
            Period::LastMonth | Period::LastQuarter | Period::LastYear => self.period_on(as_of).1,
        }
    }
}

/// A row's share of a figure: none when a fact is missing.
enum Share {
    Rows(Truth),
    Sum(Vec<Option<f64>>),
}

impl Program {
    /// One indicator over the rows of its entity; none when the pack has no such indicator.
    ///
    /// For people the pack's population parts come first. Rows whose division is not known count for the plan's own
    /// division only, when it has one.
    #[must_use]
    pub fn measure(
        &self,
        population: &Population,
        id: &str,
        as_of: Date,
        period: (Date, Date),
    ) -> Option<IndicatorTable> {
        let spec = self.indicators.iter().find(|spec| &*spec.id == id)?;
        let rows = population.table(&spec.entity).map_or(0, Table::rows);
        let filter = self.filter(spec);
        let mut exprs = vec![&filter];
        let denominator = spec.denominator.as_ref();
        exprs.extend([Some(&spec.numerator), denominator].into_iter().flatten().filter_map(MeasureSpec::expr));
        let mut outputs = columns(self, population, &spec.entity, Dates { as_of, period }, &exprs).into_iter();
        let counted = outputs.next().unwrap_or(Output::Empty).truth(rows);
        let numerator = share(&spec.numerator, &mut outputs, &counted, rows);
        let denominator = denominator.map(|measure| share(measure, &mut outputs, &counted, rows));
        let missing = |share: &Share| match share {
            Share::Rows(truth) => truth.unknown(),
            Share::Sum(values) => Bits::from_bools(values.iter().map(Option::is_none)),
        };
        let mut unknown = missing(&numerator);
        if let Some(denominator) = &denominator {
            unknown = unknown.or(&missing(denominator));
        }
        let unknown = unknown.and(&counted.yes).or(&counted.unknown());
        let divisions = lie_in(population.table(&spec.entity));
        let mut table = IndicatorTable {
            id: Arc::clone(&spec.id),
            entity: spec.entity.clone(),
            as_of,
            period,
            lines: Vec::new(),
            numerator: match &numerator {
                Share::Rows(truth) => truth.yes.and(&counted.yes),
                Share::Sum(values) => {
                    Bits::from_bools(values.iter().map(|value| value.is_some_and(|v| v != 0.0))).and(&counted.yes)
                }
            },
            rows: Arc::unwrap_or_clone(counted.yes),
            unknown,
            divisions,
        };
        table.lines = self.lines(spec, &table, &numerator, denominator.as_ref());
        Some(table)
    }

    /// The same figures from what a database said of each village; none when the pack has no such indicator.
    #[must_use]
    pub fn gathered(&self, id: &str, villages: &[(Option<DivisionCode>, VillageSum)]) -> Option<Vec<IndicatorLine>> {
        let spec = self.indicators.iter().find(|spec| &*spec.id == id)?;
        let mut lines = self.no_lines(spec, spec.denominator.is_some());
        for (village, sum) in villages {
            lines.each_above(*village, |line| {
                line.counted += sum.counted;
                line.untold += sum.untold;
                line.unknown += sum.unknown;
                line.numerator += sum.numerator;
                line.denominator = line.denominator.map(|before| before + sum.denominator);
            });
        }
        Some(lines.lines)
    }

    pub(crate) fn filter(&self, spec: &IndicatorSpec) -> Expr {
        let scope = if spec.entity == "person" { self.population.as_slice() } else { &[] };
        let all = scope.iter().map(|part| part.when.clone()).chain(spec.filter.clone()).collect();
        Expr::bool(Node::And(all))
    }

    fn lines(
        &self,
        spec: &IndicatorSpec,
        table: &IndicatorTable,
        numerator: &Share,
        denominator: Option<&Share>,
    ) -> Vec<IndicatorLine> {
        let mut lines = self.no_lines(spec, denominator.is_some());
        for row in table.rows.or(&table.unknown).ones() {
            lines.each_above(table.divisions[row], |line| {
                line.unknown += usize::from(table.unknown.get(row));
                if table.rows.get(row) {
                    line.counted += 1;
                    line.untold += usize::from(table.unknown.get(row));
                    line.numerator += numerator.of(row);
                    line.denominator = line.denominator.zip(denominator).map(|(sum, share)| sum + share.of(row));
                }
            });
        }
        lines.lines
    }

    /// A line for each division of the indicator's levels, with nothing in it.
    fn no_lines(&self, spec: &IndicatorSpec, divided: bool) -> Lines {
        let mut levels = spec.levels.clone();
        levels.sort_unstable();
        levels.dedup();
        let mut lines = Vec::new();
        let mut line_of = BTreeMap::new();
        for level in &levels {
            let inside =
                self.divisions.of_level(*level).filter(|d| self.roots.iter().any(|root| root.contains(d.code)));
            for division in inside {
                line_of.insert(division.code, lines.len());
                lines.push(IndicatorLine::nothing(division.code, divided.then_some(0.0)));
            }
        }
        let root = if let [root] = self.roots.as_slice() { Some(*root) } else { None };
        Lines { lines, line_of, levels, root }
    }
}

/// Lines of an indicator while they are filled.
struct Lines {
    lines: Vec<IndicatorLine>,
    line_of: BTreeMap<DivisionCode, usize>,
    levels: Vec<DivisionLevel>,
    root: Option<DivisionCode>,
}

impl Lines {
    /// The lines of the divisions that a place lies in.
    fn each_above(&mut self, own: Option<DivisionCode>, mut each: impl FnMut(&mut IndicatorLine)) {
        let own = own.or(self.root);
        for level in &self.levels {
            if let Some(line) = own.and_then(|own| own.at(*level)).and_then(|code| self.line_of.get(&code)) {
                each(&mut self.lines[*line]);
            }
        }
    }
}

impl MeasureSpec {
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Rows => None,
            Self::Count(expr) | Self::Sum(expr) => Some(expr),
        }
    }
}

impl Share {
    fn of(&self, row: usize) -> f64 {
        match self {
            Self::Rows(truth) => f64::from(u8::from(truth.yes.get(row))),
            Self::Sum(values) => values[row].unwrap_or(0.0),
        }
    }
}

fn share(measure: &MeasureSpec, outputs: &mut impl Iterator<Item = Output>, counted: &Truth, rows: usize) -> Share {
    match measure {
        MeasureSpec::Rows => {
            Share::Rows(Truth { yes: Arc::clone(&counted.yes), known: Arc::new(Bits::filled(rows, true)) })
        }
        MeasureSpec::Count(_) => Share::Rows(outputs.next().unwrap_or(Output::Empty).truth(rows)),
        MeasureSpec::Sum(expr) => {
            let ty = expr.ty.unwrap_or(ValueType::Int);
            let column = outputs.next().unwrap_or(Output::Empty).column(ty, rows);
            Share::Sum((0..rows).map(|row| column.get(row).as_float()).collect())
        }
    }
}

/// Where each row lies.
fn lie_in(table: Option<&Table>) -> Vec<Option<DivisionCode>> {
    let Some(table) = table else { return Vec::new() };
    let columns = places_of(table.entity()).iter().filter_map(|key| table.column(key));
    let codes: Vec<_> = columns.map(|column| column.meanings(|text| text.parse().ok())).collect();
    let of = |row| codes.iter().find_map(|codes| codes.get(row).copied()).flatten();
    (0..table.rows()).map(of).collect()
}
