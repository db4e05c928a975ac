//! How one department's export looks: encoding, column names, ways to write dates, codes and yes or no.
//!
//! A style belongs to a source and its scope, not to a date: an office's export looks the same every time.

use chrono::Datelike;
use kernel::{Date, DivisionCode, Divisions};

use crate::catalogue::{Column, Source};
use crate::cell::Cell;
use crate::dice::Dice;

/// Bytes of a CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Gb18030,
}

/// The look of one list.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub encoding: Encoding,
    pub crlf: bool,
    /// A title above the header, as offices like it.
    pub title: bool,
    /// A running number in front.
    pub numbered: bool,
    pub headers: Vec<String>,
    dates: usize,
    codes: usize,
    yes_no: usize,
    /// Columns whose header asks for a village and not for its code.
    named: Vec<bool>,
    /// Where villages are known by name; elsewhere offices write the code.
    pub home: Option<DivisionCode>,
}

const YES_NO: [(&str, &str); 4] = [("是", "否"), ("有", "无"), ("1", "0"), ("Y", "N")];

impl Style {
    pub(crate) fn of(seed: u64, id: &str, scope: &str, source: &Source) -> Self {
        let mut dice = Dice::new(seed, &format!("style {id} {scope}"));
        let encodings = [Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Gb18030];
        let header = |dice: &mut Dice, column: &Column| {
            let other = !column.aliases.is_empty() && dice.chance(0.3);
            if other { dice.pick(&column.aliases).clone() } else { column.name.clone() }
        };
        let headers: Vec<String> = source.columns.iter().map(|column| header(&mut dice, column)).collect();
        Self {
            home: None,
            named: headers.iter().map(|h| h.contains('村') && !h.contains("代码")).collect(),
            encoding: encodings[dice.weighted(&[0.45, 0.2, 0.35])],
            crlf: dice.chance(0.6),
            title: dice.chance(0.2),
            numbered: dice.chance(0.2),
            headers,
            dates: dice.weighted(&[0.5, 0.2, 0.1, 0.1, 0.1]),
            codes: dice.weighted(&[0.55, 0.3, 0.15]),
            yes_no: dice.weighted(&[0.6, 0.2, 0.1, 0.1]),
        }
    }

    /// A value as this list writes it in its column at `index`.
    pub(crate) fn write(&self, index: usize, column: &Column, cell: &Cell, divisions: &Divisions) -> String {
        match cell {
            Cell::Division(at)
                if self.named.get(index) == Some(&true) && self.home.is_none_or(|home| home.contains(*at)) =>
            {
                village(*at, divisions)
            }
            Cell::Date(date) => self.date(*date),
            Cell::Bool(yes) => self.yes_no(column, *yes),
            Cell::Code(code) => self.code(column, code),
            Cell::Int(n) if column.labels.contains_key(&n.to_string()) => self.code(column, &n.to_string()),
            other => other.plain(),
        }
    }

    fn date(&self, date: Date) -> String {
        let (y, m, d) = (date.year(), date.month(), date.day());
        match self.dates {
            0 => format!("{y}-{m:02}-{d:02}"),
            1 => format!("{y}/{m}/{d}"),
            2 => format!("{y}{m:02}{d:02}"),
            3 => format!("{y}.{m:02}.{d:02}"),
            _ => format!("{y}年{m}月{d}日"),
        }
    }

    fn yes_no(&self, column: &Column, yes: bool) -> String {
        let (positive, negative) = YES_NO[self.yes_no];
        let word = if yes { positive } else { negative };
        let known = column.spellings.get(&yes.to_string()).is_some_and(|words| words.iter().any(|w| w == word));
        (if known {
            word
        } else if yes {
            "是"
        } else {
            "否"
        })
        .to_owned()
    }

    fn code(&self, column: &Column, code: &str) -> String {
        let label = column.labels.get(code);
        let other = column.spellings.get(code).and_then(|words| words.first());
        let wanted = match self.codes {
            0 => label.or(other),
            1 => None,
            _ => other.or(label),
        };
        // a column without codes of its own knows only its spellings
        let fallback = if column.labels.is_empty() { other } else { None };
        wanted.or(fallback).map_or_else(|| code.to_owned(), Clone::clone)
    }
}

/// Township and village by name; the code where the table has no such village.
fn village(at: DivisionCode, divisions: &Divisions) -> String {
    match (divisions.get(at), at.parent().and_then(|township| divisions.get(township))) {
        (Some(village), Some(township)) => format!("{}{}", township.name, village.name),
        _ => at.to_string(),
    }
}
