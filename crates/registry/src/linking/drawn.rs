//! People drawn from the registry, on whom is counted how often strangers agree.

use std::collections::BTreeSet;

use linkage::data::Data;
use linkage::files::Loader;
use linkage::hash::fold;
use linkage::train::{Effort, strangers};
use store::Session;

use super::matching::{Matching, table};
use crate::RegistryError;

/// People by whom it is learned how often strangers agree.
const SAMPLE: u64 = 2048;

/// Drawn once from those who are registered when a night's linking begins: a few whom it makes change nothing of how often
/// strangers agree.
pub(super) struct Drawn {
    pub people: Data,
    /// By field, the share of random pairs on each level.
    pub strangers: Vec<Vec<f64>>,
}

impl<'m> Matching<'m> {
    /// Those of the night.
    pub(super) fn drawn(&self, tx: &mut Session) -> Result<&'m Drawn, RegistryError> {
        if let Some(drawn) = self.drawn.get() {
            return Ok(drawn);
        }
        let people = self.draw(tx)?;
        let strangers = strangers(&self.rules.spec, &people, Effort::default());
        Ok(self.drawn.get_or_init(|| Drawn { people, strangers }))
    }

    fn draw(&self, tx: &mut Session) -> Result<Data, RegistryError> {
        let people = self.people_count();
        let ids: BTreeSet<i64> = if people as u64 <= SAMPLE {
            (1..=people as i64).collect()
        } else {
            (0..SAMPLE).map(|n| (fold(n) % people as u64) as i64 + 1).collect()
        };
        let ids: Vec<i64> = ids.into_iter().collect();
        let sample = self.people(tx, &ids)?;
        let mut loader = Loader::new(&self.rules.spec);
        let people = sample.iter().map(|(id, record)| (*id, record.each_ref().map(String::as_str)));
        table(&mut loader, true, &self.rules.spec, people)?;
        Ok(loader.finish())
    }
}
