//! `<source id>_<list date>[_<scope division>].csv|xlsx`.

use std::path::Path;

use kernel::{Date, DivisionCode, parse_date};

use super::ReadFault;

/// Endings of spreadsheets that offices send and that are not read.
const OTHER_WORKBOOKS: [&str; 5] = [".xls", ".et", ".xlsm", ".xlsb", ".ods"];

/// What a file's name says of the list inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListName {
    pub source: String,
    pub date: Date,
    /// The division the list speaks for; none: the whole region.
    pub scope: Option<DivisionCode>,
}

impl ListName {
    /// Whether a file of this ending is looked at as a list, be it to refuse it.
    #[must_use]
    pub fn may_be(path: &Path) -> bool {
        let lower = path.to_string_lossy().to_ascii_lowercase();
        [".csv", ".xlsx"].iter().chain(&OTHER_WORKBOOKS).any(|end| lower.ends_with(end))
    }

    /// Reads the name of a file; folders before it do not matter.
    ///
    /// # Errors
    /// `FileName` when it has another form.
    pub fn of(path: &Path) -> Result<Self, ReadFault> {
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let fault = || ReadFault::FileName { file: file.clone() };
        let lower = file.to_ascii_lowercase();
        if OTHER_WORKBOOKS.iter().any(|end| lower.ends_with(end)) {
            return Err(ReadFault::OtherWorkbook { file });
        }
        if !(lower.ends_with(".csv") || lower.ends_with(".xlsx")) {
            return Err(fault());
        }
        let stem = &file[..file.rfind('.').unwrap_or(file.len())];
        let parts: Vec<&str> = stem.split('_').collect();
        let at = parts.iter().rposition(|part| parse_date(part).is_ok()).ok_or_else(fault)?;
        let date = parse_date(parts[at]).map_err(|_| fault())?;
        let scope = match &parts[at + 1..] {
            [] => None,
            [code] => Some(code.parse().map_err(|_| fault())?),
            _ => return Err(fault()),
        };
        if at == 0 {
            return Err(fault());
        }
        Ok(Self { source: parts[..at].join("_"), date, scope })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_source_date_and_scope() {
        let name = ListName::of(Path::new("/in/low_income_margin_2026-11-15_653001.CSV")).unwrap();
        assert_eq!((name.source.as_str(), name.date.to_string()), ("low_income_margin", "2026-11-15".to_owned()));
        assert_eq!(name.scope, Some("653001".parse().unwrap()));
        assert_eq!(ListName::of(Path::new("kin_2026-11-15.xlsx")).unwrap().scope, None);
    }

    #[test]
    fn other_spreadsheets_are_told_from_other_names() {
        for name in ["kin_2026-11-15.xls", "kin_2026-11-15.ET", "whatever.xlsm"] {
            assert_eq!(ListName::of(Path::new(name)), Err(ReadFault::OtherWorkbook { file: name.into() }));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in [
            "kin.csv",
            "kin_2026-13-15.csv",
            "2026-11-15.csv",
            "kin_2026-11-15.txt",
            "kin_2026-11-15_x.csv",
            "kin_2026-11-15_65_1.csv",
        ] {
            assert!(ListName::of(Path::new(name)).is_err(), "{name}");
        }
    }
}
