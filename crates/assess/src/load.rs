//! Reads a scale's file. Every fault is reported at once, with its line and what to do.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use kernel::{Bilingual, Date};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::check;
use crate::scale::{AnswerOption, Group, Level, RaiseLimit, Scale, Validity};

/// One thing wrong with a scale's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ScaleFault {
    pub file: PathBuf,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    pub message: String,
    pub remedy: String,
}

impl fmt::Display for ScaleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {} ({})", self.message, self.remedy)
    }
}

/// The file's own tables, before they are checked against each other.
pub(crate) struct Draft {
    pub head: Option<Head>,
    pub steps: Vec<Spanned<StepsRow>>,
    pub groups: Vec<Spanned<Group>>,
    pub items: Vec<Spanned<ItemRow>>,
    pub levels: Vec<Spanned<Level>>,
    pub adjustments: Vec<Spanned<AdjustmentRow>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    pub id: Spanned<String>,
    pub title: Bilingual,
    pub standard: String,
    pub in_force_from: Spanned<toml::value::Datetime>,
    pub source: Bilingual,
    pub max: Spanned<i64>,
    pub validity: Validity,
    pub raise: Spanned<RaiseLimit>,
}

/// Answers that several items share.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepsRow {
    pub id: String,
    pub options: Vec<AnswerOption>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemRow {
    pub code: String,
    pub group: String,
    pub label: Bilingual,
    pub max: i64,
    pub steps: Option<String>,
    pub options: Option<Vec<AnswerOption>>,
    pub note: Option<Bilingual>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustmentRow {
    pub code: String,
    pub label: Bilingual,
    pub flag: Option<String>,
    pub diagnoses: Option<DiagnosesRow>,
    pub events: Option<EventsRow>,
    pub set_level: Option<i64>,
    pub raise: Option<i64>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiagnosesRow {
    pub field: String,
    pub icd10: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsRow {
    pub field: String,
    pub at_least: u64,
}

impl Scale {
    /// Reads and checks `path`.
    ///
    /// # Errors
    /// Every fault found, in the order of the file.
    pub fn load(path: &Path) -> Result<Self, Vec<ScaleFault>> {
        let text = std::fs::read_to_string(path).map_err(|cause| {
            let remedy = "give the path of a scale's TOML file that can be read".to_owned();
            vec![ScaleFault { file: path.to_owned(), line: 0, message: format!("could not read: {cause}"), remedy }]
        })?;
        Self::parse(path, &text)
    }

    /// The scale `id` of any pack below `packs_dir`: `packs_dir/*/scales/<id>.toml`.
    ///
    /// # Errors
    /// As [`Scale::load`]; an unknown id is one fault that lists the ids there are.
    pub fn find(packs_dir: &Path, id: &str) -> Result<Self, Vec<ScaleFault>> {
        let known = scales_below(packs_dir);
        if let Some((_, path)) = known.iter().find(|(name, _)| name == id) {
            return Self::load(path);
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        let remedy = if names.is_empty() {
            "name the packs folder with --packs".to_owned()
        } else {
            format!("use one of {}", names.join(", "))
        };
        Err(vec![ScaleFault { file: packs_dir.to_owned(), line: 0, message: format!("no scale {id:?}"), remedy }])
    }

    /// Reads a scale from text; `file` is only named in faults.
    ///
    /// # Errors
    /// As [`Scale::load`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, Vec<ScaleFault>> {
        let mut faults = Faults { file, text, found: Vec::new() };
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            faults.at(error.span().unwrap_or_default(), error.message(), "write it as TOML asks");
        }
        let span = document.span();
        let mut tables = document.into_inner();
        let draft = Draft {
            steps: faults.rows(&mut tables, "steps"),
            groups: faults.rows(&mut tables, "group"),
            items: faults.rows(&mut tables, "item"),
            levels: faults.rows(&mut tables, "level"),
            adjustments: faults.rows(&mut tables, "adjustment"),
            head: faults.value(Spanned::new(span, DeValue::Table(tables))),
        };
        let scale = check::scale(draft, &mut faults);
        let mut found = faults.found;
        found.sort_by_key(|fault| fault.line);
        match scale {
            Some(scale) if found.is_empty() => Ok(scale),
            _ => Err(found),
        }
    }
}

/// Collects faults and knows which line a place is on.
pub(crate) struct Faults<'a> {
    file: &'a Path,
    text: &'a str,
    found: Vec<ScaleFault>,
}

impl Faults<'_> {
    pub fn at(&mut self, span: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        let before = self.text.get(..span.start.min(self.text.len())).unwrap_or_default();
        self.found.push(ScaleFault {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    pub fn date(&mut self, value: &Spanned<toml::value::Datetime>) -> Option<Date> {
        let date = kernel::parse_date(&value.as_ref().to_string()).ok();
        if date.is_none() {
            self.at(value.span(), "not a date", "write it as 2022-12-30");
        }
        date
    }

    fn rows<T: DeserializeOwned>(&mut self, tables: &mut DeTable<'_>, key: &str) -> Vec<Spanned<T>> {
        let Some(value) = tables.remove(key) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(rows) = value.into_inner() else {
            self.at(span, format!("{key} is not a list of tables"), format!("open each with [[{key}]]"));
            return Vec::new();
        };
        rows.into_iter()
            .filter_map(|row| {
                let span = row.span();
                self.value(row).map(|value| Spanned::new(span, value))
            })
            .collect()
    }

    fn value<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Option<T> {
        let whole = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(value),
            Err(error) => {
                let remedy = "see the other scales for the keys and their types";
                self.at(error.span().unwrap_or(whole), error.message(), remedy);
                None
            }
        }
    }
}

/// Id and path of every scale, by id.
fn scales_below(packs_dir: &Path) -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(packs_dir).into_iter().flatten().flatten().map(|pack| pack.path().join("scales"));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten().map(|file| file.path());
    let mut known: Vec<(String, PathBuf)> = files
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path.clone())))
        .collect();
    known.sort();
    known
}
