//! From a form to a level: subtotals, total, preliminary level, grounds for change, final level.

use std::collections::BTreeMap;

use crate::form::{Answer, Form, FormFault};
use crate::scale::{Effect, Evidence, Scale};

/// The outcome of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    pub total: i64,
    /// Group code and points, in the scale's order.
    pub subtotals: Vec<(String, i64)>,
    /// The level the total gives.
    pub preliminary_level: i64,
    pub final_level: i64,
    /// Codes of all grounds that apply, in the scale's order, even where the limit leaves them no effect.
    pub adjustments: Vec<String>,
}

impl Scale {
    /// Scores a form.
    ///
    /// # Errors
    /// One [`FormFault`]: items that are none of this scale's before missing ones, those before scores that
    /// are none of the item's options. An adjustment never makes up for a faulty form.
    pub fn assess(&self, form: &Form) -> Result<Assessment, FormFault> {
        let scores = self.scores(form)?;
        let subtotals: Vec<(String, i64)> = self
            .groups
            .iter()
            .map(|group| {
                let points =
                    self.items.iter().zip(&scores).filter(|(item, _)| item.group == group.code).map(|(_, s)| s).sum();
                (group.code.clone(), points)
            })
            .collect();
        let total = scores.iter().sum();
        let preliminary_level = self
            .levels
            .iter()
            .find(|band| (band.from..=band.to).contains(&total))
            .map(|band| band.level)
            .expect("loading checked that the bands cover every total");
        let grounds: Vec<_> = self.adjustments.iter().filter(|a| applies(&a.evidence, form)).collect();
        let set =
            grounds.iter().filter_map(|a| if let Effect::SetLevel(level) = a.effect { Some(level) } else { None });
        let raise: i64 =
            grounds.iter().map(|a| if let Effect::Raise(steps) = a.effect { steps } else { 0 }).sum::<i64>();
        let raised = preliminary_level + raise.min(self.raise.in_all);
        let final_level = set.max().unwrap_or(raised.min(self.raise.up_to.max(preliminary_level)));
        let adjustments = grounds.iter().map(|a| a.code.clone()).collect();
        Ok(Assessment { total, subtotals, preliminary_level, final_level, adjustments })
    }

    /// The scores in the order of the scale's items.
    fn scores(&self, form: &Form) -> Result<Vec<i64>, FormFault> {
        let strangers: Vec<String> =
            form.answers.iter().filter(|(code, _)| self.item(code).is_none()).map(|(code, _)| code.clone()).collect();
        if !strangers.is_empty() {
            return Err(FormFault::NotAnItem { items: strangers });
        }
        let given: BTreeMap<&str, Answer> =
            form.answers.iter().map(|(code, answer)| (code.as_str(), *answer)).collect();
        let names = |wanted: &dyn Fn(&crate::Item) -> bool| -> Vec<String> {
            self.items.iter().filter(|item| wanted(item)).map(|item| item.code.clone()).collect()
        };
        let missing = names(&|item| !given.contains_key(item.code.as_str()));
        if !missing.is_empty() {
            return Err(FormFault::MissingItem { items: missing });
        }
        let score = |item: &crate::Item| match given.get(item.code.as_str()) {
            Some(Answer::Score(score)) if item.options.iter().any(|option| option.score == *score) => Some(*score),
            _ => None,
        };
        let scores: Vec<i64> = self.items.iter().filter_map(score).collect();
        if scores.len() < self.items.len() {
            return Err(FormFault::OutOfRange { items: names(&|item| score(item).is_none()) });
        }
        Ok(scores)
    }
}

fn applies(evidence: &Evidence, form: &Form) -> bool {
    match evidence {
        Evidence::Flag { field } => form.flags.get(field).copied().unwrap_or(false),
        Evidence::Diagnosis { field, ranges } => form
            .diagnoses
            .get(field)
            .is_some_and(|codes| codes.iter().any(|code| ranges.iter().any(|range| range.covers(code)))),
        Evidence::Events { field, at_least } => form.events.get(field).copied().unwrap_or(0) >= *at_least,
    }
}
