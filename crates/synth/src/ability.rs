//! Ability: a latent frailty decides what an assessor would tick; the scale of the pack decides the level.

use std::collections::BTreeMap;

use assess::{Form, Scale};
use chrono::Months;
use kernel::Date;

use crate::dice::Dice;
use crate::person::Assessment;

/// Turns frailty into ticked scores.
pub(crate) struct Assessor<'a> {
    scale: &'a Scale,
    hardness: Hardness,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Hardness {
    other: f64,
    items: BTreeMap<String, f64>,
}

/// The months for which an agency's finding is said to hold.
const VALID_MONTHS: u32 = 12;

/// Frailty by age, with some people struck by an illness.
pub(crate) fn frailty(dice: &mut Dice, age: i32) -> f64 {
    let beyond = f64::from(age - 60);
    let usual = -1.05 + 0.062 * beyond + 0.85 * dice.normal();
    if dice.chance(0.035 + 0.0035 * beyond) { usual + 1.0 + 1.6 * dice.unit() } else { usual }
}

/// Whether someone of that age and frailty has been diagnosed.
pub(crate) fn dementia(dice: &mut Dice, age: i32, frailty: f64) -> bool {
    dice.chance(0.004 + 0.0018 * f64::from(age - 60) + if frailty > 1.0 { 0.10 } else { 0.0 })
}

impl<'a> Assessor<'a> {
    pub(crate) fn new(scale: &'a Scale) -> Self {
        let hardness = toml::from_str(include_str!("../data/items.toml")).expect("the file is part of this crate");
        Self { scale, hardness }
    }

    /// An assessment made on a day.
    pub(crate) fn assess(&self, dice: &mut Dice, frailty: f64, dementia: bool, on: Date) -> Assessment {
        let mut form = Form::default();
        let mut scores = Vec::with_capacity(self.scale.items.len());
        for item in &self.scale.items {
            let hardness = self.hardness.items.get(&item.code).copied().unwrap_or(self.hardness.other);
            let mind = item.group == "B.3";
            let felt = frailty + 0.3 * dice.normal() + if mind && dementia { 1.3 } else { 0.0 };
            let lost = 1.0 / (1.0 + (-2.3 * (felt - hardness)).exp());
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a handful of points")]
            let wanted = item.max - (lost * item.max as f64).round() as i64;
            // the nearest option that the form offers
            let score = item.options.iter().map(|o| o.score).min_by_key(|s| (s - wanted).abs()).unwrap_or(item.max);
            scores.push(u8::try_from(score).unwrap_or(0));
            form = form.score(&item.code, score);
        }
        if dementia {
            form = form.diagnosis("diagnoses", "F00.9");
        }
        let outcome = self.scale.assess(&form).expect("every item has one of its options");
        Assessment {
            on,
            valid_until: on.checked_add_months(Months::new(VALID_MONTHS)).unwrap_or(on),
            subtotals: outcome.subtotals.iter().map(|(_, points)| u16::try_from(*points).unwrap_or(0)).collect(),
            scores,
            total: u16::try_from(outcome.total).unwrap_or(0),
            level: u8::try_from(outcome.final_level).unwrap_or(0),
        }
    }
}
