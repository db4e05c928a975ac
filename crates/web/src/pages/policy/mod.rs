//! The policy pack: rules, parameters, cases, SQL, and what a draft would change.

pub mod draft;
pub mod parameters;
pub mod rules;
pub mod sql;
pub mod whatif;

use crate::frame::Voice;
use crate::parts::Chip;

/// The tabs above every page about the plan and its pack.
#[must_use]
pub fn tabs(voice: Voice<'_>, current: &str) -> Vec<Chip> {
    [
        ("plan", "/d/plan"),
        ("rules", "/d/policy/rules"),
        ("parameters", "/d/policy/parameters"),
        ("sql", "/d/policy/sql"),
        ("whatif", "/d/policy/what-if"),
    ]
    .into_iter()
    .map(|(id, href)| Chip {
        label: voice.word(&format!("policy-tab-{id}")),
        n: None,
        href: href.to_owned(),
        current: id == current,
    })
    .collect()
}
