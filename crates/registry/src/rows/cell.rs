//! One cell to its canonical form: `1`/`0`, digits, ISO date, code. Empty stays empty: not known.

use std::fmt::Write;

use kernel::{Date, DateFault, DivisionLevel, Fen, parse_date, parse_loose_date};

use super::{DivisionNames, FaultCode, SEPARATOR};
use crate::sources::{Column, Format, Gives};

/// What a text is written without.
const BREAKS: [char; 3] = ['\n', '\r', '\t'];
/// Longest text a cell may hold, in characters.
const LONGEST: usize = 500;

/// What cells are read against.
pub(super) struct Context<'c> {
    pub divisions: &'c DivisionNames,
    pub list_date: Date,
    /// Whether a division must be a village or community.
    pub to_the_village: bool,
}

/// The cell without what surrounds it, or what makes it unreadable.
pub(super) fn clean(raw: &str) -> Result<&str, FaultCode> {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{3000}' | '\u{200b}'));
    // Our own CSV exports put an apostrophe before what could be taken for a formula, offices before ID numbers.
    let text = match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '+' | '-' | '@')) => rest,
        _ => text,
    };
    let is_unreadable =
        |c: char| c == '\u{fffd}' || c == SEPARATOR || c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    // Most cells are digits and letters, of which no character has to be made.
    if !text.bytes().all(|b| matches!(b, b' '..=b'~')) && text.chars().any(is_unreadable) {
        return Err(FaultCode::Unreadable);
    }
    if text.len() > LONGEST && text.chars().count() > LONGEST {
        return Err(FaultCode::TooLong);
    }
    Ok(text)
}

/// Appends the canonical form of a cleaned, non-empty cell.
pub(super) fn canonical(column: &Column, cell: &str, context: &Context<'_>, out: &mut String) -> Result<(), FaultCode> {
    if let Some(form) = column.written.get(cell) {
        return number_in_range(column, form).map(|()| out.push_str(form));
    }
    match column.format {
        Format::Text => out.extend(cell.split_inclusive(BREAKS).flat_map(|part| match part.strip_suffix(BREAKS) {
            Some(line) => [line, " "],
            None => [part, ""],
        })),
        Format::Code => return Err(FaultCode::UnknownCode),
        Format::Bool => return Err(FaultCode::NotYesNo),
        Format::Int => int(column, cell, out)?,
        Format::Decimal(scale) => decimal(column, cell, scale, out)?,
        Format::FenYuan => {
            let fen = Fen::from_yuan(cell).map_err(|_| FaultCode::NotANumber)?;
            write!(out, "{}", fen.0).expect("a string takes all");
        }
        Format::Date => date(column, cell, context, out)?,
        Format::Month => date(column, &month(cell), context, out)?,
        Format::Division => {
            let code = context.divisions.find(cell).ok_or(FaultCode::UnknownDivision)?;
            if context.to_the_village && code.level() != DivisionLevel::Community {
                return Err(FaultCode::DivisionTooWide);
            }
            // A code in digits is written as it is read.
            if cell.len() == code.level().digits() && cell.bytes().all(|b| b.is_ascii_digit()) {
                out.push_str(cell);
            } else {
                write!(out, "{code}").expect("a string takes all");
            }
        }
        Format::IdNumber => out.push_str(cell),
    }
    Ok(())
}

fn int(column: &Column, cell: &str, out: &mut String) -> Result<(), FaultCode> {
    // Most have the canonical form already.
    if matches!(cell.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.len() < 18 && rest.iter().all(u8::is_ascii_digit)) {
        return number_in_range(column, cell).map(|()| out.push_str(cell));
    }
    let plain = cell.replace([',', '，'], "");
    let plain = plain.strip_suffix(".0").unwrap_or(&plain);
    let number: i64 = plain.parse().map_err(|_| FaultCode::NotANumber)?;
    let text = number.to_string();
    number_in_range(column, &text)?;
    out.push_str(&text);
    Ok(())
}

/// At most `scale` places; spreadsheets' binary noise beyond them is rounded away, half up.
fn decimal(column: &Column, cell: &str, scale: u8, out: &mut String) -> Result<(), FaultCode> {
    let plain = cell.replace([',', '，'], "");
    let body = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let (whole, part) = body.split_once('.').unwrap_or((body, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || !digits(whole) || !digits(part) {
        return Err(FaultCode::NotANumber);
    }
    let places = usize::from(scale);
    let kept: String = part.chars().chain(std::iter::repeat('0')).take(places).collect();
    let mut units: i64 = format!("{whole}{kept}").parse().map_err(|_| FaultCode::NotANumber)?;
    if part.as_bytes().get(places).is_some_and(|digit| *digit >= b'5') {
        units += 1;
    }
    let unit = 10_i64.pow(u32::from(scale));
    let sign = if plain.starts_with('-') && units != 0 { "-" } else { "" };
    let text = if places == 0 {
        format!("{sign}{units}")
    } else {
        format!("{sign}{}.{:0places$}", units / unit, units % unit)
    };
    number_in_range(column, &text)?;
    out.push_str(&text);
    Ok(())
}

fn date(column: &Column, cell: &str, context: &Context<'_>, out: &mut String) -> Result<(), FaultCode> {
    let date = match spreadsheet_day(cell) {
        Some(date) => date,
        None => parse_loose_date(cell).map_err(|fault| match fault {
            DateFault::Shape => FaultCode::DateShape,
            DateFault::NoSuchDay => FaultCode::DateNoSuchDay,
        })?,
    };
    if column.not_after_list && date > context.list_date {
        return Err(FaultCode::DateAfterList);
    }
    // Most cells have the canonical form already; printing a date costs more than all the rest of it.
    if cell.len() == 10 && parse_date(cell).is_ok() {
        out.push_str(cell);
    } else {
        write!(out, "{date}").expect("a string takes all");
    }
    Ok(())
}

/// A date whose cell lost its format: a spreadsheet's count of days, of five digits since 1927. No other way to write
/// a date has five digits.
fn spreadsheet_day(cell: &str) -> Option<Date> {
    if cell.len() != 5 || !cell.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(cell.parse().ok()?))
}

/// `2021-04`, `2021年4月`, `202104` → its first day; other texts are left to the date reader.
fn month(cell: &str) -> String {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if cell.len() == 6 && digits(cell) {
        return format!("{cell}01");
    }
    let parts: Vec<&str> = cell.split(['-', '/', '.', '年', '月']).filter(|p| !p.is_empty()).collect();
    if let [year, month] = parts[..]
        && digits(year)
        && digits(month)
    {
        return format!("{year}-{month}-1");
    }
    cell.to_owned()
}

fn number_in_range(column: &Column, text: &str) -> Result<(), FaultCode> {
    if column.min.is_none() && column.max.is_none() {
        return Ok(());
    }
    let Ok(number) = text.parse::<f64>() else { return Ok(()) };
    let low = column.min.is_some_and(|min| number < min);
    let high = column.max.is_some_and(|max| number > max);
    if low || high { Err(FaultCode::OutOfRange) } else { Ok(()) }
}

/// Whether a form means "not stated" for every fact of the column.
pub(super) fn is_null(column: &Column, form: &str) -> bool {
    let mut facts = column.gives.iter().filter_map(|g| if let Gives::Fact(f) = g { Some(f) } else { None }).peekable();
    facts.peek().is_some() && facts.all(|fact| fact.nulls.iter().any(|null| null == form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_read_is_found_anywhere_in_a_cell() {
        for bad in ["ab\u{1}", "阿\u{fffd}依", "a\u{1f}b", "\u{7f}x", "阿\u{85}依"] {
            assert_eq!(clean(bad), Err(FaultCode::Unreadable), "{bad:?}");
        }
        for good in ["a b~", "阿依 古丽", "a\tb", "两\n行"] {
            assert_eq!(clean(good), Ok(good));
        }
        assert_eq!(clean(&"长".repeat(LONGEST + 1)), Err(FaultCode::TooLong));
    }

    #[test]
    fn a_spreadsheets_day_count_is_a_date_and_an_apostrophe_before_a_number_is_no_part_of_it() {
        assert_eq!(spreadsheet_day("43831"), Date::from_ymd_opt(2020, 1, 1));
        assert_eq!(spreadsheet_day("10000"), Date::from_ymd_opt(1927, 5, 18));
        assert_eq!((spreadsheet_day("2020"), spreadsheet_day("202001"), spreadsheet_day("2020年")), (None, None, None));
        assert_eq!(clean(" '653001194403120012").ok(), Some("653001194403120012"));
        assert_eq!(clean("'=1+1").ok(), Some("=1+1"));
        assert_eq!(clean("O'Brien").ok(), Some("O'Brien"));
        assert_eq!(clean("'阿依").ok(), Some("'阿依"));
    }
}
