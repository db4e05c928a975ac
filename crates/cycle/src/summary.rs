//! What a night found, in numbers an officer can read. Holds no person.

use std::collections::BTreeMap;

use kernel::{Bilingual, Date};
use registry::linking::Linked;
use serde::{Deserialize, Serialize};

/// The outcome of one night.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub as_of: Option<Date>,
    pub pack: String,
    pub pack_version: String,
    pub lists: Lists,
    /// Rows without a usable number: linked, asked about, waiting. Nights before there was linking have none.
    #[serde(default)]
    pub links: Linked,
    pub people: People,
    pub rules: Vec<RuleCount>,
    pub work: Vec<WorkCount>,
    /// Items opened, moved and closed against the night before.
    pub work_change: WorkChange,
    pub indicators: Vec<IndicatorLine>,
    /// The rules that were answered inside the database; none: all in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_database: Option<InDatabase>,
    /// Facts on which departments disagree, by fact.
    pub conflicts: BTreeMap<String, u64>,
}

/// Rules about people answered by the pack's SQL, every row as the engine answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InDatabase {
    pub people: u64,
    pub rules: u64,
    /// Rules that SQL is not printed for.
    pub left_out: Vec<String>,
}

/// What came in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    pub received: u64,
    pub known_before: u64,
    pub held: u64,
    pub refused: u64,
    pub rows: u64,
    pub good: u64,
    pub faulty: u64,
    pub unlinked: u64,
    pub opened: u64,
    pub changed: u64,
    pub closed: u64,
    /// Files that wait for a decision, by name; nights before they were named have none.
    #[serde(default)]
    pub held_files: Vec<String>,
    #[serde(default)]
    pub refused_files: Vec<String>,
    /// Dated after the night; they stay in the inbox for their day.
    #[serde(default)]
    pub early_files: Vec<String>,
    /// Taken, but may not be removed from the inbox.
    #[serde(default)]
    pub left_files: Vec<String>,
}

/// Who is in the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Everyone in the snapshot, kin included.
    pub all: u64,
    /// Those the pack's rules speak of.
    pub in_scope: u64,
}

/// One rule over everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    pub rule: String,
    pub kind: String,
    pub label: Bilingual,
    pub met: u64,
    pub unknown: u64,
    /// Met today and not yesterday; none when there is no earlier night.
    pub gained: Option<u64>,
    /// Met yesterday and not today.
    pub lost: Option<u64>,
    /// Met and not served, for benefits that say who is served.
    pub unserved: Option<u64>,
}

/// Open items of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCount {
    pub kind: String,
    pub open: u64,
    pub overdue: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkChange {
    pub opened: u64,
    pub moved: u64,
    pub closed: u64,
}

/// An indicator for the whole region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorLine {
    pub id: String,
    pub label: Bilingual,
    pub unit: String,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub target: Option<f64>,
    pub op: Option<String>,
    pub deadline: Option<Date>,
    pub state: String,
    pub since: Option<Date>,
    pub to_confirm: bool,
}
