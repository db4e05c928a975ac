//! What is recommended to whoever decides.

use kernel::MatterId;
use store::Session;

use crate::decide::because;
use crate::model::{Deed, Matter, Verdict};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Fault, Office};

impl Office<'_> {
    /// Recommends to grant or to refuse, with reasons. All papers must have been seen before a grant.
    ///
    /// # Errors
    /// `Misfit`; `Faults`.
    pub fn recommend(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        verdict: Verdict,
        written: Written,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Recommend)?;
        let (rule, benefit) = self.benefit(&matter.rule)?;
        let mut faults = written.faults(verdict == Verdict::Refuse);
        if verdict == Verdict::Grant && matter.papers.len() < benefit.opens.len() {
            faults.push(Fault::Papers);
        }
        if verdict == Verdict::Refuse {
            faults.extend(because(self.pack, rule, &written));
        }
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        matter.recommended_by = Some(by.actor.to_owned());
        matter.recommends = Some(verdict);
        self.write(tx, matter, by, Step::of(Deed::Recommend).code(verdict.name()).written(written))
    }
}
