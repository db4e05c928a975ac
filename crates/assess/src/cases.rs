//! Example forms kept beside a scale: both sides of every cut-off and adjustment, as data.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::form::Form;
use crate::load::ScaleFault;
use crate::scale::{Evidence, Scale};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(rename = "case")]
    cases: Vec<Spanned<Case>>,
}

/// A form that starts from every item at its highest score and loses points item by item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    items: BTreeMap<String, i64>,
    /// So many further points are lost, item after item in the order of the form.
    #[serde(default)]
    lose: i64,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    diagnoses: Vec<String>,
    #[serde(default)]
    events: u64,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    total: Option<i64>,
    preliminary_level: Option<i64>,
    final_level: Option<i64>,
    adjustments: Option<Vec<String>>,
    error: Option<String>,
}

/// Runs the cases of `path` against `scale` and returns how many there are.
///
/// # Errors
/// The cases that come out differently, each with its line.
pub fn check_cases(scale: &Scale, path: &Path) -> Result<usize, Vec<ScaleFault>> {
    let fault = |line, message: String, remedy: &str| ScaleFault {
        file: path.to_owned(),
        line,
        message,
        remedy: remedy.to_owned(),
    };
    let text = std::fs::read_to_string(path)
        .map_err(|cause| vec![fault(0, format!("could not read: {cause}"), "give the path of a file of cases")])?;
    let line_of = |start: usize| text.get(..start).unwrap_or_default().matches('\n').count() + 1;
    let file: CaseFile = toml::from_str(&text).map_err(|cause| {
        let line = line_of(cause.span().map_or(0, |span| span.start));
        vec![fault(line, cause.message().to_owned(), "see the guide for the keys of a case")]
    })?;
    let count = file.cases.len();
    let faults: Vec<ScaleFault> = file
        .cases
        .into_iter()
        .filter_map(|case| {
            let line = line_of(case.span().start);
            let case = case.into_inner();
            let difference = case.difference(scale)?;
            Some(fault(line, format!("{}: {difference}", case.name), "correct the scale or the case"))
        })
        .collect();
    if faults.is_empty() { Ok(count) } else { Err(faults) }
}

impl Case {
    fn form(&self, scale: &Scale) -> Form {
        let mut left = self.lose;
        let mut form = Form::default();
        for item in &scale.items {
            let options = item.options.iter().map(|option| option.score);
            let lowest_allowed = item.max - left;
            let score = self.items.get(&item.code).copied().unwrap_or_else(|| {
                let score = options.filter(|score| *score >= lowest_allowed).min().unwrap_or(item.max);
                left -= item.max - score;
                score
            });
            form = form.score(&item.code, score);
        }
        for (code, score) in self.items.iter().filter(|(code, _)| scale.item(code).is_none()) {
            form = form.score(code, *score);
        }
        for field in &self.yes {
            form = form.flag(field, true);
        }
        for adjustment in &scale.adjustments {
            match &adjustment.evidence {
                Evidence::Diagnosis { field, .. } => {
                    form = self.diagnoses.iter().fold(form, |form, code| form.diagnosis(field, code));
                }
                Evidence::Events { field, .. } => form = form.events(field, self.events),
                Evidence::Flag { .. } => {}
            }
        }
        form
    }

    fn difference(&self, scale: &Scale) -> Option<String> {
        let want = &self.expect;
        match scale.assess(&self.form(scale)) {
            Err(fault) if want.error.as_deref() == Some(fault.code()) => None,
            Err(fault) => Some(format!("comes out as {}", fault.code())),
            Ok(got) => {
                let same = want.error.is_none()
                    && want.total.is_none_or(|total| total == got.total)
                    && want.preliminary_level.is_none_or(|level| level == got.preliminary_level)
                    && want.final_level.is_none_or(|level| level == got.final_level)
                    && want.adjustments.as_ref().is_none_or(|codes| *codes == got.adjustments);
                let (total, first, last) = (got.total, got.preliminary_level, got.final_level);
                (!same)
                    .then(|| format!("comes out as total {total}, level {first}, final {last}, {:?}", got.adjustments))
            }
        }
    }
}
