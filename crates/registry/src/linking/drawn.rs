//! People drawn from the registry, on whom is counted how often strangers agree.

use std::collections::BTreeSet;

use linkage::data::Data;
use linkage::files::Loader;
use linkage::hash::fold;
use linkage::train::{Effort, strangers};
use store::{Keys, Session};

use super::everyone::records;
use super::matching::{Matching, table};
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;

/// People by whom it is learned how often strangers agree.
const SAMPLE: u64 = 2048;

/// Drawn once from those who are registered when a night's linking begins: a few whom it makes change nothing of how often
/// strangers agree.
pub(super) struct Drawn {
    pub people: Data,
    /// By field, the share of random pairs on each level.
    pub strangers: Vec<Vec<f64>>,
}

impl Drawn {
    /// Of everyone in the index; `session` sees them all.
    pub(super) fn draw(
        session: &mut Session,
        keys: &Keys,
        rules: &Rules,
        index: &LinkIndex,
    ) -> Result<Self, RegistryError> {
        let people = index.next_person() - 1;
        let ids: BTreeSet<i64> = if people as u64 <= SAMPLE {
            (1..=people).collect()
        } else {
            (0..SAMPLE).map(|n| (fold(n) % people as u64) as i64 + 1).collect()
        };
        let ids: Vec<i64> = ids.into_iter().collect();
        let sample = records(session, keys, index, &ids)?;
        let mut loader = Loader::new(&rules.spec);
        let people = sample.iter().map(|(id, record)| (*id, record.each_ref().map(String::as_str)));
        table(&mut loader, true, &rules.spec, people)?;
        let people = loader.finish();
        let strangers = strangers(&rules.spec, &people, Effort::default());
        Ok(Self { people, strangers })
    }
}

impl<'m> Matching<'m> {
    /// Those of the night.
    pub(super) fn drawn(&self, tx: &mut Session) -> Result<&'m Drawn, RegistryError> {
        if let Some(drawn) = self.drawn.get() {
            return Ok(drawn);
        }
        let drawn = Drawn::draw(tx, self.keys, self.rules, self.index)?;
        Ok(self.drawn.get_or_init(|| drawn))
    }
}
