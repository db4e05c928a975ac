//! Calendar functions over dates held as days since 1970-01-01, in whole-number arithmetic.

use super::Dialect;
use crate::expr::DateCall;

const FIRST: i64 = -719_162;
const LAST: i64 = 2_932_896;

/// The text of a date function.
pub fn call(dialect: Dialect, which: DateCall, args: &[String]) -> String {
    let a = &args[0];
    let (year, month, day) = (part(dialect, a, "year"), part(dialect, a, "month"), part(dialect, a, "day"));
    match which {
        DateCall::DaysBetween => format!("({} - {a})", args[1]),
        DateCall::MonthsBetween => between(dialect, a, &args[1], ""),
        DateCall::YearsBetween => between(dialect, a, &args[1], " / 12"),
        DateCall::AddDays => {
            let sum = format!("({a} + {})", args[1]);
            format!("(CASE WHEN {sum} BETWEEN {FIRST} AND {LAST} THEN {sum} END)")
        }
        DateCall::AddMonths => {
            // Months since March of the year 0, so that February is the last of its year.
            let t = format!("({year} * 12 + {month} - 3 + {})", args[1]);
            let (this, next) = (first_of(&t), first_of(&format!("({t} + 1)")));
            let within = format!("{t} BETWEEN 10 AND 119997");
            let kept = format!("CASE WHEN {day} <= {next} - {this} THEN {day} ELSE {next} - {this} END");
            format!("(CASE WHEN {within} THEN {this} + {kept} - 1 END)")
        }
        DateCall::MonthStart => format!("({a} - {day} + 1)"),
        DateCall::MonthEnd => {
            let t = format!("({year} * 12 + {month} - 2)");
            format!("({} - 1)", first_of(&t))
        }
        DateCall::YearStart => first_of(&format!("({year} * 12 - 2)")),
        DateCall::YearEnd => format!("({} - 1)", first_of(&format!("({year} * 12 + 10)"))),
    }
}

/// Full months from `a` to `b`, negative when `b` is earlier.
fn between(dialect: Dialect, a: &str, b: &str, per: &str) -> String {
    let (forth, back) = (full(dialect, a, b), full(dialect, b, a));
    format!("(CASE WHEN {b} < {a} THEN -(({back}){per}) ELSE ({forth}){per} END)")
}

/// Full months from the earlier to the later: full on the same day number or at the end of a shorter month.
fn full(dialect: Dialect, from: &str, to: &str) -> String {
    let months = |e: &str| format!("{} * 12 + {}", part(dialect, e, "year"), part(dialect, e, "month"));
    let day = |e: &str| part(dialect, e, "day");
    let end = match to.parse::<i64>() {
        Ok(days) => day(&(days + 1).to_string()),
        Err(_) => day(&format!("({to} + 1)")),
    };
    format!(
        "({}) - ({}) - CASE WHEN {} >= {} OR {end} = 1 THEN 0 ELSE 1 END",
        months(to),
        months(from),
        day(to),
        day(from)
    )
}

/// Day number of the first of a month, counted in months since March of the year 0.
fn first_of(t: &str) -> String {
    let (year, month) = (format!("({t} / 12)"), format!("({t} % 12)"));
    format!("({year} * 365 + {year} / 4 - {year} / 100 + {year} / 400 + (153 * {month} + 2) / 5 - 719468)")
}

/// `year`, `month` or `day` of a day number.
fn part(dialect: Dialect, days: &str, which: &str) -> String {
    if let Some(date) = days.parse().ok().and_then(kernel::Date::from_epoch_days) {
        use chrono::Datelike;
        return match which {
            "year" => date.year().to_string(),
            "month" => date.month().to_string(),
            _ => date.day().to_string(),
        };
    }
    match dialect {
        Dialect::Sqlite => {
            let letter = match which {
                "year" => "%Y",
                "month" => "%m",
                _ => "%d",
            };
            format!("CAST(strftime('{letter}', {days} * 86400, 'unixepoch') AS INTEGER)")
        }
        Dialect::Postgres => {
            format!("CAST(EXTRACT({which} FROM DATE '1970-01-01' + CAST({days} AS INTEGER)) AS BIGINT)")
        }
        Dialect::Datafusion => format!("CAST(date_part('{which}', CAST(CAST({days} AS INT) AS DATE)) AS BIGINT)"),
    }
}

/// A date column as days since 1970-01-01.
pub fn days_of_column(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST(julianday({column}) - 2440587.5 AS INTEGER)"),
        Dialect::Postgres => format!("CAST(CAST({column} AS DATE) - DATE '1970-01-01' AS BIGINT)"),
        Dialect::Datafusion => format!("CAST(CAST(CAST({column} AS DATE) AS INT) AS BIGINT)"),
    }
}
