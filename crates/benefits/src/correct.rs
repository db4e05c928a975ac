//! Taking up again what was closed, and taking back what was granted by mistake. What stood stays on record.

use kernel::MatterId;
use registry::acts::Says;
use store::Session;

use crate::model::{Deed, Matter, State};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Office, queries};

impl Office<'_> {
    /// Takes a closed matter up again: declined by mistake, withdrawn and wanted after all, refused and to be reviewed.
    /// A review of a refusal is decided by someone who has not refused it.
    ///
    /// # Errors
    /// `Misfit`; `Faults`; `Running` when another one about the same is under way.
    pub fn reopen(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Reopen)?;
        let written = Written::words(words);
        let faults = written.faults(true);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        if let Some(other) = queries::under_way(tx, matter.person, &matter.rule)? {
            return Err(BenefitsError::Running(other.number));
        }
        if matter.state == State::Refused {
            (matter.recommended_by, matter.recommends) = (None, None);
        }
        self.write(tx, matter, by, Step::of(Deed::Reopen).written(written))
    }

    /// Takes a grant or a delivery back as mistaken: the award and its facts are void from their first day, and it is
    /// recommended and decided anew. Whoever decided can't do this alone.
    ///
    /// # Errors
    /// `SecondPerson`; `Misfit`; `Faults`.
    pub fn void(&self, tx: &mut Session, matter: MatterId, by: &By<'_>, words: &str) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Void)?;
        if matter.decided_by.as_deref() == Some(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let written = Written::words(words);
        let faults = written.faults(true);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        if matter.closed_on.is_some()
            && let Some(other) = queries::under_way(tx, matter.person, &matter.rule)?
        {
            return Err(BenefitsError::Running(other.number));
        }
        let award = queries::award_of(tx, matter.id)?.ok_or(BenefitsError::Stored("award"))?;
        if let Some(act) = award.act_key.as_deref() {
            self.enter(tx, &matter, by, &format!("{act}/void"), Says::Nothing, Some(act))?;
        }
        tx.exec(include_str!("../sql/award_void.sql"), &[award.id.into()])?;
        (matter.recommended_by, matter.recommends) = (None, None);
        matter.decided_on = None;
        self.write(tx, matter, by, Step::of(Deed::Void).written(written))
    }
}
